import CPlatform
import Dispatch
import Foundation
import Scheduling
import TestKit
import Testing

@Suite struct TaskMeasureTests {
    /// Prints the user time of a loop.
    private static let loop = "TIMEFORMAT=%U; time for ((i = 0; i < 40000; i++)); do :; done"

    @Test func `the time of children that have exited is counted`() async throws {
        try await ShellTests.withBench { bench in
            let measures = try #require(await bench.measure("bash -c '\(Self.loop)'; bash -c '\(Self.loop)'").measures)
            let told = bench.log.lines.compactMap(Double.init).reduce(0, +)
            #expect(told > 0)
            #expect(measures.cpuSeconds >= told * 0.9)
            #expect(measures.scope == .processTree)
        }
    }

    @Test func `the time of orphans that left the session is counted`() async throws {
        try await ShellTests.withBench { bench in
            // It stays for a while: what has come and gone between two looks cannot be told from a stranger's orphan.
            let script = "(trap \"\" TERM; setsid bash -c \"trap '' TERM; \(Self.loop); sleep 1\" &); echo on"
            let measures = try #require(await bench.measure(script).measures)
            let told = try #require(bench.log.lines.compactMap(Double.init).first)
            #expect(measures.cpuSeconds >= told * 0.9)
        }
    }

    @Test func `the memory of the whole tree is counted, and what this program held is not`() async throws {
        try await ShellTests.withBench { bench in
            // Both hold their memory at once, for several looks.
            let script = """
                hold() {
                    x=$(head -c 30000000 /dev/zero | tr '\\0' x); touch $1
                    while [ ! -e 1 ] || [ ! -e 2 ]; do sleep 0.01; done
                    sleep 1; :
                }
                hold 1 & hold 2 & wait
                """
            let measures = try #require(await bench.measure(script).measures)
            let peak = try #require(measures.peakMemoryBytes)
            #expect(peak > 60_000_000)
            // It may be over before anybody has looked.
            let small = try #require(await bench.measure("true").measures)
            #expect((small.peakMemoryBytes ?? 1) < 20_000_000)
            #expect(small.peakMemoryBytes != 0)
        }
    }

    @Test func `bytes read and written are those of all its processes`() async throws {
        try await ShellTests.withBench { bench in
            let measured = await bench.measure("head -c 3000000 /dev/zero > one; cat one > two")
            let measures = try #require(measured.measures)
            let (read, written) = (try #require(measures.readBytes), try #require(measures.writtenBytes))
            #expect(read >= 6_000_000 && read < 9_000_000)
            #expect(written >= 6_000_000 && written < 9_000_000)
        }
    }

    @Test func `a failure, a signal and a cancellation are measured too`() async throws {
        try await ShellTests.withBench { bench in
            #expect(await bench.measure("true").measures?.exitCode == 0)
            #expect(await bench.measure("exit 3").measures?.exitCode == 3)
            let killed = await bench.measure("kill -9 $$").measures
            #expect(killed?.signal == 9)
            #expect(killed?.exitCode == nil)
            let task = Task { await bench.measure("echo ready; sleep 1000") }
            await bench.log.wait(for: "ready")
            task.cancel()
            let cancelled = await task.value
            #expect(throws: CancellationError.self) { _ = try cancelled.result.get() }
            #expect(cancelled.measures?.signal == 15)
        }
    }

    @Test func `a command that was never begun has no measures`() async throws {
        try await ShellTests.withBench { bench in
            #expect(await bench.measure("true", environment: ["A": "b\0c"]).measures == nil)
        }
    }

    @Test func `a built-in task is measured by what this program used meanwhile`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, _ in
                var memory = [UInt8](repeating: 1, count: 40 << 20)
                for place in stride(from: 0, to: memory.count, by: 64) { memory[place] = 2 }
                try Data(memory[..<(2 << 20)]).write(to: URL(filePath: folder + "/written"))
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}, b: {needs: [a], run: \"exit 3\"}}")
            let stored = try await world.run("p")
            let measures = try #require(stored["a"]?.measures)
            #expect(measures.scope == .program)
            #expect(measures.cpuSeconds > 0)
            let (written, peak) = (try #require(measures.writtenBytes), try #require(measures.peakMemoryBytes))
            #expect(written >= 2 << 20)
            #expect(peak > 10 << 20)
            #expect(measures.exitCode == nil)
            #expect(stored["b"]?.measures?.scope == .processTree)
            #expect(stored["b"]?.measures?.exitCode == 3)
        }
    }
}
