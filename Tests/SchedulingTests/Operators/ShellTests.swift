import CPlatform
import Dispatch
import Foundation
import Scheduling
import Synchronization
import TestKit
import Testing

/// Keeps the lines in memory.
final class MemoryLog: TaskLog {
    private let state = Mutex<[String]>([])
    private let watched = Mutex<[(text: String, continuation: CheckedContinuation<Void, Never>)]>([])

    func write(_ level: TaskLogLevel, _ line: String) {
        state.withLock { $0.append(line) }
        let woken = watched.withLock { watched in
            let woken = watched.filter { line.contains($0.text) }
            watched.removeAll { line.contains($0.text) }
            return woken
        }
        for watcher in woken { watcher.continuation.resume() }
    }

    var lines: [String] { state.withLock { $0 } }

    /// Returns once a line that holds the text has been written. Ask before it can be.
    func wait(for text: String) async {
        await withCheckedContinuation { continuation in
            watched.withLock { $0.append((text, continuation)) }
            if lines.contains(where: { $0.contains(text) }) { write(.info, text) }
        }
    }
}

@Suite struct ShellTests {
    /// A shell task in a fresh folder, without an orchestrator around it.
    struct Bench: Sendable {
        let folder: String
        let clock = ManualClock()
        let log = MemoryLog()
        let shell: ShellProcesses
        let marks = Marks()

        init(_ folder: String, maximum: Int = 64) {
            self.folder = folder
            shell = ShellProcesses(
                queue: DispatchQueue(label: "test.processes"), clock: clock, killGrace: .seconds(5), maximum: maximum)
        }

        func run(_ text: String, environment: [String: String] = [:]) async throws -> TaskOutputs {
            try await measure(text, environment: environment).result.get()
        }

        func measure(
            _ text: String, environment: [String: String] = [:], log: (any TaskLog)? = nil
        ) async -> MeasuredOutputs {
            var environment = environment
            environment["PATH"] = "/usr/bin:/bin"
            environment["MLSTACK_OUTPUT"] = folder + "/out"
            environment["MLSTACK_RUN_ID"] = "r"
            environment["MLSTACK_TASK_ID"] = "t"
            let command = ShellCommand(
                text: text, environment: environment, workingDirectory: folder, outputFile: folder + "/out")
            return await shell.run(command, log: log ?? self.log) { mark in marks.add(mark) }
        }

        /// Processes of the group of the last command that are alive.
        var survivors: Int32 {
            var members = [Int32](repeating: 0, count: 16)
            return marks.last.map { mls_group_members($0.processID, &members, 16) } ?? 0
        }
    }

    /// Processes anywhere on the machine that were started with the bench's variables.
    static func carriers(of folder: String) -> [Int32] {
        var facts = [mls_process_facts](repeating: mls_process_facts(), count: 8192)
        let count = max(0, Int(mls_processes(&facts, 8192)))
        return facts.prefix(count).map(\.process).filter {
            mls_process_has_variable($0, "MLSTACK_OUTPUT=\(folder)/", true)
        }
    }

    final class Marks: Sendable {
        private let state = Mutex<[ProcessMark]>([])
        func add(_ mark: ProcessMark) { state.withLock { $0.append(mark) } }
        var last: ProcessMark? { state.withLock { $0.last } }
    }

    static func withBench(maximum: Int = 64, _ body: (Bench) async throws -> Void) async throws {
        try await SchedulingWorld.withFolder { folder in try await body(Bench(folder, maximum: maximum)) }
    }

    private func withBench(maximum: Int = 64, _ body: (Bench) async throws -> Void) async throws {
        try await Self.withBench(maximum: maximum, body)
    }

    @Test func `output is logged line by line and the last line is the return value`() async throws {
        try await withBench { bench in
            let outputs = try await bench.run(
                "echo one; echo two >&2; printf three; echo 'rows=7' >> \"$MLSTACK_OUTPUT\"")
            #expect(outputs == ["rows": "7", "return_value": "three"])
            #expect(Set(bench.log.lines.dropLast()) == ["one", "two", "three"])
            #expect(bench.log.lines.last?.hasPrefix("exit code 0; ") == true)
        }
    }

