import CPlatform
import Dispatch
import Foundation
import Scheduling
import Synchronization
import TestKit
import Testing

/// Commands that a course's machine will see sooner or later.
@Suite struct ShellFaultTests {
    @Test func `what left the session by a double fork is found and ended`() async throws {
        try await ShellTests.withBench { bench in
            let script = """
                (setsid bash -c 'echo $$ > pid; exec sleep 1000' > /dev/null 2>&1 &)
                while [ ! -s pid ]; do :; done
                echo done
                """
            let outputs = try await bench.run(script)
            #expect(outputs == ["return_value": "done"])
            #expect(ShellTests.carriers(of: bench.folder).isEmpty)
            #expect(bench.log.lines.contains { $0.contains("they are ended now") })
        }
    }

    @Test func `cancelling reaches what left the session and the jobs with groups of their own`() async throws {
        try await ShellTests.withBench { bench in
            let script = """
                set -m
                sleep 1000 &
                (setsid bash -c 'trap "" TERM; echo $$ > pid; while :; do sleep 0.01; done' &)
                while [ ! -s pid ]; do :; done
                echo ready
                wait
                """
            let task = Task { try await bench.run(script) }
            await bench.log.wait(for: "ready")
            #expect(ShellTests.carriers(of: bench.folder).count >= 3)
            let began = bench.clock.now
            task.cancel()
            await bench.clock.waitForSleeper(until: began.advanced(by: .seconds(5)))
            bench.clock.advance(by: .seconds(5))
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ShellTests.carriers(of: bench.folder).isEmpty)
        }
    }

    @Test func `a next start ends what left the session of a former attempt, and another run's is spared`() async throws
    {
        try await ShellTests.withBench { bench in
            let script = """
                (setsid bash -c 'echo $$ > pid; exec sleep 1000' &)
                while [ ! -s pid ]; do :; done
                echo ready
                sleep 1000
                """
            let task = Task { try await bench.run(script) }
            await bench.log.wait(for: "ready")
            let mark = try #require(bench.marks.last)
            let stranger = ProcessMark(processID: mark.processID, startTicks: mark.startTicks + 1, bootID: mark.bootID)
            await bench.shell.end(stranger, runID: "r", taskID: "another", outputFolder: bench.folder)
            await bench.shell.end(stranger, runID: "r", taskID: "t", outputFolder: bench.folder + "/other")
            #expect(ShellTests.carriers(of: bench.folder).count >= 2)
            await bench.shell.end(mark, runID: "r", taskID: "t", outputFolder: bench.folder)
            #expect(ShellTests.carriers(of: bench.folder).isEmpty)
            _ = try? await task.value
        }
    }

    @Test func `two hundred processes that ignore SIGTERM are ended, wherever they went`() async throws {
        try await ShellTests.withBench { bench in
            let script = """
                trap '' TERM
                for i in {1..150}; do sleep 1000 & done
                for i in {1..50}; do setsid sleep 1000 & done
                echo ready
                wait
                """
            let task = Task { try await bench.run(script) }
            await bench.log.wait(for: "ready")
            let began = bench.clock.now
            task.cancel()
            await bench.clock.waitForSleeper(until: began.advanced(by: .seconds(5)))
            bench.clock.advance(by: .seconds(5))
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ShellTests.carriers(of: bench.folder).isEmpty)
        }
    }

    @Test func `a flood of output is read to its end, and the log keeps the end of it`() async throws {
        try await ShellTests.withBench { bench in
            let log = FileTaskLog(
                path: bench.folder + "/logs/1.log", zone: .utc, clock: bench.clock,
                queue: DispatchQueue(label: "test.logs"), limitBytes: 1 << 20)
            let script = "head -c 8000000 /dev/zero | tr '\\0' x | fold -w 99; echo; echo the end"
            let measured = await bench.measure(script, log: log)
            let outputs = try measured.result.get()
            #expect(outputs["return_value"] == "the end")
            #expect(await log.close() == nil)
            let texts = try TaskLogFiles.all(of: log.path).map { try String(contentsOfFile: $0, encoding: .utf8) }
            #expect(texts.joined().utf8.count < 5 << 18)
            #expect(texts.last?.contains("INFO  the end\n") == true)
            #expect(texts.count == 4)
        }
    }

    @Test func `while the log is behind the command waits, and loses nothing`() async throws {
        final class SlowLog: TaskLog {
            let counts = Mutex((asked: 0, bytes: 0))
            func write(_ level: TaskLogLevel, _ line: String) {}
            func output(_ bytes: UnsafeRawBufferPointer, of stream: Int, endsLine: Bool) {
                counts.withLock { $0.bytes += bytes.count }
            }
            var backlogBytes: Int {
                counts.withLock { counts in
                    counts.asked += 1
                    return counts.asked % 3 == 0 ? 0 : 1 << 30
                }
            }
        }
        try await ShellTests.withBench { bench in
            let log = SlowLog()
            let measured = await bench.measure("head -c 300000 /dev/zero | tr '\\0' x | fold -w 100", log: log)
            _ = try measured.result.get()
            #expect(log.counts.withLock { $0.bytes } == 300_000)
        }
    }

    @Test func `text without a line end appears while the command waits, and the line stays one`() async throws {
        try await ShellTests.withBench { bench in
            let log = MemoryLog()
            let task = Task {
                await bench.measure("printf '50%%'; while [ ! -e go ]; do sleep 0.01; done; echo ' 100%'", log: log)
            }
            await log.wait(for: "50%")
            try Data().write(to: URL(filePath: bench.folder + "/go"))
            let outputs = try await task.value.result.get()
            #expect(outputs["return_value"] == "50% 100%")
            #expect(log.lines.contains(" 100%"))
        }
    }

    @Test func `a command that closes its outputs goes on`() async throws {
        try await ShellTests.withBench { bench in
            let outputs = try await bench.run("exec >&- 2>&-; touch after")
            #expect(outputs == [:])
            #expect(FileManager.default.fileExists(atPath: bench.folder + "/after"))
        }
    }

    @Test func `a hundred megabytes of outputs are refused without being read`() async throws {
        try await ShellTests.withBench { bench in
            await #expect(throws: TaskOutputError.tooLarge(bytes: 100 << 20)) {
                try await bench.run("truncate -s 100M \"$MLSTACK_OUTPUT\"")
            }
        }
    }

    @Test func `a command that deletes its output file fails with a remedy`() async throws {
        try await ShellTests.withBench { bench in
            let error = await #expect(throws: TaskOutputError.self) { try await bench.run("rm \"$MLSTACK_OUTPUT\"") }
            #expect(error?.recoverySuggestion == "leave that file in its place.")
        }
    }

    @Test(arguments: [("mkdir", "it is a folder"), ("mkfifo", "it is a pipe, a socket or a device, not a file")])
    func `what stands in the place of the output file is told, and not waited for`(_ maker: String, _ reason: String)
        async throws
    {
        try await ShellTests.withBench { bench in
            await #expect(throws: TaskOutputError.unreadable(reason: reason)) {
                try await bench.run("rm \"$MLSTACK_OUTPUT\"; \(maker) \"$MLSTACK_OUTPUT\"")
            }
        }
    }

    @Test func `a task that empties the folder of the run takes no outputs away`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder)
            try await world.load(
                """
                pipeline: p
                tasks:
                  a: {run: "echo x=1 >> $MLSTACK_OUTPUT; touch y .z; find . -mindepth 1 -delete; ls -A"}
                """)
            let stored = try await world.run("p")
            #expect(stored.states == "a success")
            #expect(stored["a"]?.outputs == ["x": "1"])
        }
    }

    @Test func `a task whose log cannot be written runs all the same`() async throws {
        try await SchedulingWorld.withFolder { folder in
            try Data().write(to: URL(filePath: folder + "/logs"))
            let world = SchedulingWorld(folder: folder)
            try await world.load("pipeline: p\ntasks: {a: {run: \"echo x > made; echo on\"}}")
            let stored = try await world.run("p")
            #expect(stored.states == "a success")
            #expect(stored["a"]?.outputs == ["return_value": "on"])
        }
    }
}
