import CPlatform
package import Dispatch
import Foundation
import Synchronization

/// Runs shell commands as processes of this one, each the leader of its own process group.
///
/// Nothing here waits on Swift's pool: starting, reading and reaping happen on one serial queue.
package final class ShellProcesses: Sendable {
    private let loop: ProcessLoop
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
        slots = ProcessSlots(count: maximum)
    }

    /// Runs a command to its end, and everything it left running in its group.
    ///
    /// The command proper begins only after `admit` has returned: until then the process waits at a gate, and ends by itself when
    /// this program dies. When the task is cancelled the whole group gets SIGTERM, then SIGKILL. When this returns or throws, no
    /// process of the group exists any more.
    /// - Parameter admit: puts the mark of the process where a later start of this program finds it.
    /// - Returns: the `key=value` lines of the output file, and the last line of standard output as `return_value`.
    /// - Throws: `ShellFailure`, `TaskOutputError`, `CancellationError`, and what `admit` throws.
    package func run(
        _ command: ShellCommand, log: any TaskLog, admit: @Sendable (ProcessMark) async throws -> Void
    ) async throws -> TaskOutputs {
        await slots.take()
        defer { slots.give() }
        try Task.checkCancellation()
        let process = ShellProcess(command: command, loop: loop, clock: clock, killGrace: killGrace, log: log)
        return try await withTaskCancellationHandler {
            let mark = try await process.start()
            do {
                try await admit(mark)
                try Task.checkCancellation()
            } catch {
                await process.abandon()
                throw error
            }
            let report = await process.runToEnd()
            try Task.checkCancellation()
            return try await finish(command, report, log)
        } onCancel: {
            process.terminate()
        }
    }

    private func finish(_ command: ShellCommand, _ report: ShellReport, _ log: any TaskLog) async throws -> TaskOutputs
    {
        let ending = report.ending
        let how = ending.signal == 0 ? "exit code \(ending.exit_code)" : "killed by signal \(ending.signal)"
        let seconds = (ending.cpu_seconds * 100).rounded() / 100
        log.info("\(how); \(seconds) CPU seconds")
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

    private static func readOutputs(_ path: String) throws(TaskOutputError) -> TaskOutputs {
        guard let file = FileHandle(forReadingAtPath: path) else { throw .unreadable(reason: SystemText.error(errno)) }
        let data: Data
        do {
            data = try file.read(upToCount: TaskOutputLimits.bytes + 4096) ?? Data()
        } catch {
            throw .unreadable(reason: "\(error)")
        }
        // Line ends and equals signs are not counted, but nobody reads a gigabyte to find out.
        guard data.count < TaskOutputLimits.bytes + 4096 else { throw .tooLarge(bytes: data.count) }
        guard let text = String(validating: data, as: UTF8.self) else { throw .notText }
        return try TaskOutputLimits.parse(text)
    }

    /// Makes sure that the processes of an attempt which a former process of this program began are gone: SIGTERM to what is
    /// left of them, SIGKILL after the grace. Never touches a process that only has the number of one of them.
    package func end(_ mark: ProcessMark, runID: String, taskID: String) async {
        guard await isAlive(mark, runID: runID, taskID: taskID) else { return }
        await loop.signal(group: mark.processID, SIGTERM)
        let (clock, deadline) = (clock, clock.now.advanced(by: killGrace))
        let kill = Task { [loop] in
            try await clock.sleep(until: deadline)
            await loop.signal(group: mark.processID, SIGKILL)
        }
        while await isAlive(mark, runID: runID, taskID: taskID) { await loop.pause() }
        kill.cancel()
        _ = await kill.result
    }

    /// Sends SIGKILL to what is left of an attempt, for a program that cannot wait any longer.
    package func kill(_ mark: ProcessMark, runID: String, taskID: String) async {
        guard await isAlive(mark, runID: runID, taskID: taskID) else { return }
        await loop.signal(group: mark.processID, SIGKILL)
    }

    private func isAlive(_ mark: ProcessMark, runID: String, taskID: String) async -> Bool {
        await loop.run { mark.isAlive(runID: runID, taskID: taskID) }
    }
}

/// A process's end, and what its output ended with.
struct ShellReport {
    var ending: mls_ending
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
