import CPlatform
import Foundation

/// One process of a shell task, from its start to the end of the last of the processes that it started.
///
/// It is started at a gate: a small shell that reads one line from descriptor 3 and then becomes the command. The line is sent once
/// the mark is on disk; should this program die before, the gate reads the end of the pipe and exits, so that no command runs of
/// which a later start knows nothing.
final class ShellProcess: @unchecked Sendable {  // guarded by: `loop`, on which everything but the constants is touched
    private let command: ShellCommand
    private let loop: ProcessLoop
    private let census: ProcessCensus
    private let clock: any Clock
    private let killGrace: Duration
    private let log: any TaskLog

    private var processID: Int32 = 0
    private var tree: ProcessTree?
    private var gate: Gate?
    private var pipes: [OutputPipe] = []
    private var exitDescriptor: Int32?
    private var ending: mls_ending?
    private var whenGone: ((ShellReport) -> Void)?
    private var killTimer: Task<Void, any Error>?
    /// SIGTERM is to be sent, or has been.
    private var isTerminating = false
    private var isKilling = false
    /// Nothing of the tree is left, and its numbers may be given to others.
    private var isGone = false
    /// Descriptors of processes that outlived the leader, by their numbers.
    private var stragglers: [Int32: Int32] = [:]
    private var hasStragglerTimer = false

    private struct Gate {
        var read: Int32
        var write: Int32
    }

    init(
        command: ShellCommand, loop: ProcessLoop, census: ProcessCensus, clock: any Clock, killGrace: Duration,
        log: any TaskLog
    ) {
        (self.command, self.loop, self.census, self.log) = (command, loop, census, log)
        (self.clock, self.killGrace) = (clock, killGrace)
    }

    /// Starts the process at its gate.
    /// - Throws: `ShellFailure`, `TaskOutputError`.
    func start() async throws -> ProcessMark { try await loop.run { try self.spawn() } }

    /// Lets the command begin, and returns when it has ended and none of its processes is left.
    func runToEnd() async -> ShellReport { await end(afterOpening: true) }

    /// Ends the process at its gate: the command never begins.
    func abandon() async {
        terminate()
        _ = await end(afterOpening: false)
    }

    private func end(afterOpening opens: Bool) async -> ShellReport {
        await withCheckedContinuation { continuation in
            loop.async { [self] in
                tree?.sampleLeader()
                // A gate whose process has been killed takes the line too; the end is then found below.
                if opens, let gate, !isTerminating { mls_write_all(gate.write, [0x0a], 1) }
                closeGate()
                whenGone = { continuation.resume(returning: $0) }
                waitForExit()
                for pause in Self.earlyLooks { loop.after(pause) { [weak self] in self?.lookAtLeader() } }
            }
        }
    }

    /// Before the census first looks, after so many milliseconds: most commands of a pipeline are short.
    private static let earlyLooks = [1, 4, 10, 25]

    private func lookAtLeader() {
        if ending == nil { tree?.sampleLeader() }
    }

    /// Sends SIGTERM to the tree, and SIGKILL after the grace. Before the process is started, it waits for that.
    func terminate() {
        loop.async { [self] in
            if isTerminating { return }
            isTerminating = true
            if processID != 0 { sendTermination() }
        }
    }

    // MARK: - On the loop

    private func spawn() throws -> ProcessMark {
        try command.prepareFiles()
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
        let status = command.spawn(output: output[1], error: error[1], gate: gate[0])
        guard status > 0 else {
            close()
            throw ShellFailure.notStarted(reason: SystemText.error(-status))
        }
        processID = status
        mls_close(output[1])
        mls_close(error[1])
        // The reading end stays open here too, so that writing to a gate whose process is gone raises no SIGPIPE.
        self.gate = Gate(read: gate[0], write: gate[1])
        pipes = [output[0], error[0]].enumerated().map { number, descriptor in
            OutputPipe(descriptor: descriptor, stream: number + 1, loop: loop, log: log)
        }
        var facts = mls_process_facts()
        guard mls_look_at_process(processID, &facts) == 0, !facts.is_zombie, let mark = ProcessMark(of: facts) else {
            // It waits at the gate, so only somebody's signal can have ended it.
            closeGate()
            _ = mls_signal_group(processID, SIGKILL)
            waitForExit()
            for pipe in pipes { pipe.finish() }
            throw ShellFailure.notStarted(reason: "its process was gone before the command began")
        }
        let tree = ProcessTree(leader: facts, outputFile: command.outputFile)
        self.tree = tree
        census.add(tree)
        if isTerminating { sendTermination() }
        return mark
    }

    private func closeGate() {
        if let gate {
            mls_close(gate.write)
            mls_close(gate.read)
        }
        gate = nil
    }

    private func waitForExit() {
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
        tree?.add(found)
        if census.isCertainlyAlone { finish() } else { settle() }
    }

    private func sendTermination() {
        if isGone { return }
        signal(SIGTERM)
        killTimer = Task { [clock, killGrace] in
            try await clock.sleep(for: killGrace)
            loop.async { [self] in
                isKilling = true
                if !isGone { signal(SIGKILL) }
            }
        }
    }

    private func signal(_ number: Int32) {
        // The group all at once, which no fork escapes; its number is ours for as long as its leader has not been reaped.
        if ending == nil { mls_signal_group(processID, number) }
        census.look { [self] in
            signalMembers(number)
            if ending != nil { settled() }
        }
    }

    private func signalMembers(_ number: Int32) {
        guard let tree, !isGone else { return }
        if tree.members.contains(where: { $0.group == processID }) { mls_signal_group(processID, number) }
        for member in tree.members where member.group != processID { mls_signal_process(member.process, number) }
    }

    // MARK: - What the leader leaves behind

    /// It gets a moment to end by itself (`… > >(tee log)` needs it), then the signals.
    private func settle() {
        census.look { [self] in settled() }
    }

    private func settled() {
        guard let tree, !isGone else { return }
        if tree.members.isEmpty { return finish() }
        if isKilling { signalMembers(SIGKILL) }
        for member in tree.members.prefix(Self.watchedStragglers) where stragglers[member.process] == nil {
            let descriptor = mls_process_descriptor(member.process)
            if descriptor < 0 { continue }
            stragglers[member.process] = descriptor
            loop.watch(descriptor) { [self] in
                forget(member.process)
                settle()
            }
        }
        waitForStragglers()
    }

    private static let watchedStragglers = 16
    private static let stragglerMilliseconds = 100

    private func waitForStragglers() {
        if hasStragglerTimer { return }
        hasStragglerTimer = true
        loop.after(Self.stragglerMilliseconds) { [self] in
            hasStragglerTimer = false
            if isGone { return }
            if !isTerminating {
                log.warning("the command has ended, but processes that it started have not; they are ended now")
                isTerminating = true
                sendTermination()
            }
            settle()
        }
    }

    private func forget(_ straggler: Int32) {
        guard let descriptor = stragglers.removeValue(forKey: straggler) else { return }
        loop.unwatch(descriptor)
        mls_close(descriptor)
    }

    private func finish() {
        guard let tree, let ending, !isGone else { return }
        isGone = true
        killTimer?.cancel()
        for straggler in stragglers.keys { forget(straggler) }
        census.remove(tree)
        for pipe in pipes { pipe.finish() }
        let output = pipes[0].lines
        whenGone?(
            ShellReport(
                ending: ending, measures: tree.measures(ending), lastLine: output.lastLine,
                lastLineWasCut: output.lastLineWasCut))
        whenGone = nil
    }
}