    @Test func `the exit code is the message`() async throws {
        try await withBench { bench in
            await #expect(throws: ShellFailure.exit(code: 3)) { try await bench.run("exit 3") }
            #expect(ShellFailure.exit(code: 3).errorDescription == "exit code 3")
            await #expect(throws: ShellFailure.signal(9)) { try await bench.run("kill -9 $$") }
            #expect(ShellFailure.signal(9).errorDescription == "killed by signal 9")
            await #expect(throws: ShellFailure.exit(code: 127)) { try await bench.run("no-such-program") }
        }
    }

    @Test func `a failing line in the middle does not end the command`() async throws {
        try await withBench { bench in
            let outputs = try await bench.run("false; echo on")
            #expect(outputs["return_value"] == "on")
        }
    }

    @Test func `only what is given is in the environment, and no descriptor is open`() async throws {
        try await withBench { bench in
            _ = try await bench.run(
                "env | cut -d= -f1 | sort | tr '\\n' ' '; echo; ls /proc/self/fd; cat", environment: ["A": "b c"])
            let names = Set(bench.log.lines[0].split(separator: " ").map(String.init))
            #expect(
                names.isSubset(of: [
                    "A", "MLSTACK_OUTPUT", "MLSTACK_RUN_ID", "MLSTACK_TASK_ID", "PATH", "PWD", "OLDPWD", "SHLVL", "_",
                ]))
            #expect(names.contains("A"))
            // The fourth is the folder that `ls` reads.
            #expect(bench.log.lines[1...].prefix(while: { Int($0) != nil }) == ["0", "1", "2", "3"])
        }
    }

    @Test func `the command is the leader of its own group`() async throws {
        try await withBench { bench in
            let outputs = try await bench.run("cut -d' ' -f5 /proc/$$/stat; echo $$")
            let mark = try #require(bench.marks.last)
            #expect(outputs["return_value"] == String(mark.processID))
            #expect(bench.log.lines.first == String(mark.processID))
        }
    }

    @Test func `a megabyte of output and binary output come through`() async throws {
        try await withBench { bench in
            let outputs = try await bench.run(
                "head -c 1048576 /dev/zero | tr '\\0' 'x' | fold -w 1023; echo; printf '\\377\\000\\033[31m'; echo; echo end"
            )
            #expect(outputs["return_value"] == "end")
            let letters = bench.log.lines.filter { $0.hasPrefix("x") }.reduce(0) { $0 + $1.utf8.count }
            #expect(letters == 1_048_576)
            #expect(bench.log.lines.contains { $0.contains("\u{fffd}") })
        }
    }

    @Test func `a last line that is too long is not kept, and says so`() async throws {
        try await withBench { bench in
            let outputs = try await bench.run("head -c 60000 /dev/zero | tr '\\0' 'x'")
            #expect(outputs == [:])
            #expect(bench.log.lines.last?.contains("48 KiB") == true)
        }
    }

    @Test func `outputs that are too large or malformed fail the task`() async throws {
        try await withBench { bench in
            await #expect(throws: TaskOutputError.malformed(line: 2, text: "nonsense")) {
                try await bench.run("printf 'a=1\\nnonsense\\n' >> \"$MLSTACK_OUTPUT\"")
            }
            await #expect(throws: TaskOutputError.self) {
                try await bench.run("{ printf 'k='; head -c 50000 /dev/zero | tr '\\0' 'x'; } >> \"$MLSTACK_OUTPUT\"")
            }
        }
    }

    @Test func `cancelling ends the whole group`() async throws {
        try await withBench { bench in
            let task = Task { try await bench.run("sleep 1000 & sleep 1000 & echo ready; wait") }
            await bench.log.wait(for: "ready")
            #expect(bench.survivors == 3)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(bench.survivors == 0)
        }
    }

    @Test func `what ignores SIGTERM is killed after the grace`() async throws {
        try await withBench { bench in
            let task = Task {
                try await bench.run(
                    "trap '' TERM; (trap '' TERM; while :; do sleep 0.01; done) & echo ready; while :; do sleep 0.01; done"
                )
            }
            await bench.log.wait(for: "ready")
            let began = bench.clock.now
            task.cancel()
            await bench.clock.waitForSleeper(until: began.advanced(by: .seconds(5)))
            #expect(bench.survivors >= 2)
            bench.clock.advance(by: .seconds(5))
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(bench.survivors == 0)
        }
    }

    @Test func `what a command leaves behind is ended before the task ends`() async throws {
        try await withBench { bench in
            let outputs = try await bench.run("(sleep 1000 &) ; echo done")
            #expect(outputs == ["return_value": "done"])
            #expect(bench.survivors == 0)
            #expect(bench.log.lines.contains { $0.contains("they are ended now") })
        }
    }

    @Test func `a process whose mark cannot be stored never begins its command`() async throws {
        try await withBench { bench in
            let command = ShellCommand(
                text: "touch ran", environment: ["PATH": "/usr/bin:/bin"], workingDirectory: bench.folder,
                outputFile: bench.folder + "/out")
            await #expect(throws: Broken.self) {
                try await bench.shell.run(command, log: bench.log) { mark in
                    bench.marks.add(mark)
                    throw Broken()
                }.result.get()
            }
            #expect(bench.survivors == 0)
            #expect(!FileManager.default.fileExists(atPath: bench.folder + "/ran"))
        }
    }

    @Test func `commands over the limit wait for a place`() async throws {
        try await withBench(maximum: 2) { bench in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await SchedulingWorld.withFolder { folder in
                            let command = ShellCommand(
                                text: "echo \(number)", environment: ["PATH": "/usr/bin:/bin"],
                                workingDirectory: folder,
                                outputFile: folder + "/out")
                            let outputs = try await bench.shell.run(command, log: bench.log) { _ in }.result.get()
                            #expect(outputs["return_value"] == "\(number)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a value that holds a NUL is refused and not cut`() async throws {
        try await withBench { bench in
            await #expect(throws: ShellFailure.self) { try await bench.run("true", environment: ["A": "b\0c"]) }
            #expect(bench.marks.last == nil)
        }
    }

    @Test func `a working directory that is not there is named`() async throws {
        try await withBench { bench in
            let command = ShellCommand(
                text: "true", environment: [:], workingDirectory: "/nowhere/at/all", outputFile: bench.folder + "/out")
            await #expect(throws: ShellFailure.noWorkingDirectory("/nowhere/at/all")) {
                try await bench.shell.run(command, log: bench.log) { _ in }.result.get()
            }
        }
    }

    // MARK: - Processes of a former life

    @Test func `a former process is ended, and a stranger with its number is not`() async throws {
        try await withBench { bench in
            let task = Task { try await bench.run("sleep 1000 & echo ready; while :; do wait; done") }
            await bench.log.wait(for: "ready")
            let mark = try #require(bench.marks.last)
            let otherBoot = ProcessMark(processID: mark.processID, startTicks: mark.startTicks, bootID: "another boot")
            let stranger = ProcessMark(processID: mark.processID, startTicks: mark.startTicks + 1, bootID: mark.bootID)
            for innocent in [otherBoot, stranger] { await bench.shell.end(innocent, runID: "r", taskID: "t") }
            #expect(bench.survivors == 2)
            await bench.shell.end(mark, runID: "r", taskID: "t")
            #expect(bench.survivors == 0)
            await #expect(throws: ShellFailure.signal(15)) { try await task.value }
        }
    }

    @Test func `what a former process left in its group is ended only if it is that task's`() async throws {
        try await withBench { bench in
            // The leader ends and leaves a child that holds on until it is told.
            let task = Task {
                try await bench.run(
                    "trap '' TERM; (trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done) & exit 0")
            }
            await bench.log.wait(for: "ready")
            let mark = try #require(bench.marks.last)
            await bench.shell.end(mark, runID: "another run", taskID: "t")
            await bench.shell.end(mark, runID: "r", taskID: "t")
            #expect(bench.survivors == 0)
            _ = try? await task.value
        }
    }
}
