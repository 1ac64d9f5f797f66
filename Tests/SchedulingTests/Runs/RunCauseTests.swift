import TestKit
import Testing

@testable import Scheduling

@Suite struct RunCauseTests {
    private func moment(_ text: String) throws -> Instant { try Instant(text: text, in: .utc) }

    private func event(_ path: String) -> Template {
        Template(pieces: [.reference(namespace: "event", path: [path], raw: false)])
    }

    @Test func `a run follows the end of another pipeline's run, with its date and clock`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.orchestrator.load([
                try world.pipeline(
                    "pipeline: one\ntriggers: [{cron: \"@daily\", clock: replay}]\ntasks: {a: {uses: test/step}}"),
                try world.pipeline(named: "two", [.after("one")]), try world.pipeline(named: "three", [.after("two")]),
                try world.pipeline(named: "rescue", [.after("one", [.failed])]),
            ])
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-02"))
            try await world.orchestrator.waitUntilIdle(.replay)
            let two = try #require(try await world.runs(of: "two").first)
            #expect(two.cause == .after)
            #expect(two.event == ["pipeline": "one", "run_id": "one-20150102T000000", "state": "success"])
            #expect(two.parentRunID == "one-20150102T000000")
            let three = try #require(try await world.runs(of: "three").first)
            #expect(three.state == .success)
            #expect(three.clock == .replay)
            #expect(three.logicalDate == (try moment("2015-01-02")))
            #expect(try await world.runs(of: "rescue").isEmpty)
        }
    }

    @Test func `an end that a crash left without its run is followed by the next start, once`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let store = MemoryRunStore()
            let first = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
            let (one, two) = (try first.pipeline(named: "one"), try first.pipeline(named: "two", [.after("one")]))
            try await first.orchestrator.load([one, two])
            // A life that does not know of the second pipeline ends the run, as one that died right after storing it.
            let dying = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
            try await dying.orchestrator.load([one])
            _ = try await dying.run("one")
            for _ in 0..<2 {
                let next = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
                try await next.orchestrator.load([one, two])
                try await next.orchestrator.resume()
                try await next.orchestrator.waitUntilIdle(.wall)
                #expect(try await next.runs(of: "two").map(\.state) == [.success])
            }
        }
    }

    @Test func `a run that follows another is made once the store takes it again`() async throws {
        try await SchedulingWorld.withFolder { folder in
            // After the trigger's beginning, the run and its end.
            let store = MemoryRunStore(fault: .fail(4...8))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
            try await world.orchestrator.load([
                try world.pipeline(named: "one"), try world.pipeline(named: "two", [.after("one")]),
            ])
            _ = try await world.run("one")
            for pause in [Duration.milliseconds(20), .milliseconds(40), .milliseconds(80), .seconds(5)] {
                await world.clock.waitForSleeper(until: world.clock.now.advanced(by: pause))
                world.clock.advance(by: pause)
            }
            try await world.orchestrator.waitUntilIdle(.wall)
            #expect(try await world.runs(of: "two").map(\.state) == [.success])
        }
    }

    @Test func `ends during a pause are nobody's business after it, nor at the next start`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let (store, clock) = (MemoryRunStore(), ManualClock())
            let first = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock, store: store)
            let pipelines = [try first.pipeline(named: "one"), try first.pipeline(named: "two", [.after("one")])]
            try await first.orchestrator.load(pipelines)
            try await first.orchestrator.setPaused(true, pipelineID: "two", actor: "ann")
            _ = try await first.run("one")
            clock.advance(by: .seconds(1))
            try await first.orchestrator.setPaused(false, pipelineID: "two", actor: "ann")
            let next = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock, store: store)
            try await next.orchestrator.load(pipelines)
            try await next.orchestrator.resume()
            try await next.orchestrator.waitUntilIdle(.wall)
            #expect(try await next.runs(of: "two").isEmpty)
        }
    }

    @Test func `pipelines in a circle come to an end, and one of them says why`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.orchestrator.load([
                try world.pipeline(named: "one", [.after("two")]), try world.pipeline(named: "two", [.after("one")]),
            ])
            _ = try await world.run("one")
            try await world.orchestrator.waitUntilIdle(.wall)
            let count = try await world.runs(of: "one").count + world.runs(of: "two").count
            #expect(count == LocalOrchestrator.longestChain + 1)
            let problems = try await world.orchestrator.pipelines().flatMap(\.problems)
            #expect(problems.count == 1)
            #expect(problems.first?.contains("go in a circle") == true)
        }
    }

    @Test func `a webhook gives its values to every pipeline that waits for it`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            let source = "params: {branch: {type: string}}\ntasks: {a: {uses: test/step}}"
            let hook = Trigger(kind: .webhook(name: "push"), params: ["branch": event("ref")])
            try await world.orchestrator.load([
                try world.pipeline(named: "build", [hook], source: "pipeline: build\n" + source),
                try world.pipeline(named: "check", [hook], source: "pipeline: check\n" + source),
            ])
            let runs = try await world.orchestrator.receiveHook("push", event: ["ref": "main"])
            #expect(runs.map(\.pipelineID) == ["build", "check"])
            #expect(runs.allSatisfy { $0.cause == .webhook && $0.params == ["branch": "main"] })
            await #expect(throws: SchedulingError.unknownHook(name: "pusch", nearest: "push")) {
                try await world.orchestrator.receiveHook("pusch", event: [:])
            }
            try await world.orchestrator.waitUntilIdle(.wall)
        }
    }

    @Test func `a value that does not check gives no run but a problem, until one does`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            let hook = Trigger(kind: .webhook(name: "go"), params: ["n": event("n")])
            try await world.orchestrator.load([
                try world.pipeline(
                    named: "p", [hook], source: "pipeline: p\nparams: {n: {type: int}}\ntasks: {a: {uses: test/step}}")
            ])
            await #expect(throws: SchedulingError.self) {
                try await world.orchestrator.receiveHook("go", event: ["n": "many"])
            }
            #expect(try await world.runs(of: "p").isEmpty)
            let problem = try await world.orchestrator.pipelines().first?.problems.first
            #expect(problem?.contains("n is \"many\"") == true)
            _ = try await world.orchestrator.receiveHook("go", event: ["n": "3"])
            #expect(try await world.orchestrator.pipelines().first?.problems == [])
            try await world.orchestrator.waitUntilIdle(.wall)
        }
    }

    @Test func `every counts from its start, on both clocks`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try moment("2026-03-01T10:20"))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock)
            let (wall, replay) = (try moment("2026-03-01T10:05"), try moment("2015-01-01T06:00"))
            let often = Timetable.every(.seconds(1800))
            try await world.orchestrator.load([
                try world.pipeline(named: "w", [Trigger(kind: .time(often), start: wall)]),
                try world.pipeline(named: "r", [Trigger(kind: .time(often), clock: .replay, start: replay)]),
            ])
            let service = Task { await world.orchestrator.run() }
            await clock.waitForSleeper(until: try moment("2026-03-01T10:35"))
            clock.advance(to: try moment("2026-03-01T10:35"))
            await clock.waitForSleeper(until: try moment("2026-03-01T11:05"))
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-01"))
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-01T07:10"))
            for name in ClockName.allCases { try await world.orchestrator.waitUntilIdle(name) }
            #expect(try await world.runs(of: "w").map(\.logicalDate) == [try moment("2026-03-01T10:35")])
            #expect(
                try await world.runs(of: "r").map(\.logicalDate)
                    == ["06:00", "06:30", "07:00"].map { try moment("2015-01-01T\($0)") })
            service.cancel()
            await service.value
        }
    }
}
