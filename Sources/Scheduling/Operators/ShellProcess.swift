import CPlatform
import Foundation

/// One process of a shell task, from its start to the end of the last process of its group.
///
/// It is started at a gate: a small shell that reads one line from descriptor 3 and then becomes the command. The line is sent once
/// the mark is on disk; should this program die before, the gate reads the end of the pipe and exits, so that no command runs of
/// which a later start knows nothing.
final class ShellProcess: @unchecked Sendable {  // guarded by: `loop`, on which everything but the constants is touched
    private let command: ShellCommand
    private let loop: ProcessLoop
    private let clock: any Clock
    private let killGrace: Duration
    private let log: any TaskLog

    private var processID: Int32 = 0
    private var gate: Gate?
    private var pipes: [OutputPipe] = []
    private var exitDescriptor: Int32?
    private var ending: mls_ending?
    private var waiter: CheckedContinuation<mls_ending, Never>?
    private var killTimer: Task<Void, any Error>?
    /// SIGTERM is to be sent, or has been.
    private var isTerminating = false
    /// The group is empty, and its number may be given to another.
    private var isGone = false

    private struct Gate {
        var read: Int32
        var write: Int32
    }

    init(command: ShellCommand, loop: ProcessLoop, clock: any Clock, killGrace: Duration, log: any TaskLog) {
        (self.command, self.loop, self.clock, self.killGrace, self.log) = (command, loop, clock, killGrace, log)
    }

    /// Starts the process at its gate.
    /// - Throws: `ShellFailure`, `TaskOutputError`.
    func start() async throws -> ProcessMark { try await loop.run { try self.spawn() } }

    /// Lets the command begin, and returns when it has ended and no process of its group is left.
    func runToEnd() async -> ShellReport {
        let ending = await withCheckedContinuation { continuation in
            loop.async { self.open(continuation) }
        }
        await endGroup()
        return await withCheckedContinuation { continuation in
            loop.async {
                for pipe in self.pipes { pipe.finish() }
                let output = self.pipes[0].lines
                let report = ShellReport(
                    ending: ending, lastLine: output.lastLine, lastLineWasCut: output.lastLineWasCut)
                continuation.resume(returning: report)
            }
        }
    }

    /// Ends the process at its gate: the command never begins.
    func abandon() async {
        terminate()
        _ = await withCheckedContinuation { continuation in
            loop.async {
                self.closeGate()
                self.waitForExit(continuation)
            }
        }
        await endGroup()
        loop.async { for pipe in self.pipes { pipe.finish() } }
    }

    /// Sends SIGTERM to the group, and SIGKILL after the grace. Before the process is started, it waits for that.
    func terminate() {
        loop.async { [self] in
            if isTerminating { return }
            isTerminating = true
            if processID != 0 { sendTermination() }
        }
    }

    // MARK: - On the loop

    private func spawn() throws -> ProcessMark {
        try prepareFiles()
        // C's texts end there: what follows would be lost without a word.
        let texts = [command.text] + command.environment.flatMap { [$0.key, $0.value] }
        if texts.contains(where: { $0.utf8.contains(0) }) {
            throw ShellFailure.notStarted(reason: "the command or a value in its environment holds a NUL character")
        }
        var ends: [[Int32]] = []
        func close() { for end in ends.joined() { mls_close(end) } }
        for _ in 0..<3 {
            var pair: [Int32] = [0, 0]
            let status = mls_pipe(&pair)
            guard status == 0 else {
                close()
                throw ShellFailure.notStarted(reason: SystemText.error(-status))
            }
            ends.append(pair)
        }
        let (output, error, gate) = (ends[0], ends[1], ends[2])
        let status = Self.spawn(command, output: output[1], error: error[1], gate: gate[0])
        guard status > 0 else {
            close()
            throw ShellFailure.notStarted(reason: SystemText.error(-status))
        }
        processID = status
        mls_close(output[1])
        mls_close(error[1])
        // The reading end stays open here too, so that writing to a gate whose process is gone raises no SIGPIPE.
        self.gate = Gate(read: gate[0], write: gate[1])
        let log = log
        pipes = [output[0], error[0]].map { OutputPipe(descriptor: $0, loop: loop) { log.info($0) } }
        guard let mark = ProcessMark(of: processID) else {
            // It waits at the gate, so only somebody's signal can have ended it.
            closeGate()
            _ = mls_signal_group(processID, SIGKILL)
            waitForExit(nil)
            for pipe in pipes { pipe.finish() }
            throw ShellFailure.notStarted(reason: "its process was gone before the command began")
        }
        if isTerminating { sendTermination() }
        return mark
    }

