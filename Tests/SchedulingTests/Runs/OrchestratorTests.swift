import Foundation
import TestKit
import Testing

@testable import Scheduling

@Suite struct OrchestratorTests {
    @Test func `tasks run in the order of their needs and hand on what they put out`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator(
                "test/step", settings: [SettingSpec("text", .string, isOptional: true, help: "")]
            ) { settings, context in
                ["value": context.taskID + (settings.optionalString("text") ?? "") + (context.input("value") ?? "")]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(
                """
                pipeline: p
                params: {word: {type: string, default: hello}}
                tasks:
                  b: {needs: [a], uses: test/step, with: {text: "<${params.word} ${tasks.a.outputs.value}>"}}
                  a: {uses: test/step}
                """)
            let stored = try await world.run("p", params: ["word": "bye"])
            #expect(stored.run.state == .success)
            #expect(stored["b"]?.outputs == ["value": "b<bye a>a"])
            #expect(step.calls == ["\(stored.run.id)/a#1", "\(stored.run.id)/b#1"])
            #expect(try await world.log(stored.run.id, "a") == ["INFO  succeeded after 0.0 s"])
        }
    }

    @Test func `a hundred tasks one after another take one transaction each`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            let tasks = (0..<100).map { "  t\($0): {uses: test/step\($0 > 0 ? ", needs: [t\($0 - 1)]" : "")}" }
            try await world.load("pipeline: p\ntasks:\n" + tasks.joined(separator: "\n"))
            let stored = try await world.run("p")
            #expect(stored.run.state == .success)
            // One that makes the run and begins its first task, one for each end.
            #expect(world.store.applies == 101)
        }
    }

    @Test func `a failed task is tried again when its wait is over`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, context in
                if context.attempt < 3 { throw Broken() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(
                "pipeline: p\ntasks: {a: {uses: test/step, retry: {max: 2, delay: 10s, backoff: 2}}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            let start = world.clock.now
            await world.clock.waitForSleeper(until: start.advanced(by: .seconds(10)))
            #expect(try await world.orchestrator.run(id: run.id)["a"]?.state == .upForRetry)
            world.clock.advance(by: .seconds(10))
            await world.clock.waitForSleeper(until: start.advanced(by: .seconds(30)))
            world.clock.advance(by: .seconds(20))
            let ended = try await world.orchestrator.waitUntilEnded(runID: run.id)
            #expect(ended.state == .success)
            #expect(
                try await world.log(run.id, "a", attempt: 1).first == "ERROR failed: it broke. mend it. after 0.0 s")
            #expect(try await world.log(run.id, "a").first == "INFO  succeeded after 0.0 s")
        }
    }

    @Test func `a task whose error is permanent fails at once, and its log says so`() async throws {
        struct Refused: PermanentError, LocalizedError {
            let isPermanent: Bool
            var errorDescription: String? { "there is no alias x" }
        }
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, _ in throw Refused(isPermanent: true) }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step, retry: {max: 9, delay: 10s}}}")
            let ended = try await world.run("p")
            #expect(ended.states == "a failed")
            #expect(step.calls.count == 1)
            #expect(
                try await world.log(ended.run.id, "a").first
                    == "ERROR failed for good: there is no alias x after 0.0 s")
        }
    }

    @Test func `a value that cannot be filled in is not waited for`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator(settings: [SettingSpec("size", .int(1...9), isOptional: true, help: "x")])
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(
                """
                pipeline: p
                tasks:
                  a: {uses: test/step}
                  b: {needs: [a], uses: test/step, with: {size: "${tasks.a.outputs.size}"}, retry: {max: 9, delay: 10s}}
                """)
            let ended = try await world.run("p")
            #expect(ended.states == "a success, b failed")
            #expect(ended["b"]?.message?.hasPrefix("${tasks.a.outputs.size}: task a put out nothing") == true)
        }
    }

    @Test func `an attempt that takes too long is cancelled and fails`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step, timeout: 10m}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()
            world.clock.advance(by: .seconds(600))
            let ended = try await world.orchestrator.waitUntilEnded(runID: run.id)
            #expect(ended.state == .failed)
            #expect(ended.message == "task a failed: timed out after 10m")
        }
    }

    @Test func `cancelling a run waits even for a task that pays no heed`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, context in
                if context.taskID == "deaf" {
                    try await gate.pass(ignoringCancellation: true)
                    try Task.checkCancellation()
                }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {deaf: {uses: test/step}, b: {needs: [deaf], uses: test/step}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()
            try await world.orchestrator.cancel(runID: run.id, actor: "test")
            #expect(try await world.orchestrator.run(id: run.id).states == "deaf running, b cancelled")
            gate.open()
            #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state == .cancelled)
            #expect(try await world.orchestrator.run(id: run.id).states == "deaf cancelled, b cancelled")
            await #expect(throws: SchedulingError.runHasEnded(id: run.id, state: .cancelled)) {
                try await world.orchestrator.cancel(runID: run.id, actor: "test")
            }
        }
    }

    @Test func `runs over the limit wait and begin in the order of their dates`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(
                """
                pipeline: p
                max_active_runs: 1
                triggers: [{cron: "@hourly", clock: replay}]
                tasks: {a: {uses: test/step}}
                """)
            let midnight = try Instant(text: "2015-01-01", in: .utc)
            try await world.orchestrator.advance(.replay, to: midnight)
            try await world.orchestrator.advance(.replay, to: midnight.advanced(by: .seconds(3 * 3600)))
            await gate.waitForArrivals()
            let states = try await world.orchestrator.runs(of: "p", limit: 10, before: nil).map(\.state)
            #expect(states == [.queued, .queued, .queued, .running])
            gate.open()
            try await world.orchestrator.waitUntilIdle(.replay)
            #expect(step.calls == ["000000", "010000", "020000", "030000"].map { "p-20150101T\($0)/a#1" })
        }
    }

    @Test func `an operator can skip its task`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, context in
                if context.taskID == "a" { throw TaskSkip(reason: "no new ratings") }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}, b: {needs: [a], uses: test/step}}")
            let stored = try await world.run("p")
            #expect(stored.run.state == .success)
            #expect(stored.states == "a skipped, b skipped")
            #expect(stored["a"]?.message == "no new ratings")
        }
    }

    @Test func `outputs beyond the limit fail the task`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, _ in ["k": String(repeating: "x", count: 48 << 10)] }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}}")
            let stored = try await world.run("p")
            #expect(
                stored["a"]?.message?.hasPrefix("the outputs are 49153 bytes; at most 49152 (48 KiB) are kept.") == true
            )
        }
    }

    @Test func `a time limit that ran out as its attempt ended is not the next attempt's`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, context in
                if context.attempt == 1 { throw CocoaError(.fileNoSuchFile) }
                try await gate.pass()
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step, timeout: 1h, retry: {max: 1, delay: 0s}}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()
            await world.orchestrator.timedOut("a", attempt: 1, of: run.id, after: .seconds(3600))
            gate.open()
            #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state == .success)
        }
    }

    @Test func `asking twice for a run with the same id gives one run`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator()
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}}")
            async let first = world.orchestrator.start(RunStart(pipelineID: "p", id: "p-x"))
            async let second = world.orchestrator.start(RunStart(pipelineID: "p", id: "p-x"))
            #expect(try await [first.id, second.id] == ["p-x", "p-x"])
            _ = try await world.orchestrator.waitUntilEnded(runID: "p-x")
            #expect(try await world.orchestrator.start(RunStart(pipelineID: "p", id: "p-x")).state == .success)
            #expect(step.calls == ["p-x/a#1"])
        }
    }

    @Test func `a run that a task starts belongs to its clock and keeps the day open`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let world = Starter()
            let child = ScriptedOperator("test/child") { _, _ in
                try await gate.pass()
                return [:]
            }
            let parent = ScriptedOperator("test/parent") { _, context in
                let orchestrator = try await world.orchestrator()
                let run = try await orchestrator.start(
                    RunStart(pipelineID: "child", parent: context.run, taskID: context.taskID))
                return ["run": run.id]
            }
            let made = SchedulingWorld(folder: folder, operators: [parent, child])
            await world.set(made.orchestrator)
            try await made.load(
                "pipeline: child\ntasks: {c: {uses: test/child}}",
                "pipeline: parent\ntriggers: [{cron: \"@daily\", clock: replay}]\ntasks: {a: {uses: test/parent}}")
            try await made.orchestrator.advance(.replay, to: try Instant(text: "2015-01-02", in: .utc))
            let day = Task { try await made.orchestrator.waitUntilIdle(.replay) }
            await gate.waitForArrivals()
            let runs = try await made.orchestrator.runs(of: "child", limit: 9, before: nil)
            #expect(runs.map(\.clock) == [.replay])
            #expect(runs.first?.parentRunID == "parent-20150102T000000")
            #expect(runs.first?.cause == .pipeline)
            #expect(runs.first?.dataInterval.start == (try Instant(text: "2015-01-01", in: .utc)))
            gate.open()
            try await day.value
            #expect(
                try await made.orchestrator.runs(of: nil, limit: 9, before: nil).allSatisfy { $0.state == .success })
        }
    }

    @Test func `every change is told to every listener`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}}")
            let streams = [await world.orchestrator.events(), await world.orchestrator.events()]
            let stored = try await world.run("p")
            await world.orchestrator.shutdown(grace: .zero)
            for stream in streams {
                var seen: [String] = []
                for await event in stream {
                    switch event {
                    case .run(let run): seen.append("run \(run.state.rawValue)")
                    case .task(let task, _): seen.append("\(task.taskID) \(task.state.rawValue)")
                    case .pipeline: break
                    }
                }
                #expect(seen == ["run running", "a running", "a success", "run success"])
            }
            #expect(stored.run.state == .success)
        }
    }

    @Test func `what does not exist is refused by name`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load("pipeline: daily\nparams: {n: {type: int}}\ntasks: {a: {uses: test/step}}")
            await #expect(throws: SchedulingError.unknownPipeline(id: "dayly", nearest: "daily")) {
                try await world.orchestrator.start(RunStart(pipelineID: "dayly"))
            }
            await #expect(throws: SchedulingError.badRunID("../x")) {
                try await world.orchestrator.start(RunStart(pipelineID: "daily", params: ["n": "1"], id: "../x"))
            }
            await #expect(throws: ParamError.self) { try await world.orchestrator.start(RunStart(pipelineID: "daily")) }
            await #expect(throws: SchedulingError.unknownRun(id: "x")) {
                try await world.orchestrator.waitUntilEnded(runID: "x")
            }
            #expect(world.store.applies == 0)
        }
    }

    @Test func `waiting ends when the one who waits is cancelled`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            let waiting = Task { try await world.orchestrator.waitUntilIdle(.wall) }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            gate.open()
            _ = try await world.orchestrator.waitUntilEnded(runID: run.id)
        }
    }
}

struct Broken: LocalizedError {
    var errorDescription: String? { "it broke." }
    var recoverySuggestion: String? { "mend it." }
}

/// Lets an operator reach the orchestrator that is made after it.
actor Starter {
    private var made: (any Orchestrator)?
    func set(_ orchestrator: any Orchestrator) { made = orchestrator }
    func orchestrator() throws -> any Orchestrator { try #require(made) }
}
