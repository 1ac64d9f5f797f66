import CPlatform
package import Dispatch
import Foundation
import Synchronization

/// Runs shell commands as processes of this one, each the leader of its own process group.
///
/// Nothing here waits on Swift's pool: starting, reading and reaping happen on one serial queue.
package final class ShellProcesses: Sendable {
    private let loop: ProcessLoop
    private let census: ProcessCensus
    /// Measures built-in tasks, on the same queue.
    let program: ProgramMeter
    private let clock: any Clock
    private let killGrace: Duration
    private let slots: ProcessSlots

    /// - Parameters:
    ///   - queue: serial and for this alone: it waits while processes run.
    ///   - killGrace: between SIGTERM and SIGKILL, by the clock.
    ///   - maximum: processes at once; further commands wait for one to end. Each takes four file descriptors.
    package init(queue: DispatchQueue, clock: any Clock, killGrace: Duration = .seconds(5), maximum: Int = 64) {
        (self.clock, self.killGrace) = (clock, killGrace)
        loop = ProcessLoop(queue: queue)
        census = ProcessCensus(loop: loop)
        program = ProgramMeter(loop: loop)
        slots = ProcessSlots(count: maximum)
    }

    /// Runs a command to its end, and everything it left running.
    ///
    /// The command proper begins only after `admit` has returned: until then the process waits at a gate, and ends by itself when
    /// this program dies. When the task is cancelled its whole tree gets SIGTERM, then SIGKILL. When this returns, no process of
    /// the tree exists any more.
    /// - Parameter admit: puts the mark of the process where a later start of this program finds it.
    /// - Returns: the `key=value` lines of the output file, and the last line of standard output as `return_value`; or
    ///   `ShellFailure`, `TaskOutputError`, `CancellationError`, and what `admit` throws. With it, what a command that was begun used.
    package func run(
        _ command: ShellCommand, log: any TaskLog, admit: @Sendable (ProcessMark) async throws -> Void
    ) async -> MeasuredOutputs {
        await slots.take()
        defer { slots.give() }
        let process = ShellProcess(
            command: command, loop: loop, census: census, clock: clock, killGrace: killGrace, log: log)
        return await withTaskCancellationHandler {
            do {
                try await begin(process, admit)
            } catch {
                return MeasuredOutputs(failure: error)
            }
            let report = await process.runToEnd()
            do {
                try Task.checkCancellation()
                return MeasuredOutputs(.success(try await finish(command, report, log)), report.measures)
            } catch {
                return MeasuredOutputs(.failure(error), report.measures)
            }
        } onCancel: {
            process.terminate()
        }
    }

    private func begin(_ process: ShellProcess, _ admit: @Sendable (ProcessMark) async throws -> Void) async throws {
        try Task.checkCancellation()
        let mark = try await process.start()
        do {
            try await admit(mark)
            try Task.checkCancellation()
        } catch {
            await process.abandon()
            throw error
        }
    }

    private func finish(_ command: ShellCommand, _ report: ShellReport, _ log: any TaskLog) async throws -> TaskOutputs
    {
        let ending = report.ending
        let how = ending.signal == 0 ? "exit code \(ending.exit_code)" : "killed by signal \(ending.signal)"
        log.info("\(how); \(Self.words(for: report.measures))")
        if ending.signal != 0 { throw ShellFailure.signal(ending.signal) }
        if ending.exit_code != 0 { throw ShellFailure.exit(code: ending.exit_code) }
        let path = command.outputFile
        var outputs = try await loop.run { try Self.readOutputs(path) }
        if report.lastLineWasCut || (report.lastLine?.utf8.count ?? 0) > TaskOutputLimits.bytes {
            log.warning("the last line of standard output is longer than 48 KiB, and is not kept as return_value")
        } else if let line = report.lastLine, outputs["return_value"] == nil {
            outputs["return_value"] = line
        }
        try TaskOutputLimits.check(outputs)
        return outputs
    }

    private static func words(for measures: TaskMeasures) -> String {
        let seconds = (measures.cpuSeconds * 100).rounded() / 100
        let mebibytes = ((measures.peakMemoryBytes ?? 0) + 1 << 19) >> 20
        return "\(seconds) CPU seconds" + (mebibytes > 0 ? ", peak memory \(mebibytes) MiB" : "")
    }

    private static func readOutputs(_ path: String) throws(TaskOutputError) -> TaskOutputs {
        let data: [UInt8]
        do {
            // Line ends and equals signs are not counted, but nobody reads a gigabyte to find out.
            data = try PlainFile.read(path, upTo: TaskOutputLimits.bytes + 4096)
        } catch {
            throw .unreadable(reason: error.reason)
        }
        guard data.count < TaskOutputLimits.bytes + 4096 else {
            let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber
            throw .tooLarge(bytes: size?.intValue ?? data.count)
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw .notText }
        return try TaskOutputLimits.parse(text)
    }

    /// Makes sure that the processes of an attempt which a former process of this program began are gone: SIGTERM to what is
    /// left of them, SIGKILL after the grace. Never touches a process that only has the number of one of them.
    /// - Parameter outputFolder: in which the attempt's output file is; nil: what has left its session is not looked for.
    package func end(_ mark: ProcessMark, runID: String, taskID: String, outputFolder: String? = nil) async {
        let survivors = { [loop] in
            await loop.run { mark.survivors(runID: runID, taskID: taskID, outputFolder: outputFolder) }
        }
        let left = await survivors()
        if left.isEmpty { return }
        await loop.signal(left, SIGTERM)
        let deadline = clock.now.advanced(by: killGrace)
        while true {
            await loop.pause()
            let left = await survivors()
            if left.isEmpty { return }
            if clock.now >= deadline { await loop.signal(left, SIGKILL) }
        }
    }

    /// Sends SIGKILL to what is left of an attempt, for a program that cannot wait any longer.
    package func kill(_ mark: ProcessMark, runID: String, taskID: String) async {
        let left = await loop.run { mark.survivors(runID: runID, taskID: taskID, outputFolder: nil) }
        await loop.signal(left, SIGKILL)
    }
}

/// A process's end, what it used, and what its output ended with.
struct ShellReport {
    var ending: mls_ending
    var measures: TaskMeasures
    /// The last line of standard output that is not blank.
    var lastLine: String?
    var lastLineWasCut: Bool
}

/// Lets a number of commands run at once, the others in order of arrival.
private final class ProcessSlots: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(free: max(1, count))) }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func give() {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