    private func prepareFiles() throws {
        var isDirectory = ObjCBool(false)
        let directory = command.workingDirectory
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw ShellFailure.noWorkingDirectory(directory)
        }
        do {
            try Data().write(to: URL(filePath: command.outputFile))
        } catch {
            throw TaskOutputError.unreadable(reason: error.localizedDescription)
        }
    }

    private static func spawn(_ command: ShellCommand, output: Int32, error: Int32, gate: Int32) -> Int32 {
        let shell = mls_is_executable("/bin/bash") ? "/bin/bash" : "/bin/sh"
        let script = #"IFS= read -r go <&3 || exit 125; exec 3<&-; unset go; exec "$0" -c "$1""#
        let arguments = ["sh", "-c", script, shell, command.text]
        let environment = command.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                "/bin/sh".withCString { program in
                    command.workingDirectory.withCString { directory in
                        var process = mls_process(
                            program: program, arguments: arguments, environment: environment,
                            working_directory: directory, output: output, error: error, gate: gate)
                        return mls_spawn(&process)
                    }
                }
            }
        }
    }

    private func open(_ continuation: CheckedContinuation<mls_ending, Never>) {
        // A gate whose process has been killed takes the line too; the end is then found below.
        if let gate, !isTerminating { mls_write_all(gate.write, [0x0a], 1) }
        closeGate()
        waitForExit(continuation)
    }

    private func closeGate() {
        if let gate {
            mls_close(gate.write)
            mls_close(gate.read)
        }
        gate = nil
    }

    private func waitForExit(_ continuation: CheckedContinuation<mls_ending, Never>?) {
        waiter = continuation
        let descriptor = mls_process_descriptor(processID)
        guard descriptor >= 0 else { return pollForExit() }
        exitDescriptor = descriptor
        loop.watch(descriptor) { [self] in reap() }
    }

    /// For systems that have no descriptors of processes.
    private func pollForExit() {
        reap()
        if ending == nil { loop.after(ProcessLoop.pauseMilliseconds) { [self] in pollForExit() } }
    }

    private func reap() {
        var found = mls_ending()
        let status = mls_reap(processID, &found)
        if status == 0, !found.ended { return }
        // A child that cannot be waited for was reaped by somebody else; how it ended is not known, which is no success.
        if status != 0 { found.signal = SIGKILL }
        ending = found
        if let exitDescriptor {
            loop.unwatch(exitDescriptor)
            mls_close(exitDescriptor)
        }
        exitDescriptor = nil
        waiter?.resume(returning: found)
        waiter = nil
    }

    private func sendTermination() {
        if isGone { return }
        mls_signal_group(processID, SIGTERM)
        let (clock, deadline) = (clock, clock.now.advanced(by: killGrace))
        killTimer = Task {
            try await clock.sleep(until: deadline)
            loop.async { if !self.isGone { mls_signal_group(self.processID, SIGKILL) } }
        }
    }

    // MARK: - The rest of the group

    /// After the leader's end: what it left behind gets a moment to end by itself (`… > >(tee log)` needs it), then the signals.
    private func endGroup() async {
        var looks = 0
        while await !isGroupEmpty() {
            looks += 1
            if looks == 50 { endStragglers() }
            await loop.pause()
        }
    }

    private func endStragglers() {
        loop.async { [self] in
            if isTerminating { return }
            log.warning("the command has ended, but processes that it started have not; they are ended now")
            isTerminating = true
            sendTermination()
        }
    }

    private func isGroupEmpty() async -> Bool {
        await withCheckedContinuation { continuation in
            loop.async { [self] in
                var member: Int32 = 0
                isGone = mls_group_members(processID, &member, 1) == 0
                if isGone { killTimer?.cancel() }
                continuation.resume(returning: isGone)
            }
        }
    }
}

/// Reads one output of a process as it is written. Everything happens on the loop.
private final class OutputPipe {
    private let descriptor: Int32
    private let loop: ProcessLoop
    private let emit: (String) -> Void
    private(set) var lines = LineSplitter()
    private var isFinished = false

    init(descriptor: Int32, loop: ProcessLoop, emit: @escaping (String) -> Void) {
        (self.descriptor, self.loop, self.emit) = (descriptor, loop, emit)
        mls_set_nonblocking(descriptor)
        loop.watch(descriptor) { [weak self] in self?.read() }
    }

    /// Takes what is still in the pipe, and closes it.
    func finish() {
        while read() {}
        close()
    }

    /// - Returns: whether there may be more right now.
    @discardableResult
    private func read() -> Bool {
        if isFinished { return false }
        let count = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            let count = mls_read(descriptor, buffer.baseAddress, Int64(buffer.count))
            if count > 0 { lines.append(buffer.prefix(Int(count)), emit) }
            return count
        }
        if count > 0 { return true }
        if count != -Int64(EAGAIN) { close() }
        return false
    }

    private func close() {
        if isFinished { return }
        isFinished = true
        lines.finish(emit)
        loop.unwatch(descriptor)
        mls_close(descriptor)
    }
}

/// The texts as C expects a list of them, ended by NULL.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else {
            preconditionFailure("a list that ends with NULL has at least one element")
        }
        return body(base)
    }
}
