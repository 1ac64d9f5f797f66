import Foundation
import Scheduling
import TestKit
import Testing

@Suite struct ScheduleTests {
    private func moment(_ text: String) throws -> Instant { try Instant(text: text, in: .utc) }

    private func ids(_ world: SchedulingWorld) async throws -> [String] {
        try await world.orchestrator.runs(of: nil, limit: 99, before: nil).map(\.id).sorted()
    }

    @Test func `the replay clock makes each run once however often it is told`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load(
                "pipeline: p\ntimezone: Asia/Seoul\ntriggers: [{cron: \"@daily\", clock: replay}]\ntasks: {a: {uses: test/step}}"
            )
            for _ in 0..<3 { try await world.orchestrator.advance(.replay, to: try moment("2015-01-08T15:00")) }
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-10T14:59:59"))
            try await world.orchestrator.waitUntilIdle(.replay)
            #expect(try await ids(world) == ["p-20150109T000000", "p-20150110T000000"])
            let run = try await world.orchestrator.run(id: "p-20150109T000000").run
            #expect(run.logicalDate == (try moment("2015-01-08T15:00")))
            #expect(
                run.dataInterval
                    == DataInterval(start: try moment("2015-01-07T15:00"), end: try moment("2015-01-08T15:00")))
            #expect(run.cause == .schedule)
        }
    }

    @Test func `a paused pipeline lets simulated time pass without runs`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load(
                "pipeline: p\ntriggers: [{cron: \"@daily\", clock: replay}]\ntasks: {a: {uses: test/step}}")
            try await world.orchestrator.setPaused(true, pipelineID: "p", actor: "test")
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-05"))
            try await world.orchestrator.setPaused(false, pipelineID: "p", actor: "test")
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-06"))
            try await world.orchestrator.waitUntilIdle(.replay)
            #expect(try await ids(world) == ["p-20150106T000000"])
        }
    }

    @Test func `two triggers that fire at one moment make two runs`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load(
                """
                pipeline: p
                params: {n: {type: int, default: 1}}
                triggers: [{cron: "@daily", clock: replay}, {cron: "@monthly", clock: replay, params: {n: 2}}]
                tasks: {a: {uses: test/step}}
                """)
            try await world.orchestrator.advance(.replay, to: try moment("2015-02-01"))
            try await world.orchestrator.waitUntilIdle(.replay)
            #expect(try await ids(world) == ["p-20150201T000000", "p-20150201T000000-t1"])
            #expect(try await world.orchestrator.run(id: "p-20150201T000000-t1").run.params == ["n": "2"])
        }
    }

    @Test func `the wall's schedule fires when its moment comes`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try moment("2026-03-01T10:20"))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock)
            try await world.load("pipeline: p\ntriggers: [{cron: \"@hourly\"}]\ntasks: {a: {uses: test/step}}")
            let service = Task { await world.orchestrator.run() }
            for hour in ["11", "12"] {
                let due = try moment("2026-03-01T\(hour):00")
                await clock.waitForSleeper(until: due)
                clock.advance(to: due)
            }
            await clock.waitForSleeper(until: try moment("2026-03-01T13:00"))
            #expect(try await ids(world) == ["p-20260301T110000", "p-20260301T120000"])
            // A laptop that slept: only the newest of what was missed.
            clock.advance(to: try moment("2026-03-01T17:30"))
            await clock.waitForSleeper(until: try moment("2026-03-01T18:00"))
            #expect(try await ids(world) == ["p-20260301T110000", "p-20260301T120000", "p-20260301T170000"])
            try await world.orchestrator.waitUntilIdle(.wall)
            service.cancel()
            await service.value
        }
    }

    @Test func `a pipeline that is loaded or paused changes what the service waits for`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try moment("2026-03-01T10:20"))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock)
            let service = Task { await world.orchestrator.run() }
            await clock.waitForSleeper(until: try moment("2026-03-02T10:20"))
            try await world.load("pipeline: p\ntriggers: [{cron: \"@hourly\"}]\ntasks: {a: {uses: test/step}}")
            await clock.waitForSleeper(until: try moment("2026-03-01T11:00"))
            try await world.orchestrator.setPaused(true, pipelineID: "p", actor: "test")
            await clock.waitForSleeper(until: try moment("2026-03-02T10:20"))
            clock.advance(to: try moment("2026-03-01T15:00"))
            try await world.orchestrator.setPaused(false, pipelineID: "p", actor: "test")
            await clock.waitForSleeper(until: try moment("2026-03-01T16:00"))
            #expect(try await ids(world).isEmpty)
            await world.orchestrator.shutdown(grace: .zero)
            await service.value
        }
    }

    @Test(arguments: [
        ("none", []), ("latest", ["p-20260305T000000"]),
        ("all", ["p-20260302T000000", "p-20260303T000000", "p-20260304T000000", "p-20260305T000000"]),
    ])
    func `what was missed while nothing ran follows the trigger's catchup`(_ catchup: String, _ expected: [String])
        async throws
    {
        try await SchedulingWorld.withFolder { folder in
            let source =
                "pipeline: p\ntriggers: [{cron: \"@daily\", catchup: \(catchup)}]\ntasks: {a: {uses: test/step}}"
            let before = ManualClock(try moment("2026-03-01T10:00"))
            let first = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: before)
            try await first.load(source)
            let life = Task { await first.orchestrator.run() }
            await before.waitForSleeper(until: try moment("2026-03-02"))
            life.cancel()
            await life.value

            let clock = ManualClock(try moment("2026-03-05T08:00"))
            let world = SchedulingWorld(
                folder: folder, operators: [ScriptedOperator()], clock: clock,
                store: MemoryRunStore(first.store.contents))
            try await world.load(source)
            try await world.orchestrator.resume()
            let service = Task { await world.orchestrator.run() }
            await clock.waitForSleeper(until: try moment("2026-03-06"))
            try await world.orchestrator.waitUntilIdle(.wall)
            #expect(try await ids(world) == expected)
            service.cancel()
            await service.value
        }
    }

    @Test
    func `a clock that is set back makes no run twice, and one that is corrected does not wait for its former time`()
        async throws
    {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try moment("2026-03-01T10:20"))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock)
            let source = "pipeline: p\ntriggers: [{cron: \"@hourly\"}]\ntasks: {a: {uses: test/step}}"
            try await world.load(source)
            let service = Task { await world.orchestrator.run() }
            await clock.waitForSleeper(until: try moment("2026-03-01T11:00"))
            clock.advance(to: try moment("2026-03-01T11:00"))
            await clock.waitForSleeper(until: try moment("2026-03-01T12:00"))
            clock.set(to: try moment("2026-03-01T10:58"))
            await clock.waitForSleeper(until: try moment("2026-03-01T12:00"))
            clock.advance(to: try moment("2026-03-01T11:30"))
            try await world.orchestrator.waitUntilIdle(.wall)
            #expect(try await ids(world) == ["p-20260301T110000"])
            clock.set(to: try moment("2026-02-27T09:30"))
            await clock.waitForSleeper(until: try moment("2026-02-27T10:00"))
            clock.advance(to: try moment("2026-02-27T10:00"))
            await clock.waitForSleeper(until: try moment("2026-02-27T11:00"))
            #expect(try await ids(world) == ["p-20260227T100000", "p-20260301T110000"])
            try await world.orchestrator.waitUntilIdle(.wall)
            service.cancel()
            await service.value
        }
    }

    @Test func `a clock that is set forward does not use up a task's time, nor the pause before its retry`()
        async throws
    {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try moment("2026-03-01T10:20"))
            let gate = Gate()
            let step = ScriptedOperator { _, context in
                if context.attempt == 1 { try await gate.pass() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step], clock: clock)
            try await world.load(
                "pipeline: p\ntasks: {a: {uses: test/step, timeout: 10m, retry: {max: 1, delay: 30m, jitter: 0%}}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()
            await clock.waitForSleeper(until: try moment("2026-03-01T10:30"))
            clock.set(to: try moment("2026-03-01T16:00"))
            await clock.waitForSleeper(until: try moment("2026-03-01T16:10"))
            clock.advance(to: try moment("2026-03-01T16:10"))
            await clock.waitForSleeper(until: try moment("2026-03-01T16:40"))
            // Back too: it waits no longer than it should.
            clock.set(to: try moment("2026-03-01T09:00"))
            clock.advance(to: try moment("2026-03-01T09:30"))
            #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state == .success)
            #expect(try await world.orchestrator.run(id: run.id)["a"]?.failures == 1)
        }
    }

    @Test func `a replay that begins again makes its runs again`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let store = MemoryRunStore()
            let again = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], store: store)
            try await again.load(
                "pipeline: p\ntriggers: [{cron: \"@daily\", clock: replay}]\ntasks: {a: {uses: test/step}}")
            try await again.orchestrator.advance(.replay, to: try moment("2015-01-05"))
            try await again.orchestrator.waitUntilIdle(.replay)
            store.forgetAll()
            await again.orchestrator.forgetReplay()
            try await again.orchestrator.advance(.replay, to: try moment("2015-01-05"))
            try await again.orchestrator.waitUntilIdle(.replay)
            #expect(try await ids(again) == ["p-20150105T000000"])
        }
    }

    @Test func `a run by hand has the date of its pipeline's clock`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load(
                "pipeline: p\ntriggers: [{cron: \"@daily\", clock: replay}]\ntasks: {a: {uses: test/step}}")
            await #expect(throws: SchedulingError.replayHasNotBegun(pipelineID: "p")) {
                try await world.orchestrator.start(RunStart(pipelineID: "p"))
            }
            try await world.orchestrator.setPaused(true, pipelineID: "p", actor: "test")
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-09T06:00"))
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            #expect(run.clock == .replay)
            #expect(run.logicalDate == (try moment("2015-01-09T06:00")))
            #expect(run.dataInterval == DataInterval(start: try moment("2015-01-08"), end: try moment("2015-01-09")))
            #expect(run.id.hasPrefix("p-20150109T060000-"))
            try await world.orchestrator.waitUntilIdle(.replay)
        }
    }

    @Test func `a shutdown leaves a state from which the next start goes on`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let source = "pipeline: p\ntasks: {a: {uses: test/step}, b: {needs: [a], uses: test/step}}"
            let gate = Gate()
            let slow = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let first = SchedulingWorld(folder: folder, operators: [slow])
            try await first.load(source)
            let run = try await first.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()
            let shutdown = Task { await first.orchestrator.shutdown(grace: .seconds(4)) }
            await first.clock.waitForSleeper(until: first.clock.now.advanced(by: .seconds(2)))
            first.clock.advance(by: .seconds(2))
            await shutdown.value
            let left = try #require(first.store.contents.runs[run.id])
            #expect(left.states == "a scheduled, b none")
            #expect(left["a"]?.message == "interrupted by a shutdown or a crash; it runs again")
            await #expect(throws: SchedulingError.stopping) {
                try await first.orchestrator.start(RunStart(pipelineID: "p"))
            }

            let world = SchedulingWorld(
                folder: folder, operators: [ScriptedOperator()], store: MemoryRunStore(first.store.contents))
            try await world.load(source)
            try await world.orchestrator.resume()
            _ = try await world.orchestrator.waitUntilEnded(runID: run.id)
            #expect(world.store.contents.runs[run.id]?.states == "a success, b success")
            #expect(world.store.contents.runs[run.id]?["a"]?.failures == 0)
        }
    }

    @Test func `a shutdown lets a task finish that is about to`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let slow = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [slow])
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}, b: {needs: [a], uses: test/step}}")
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()
            let shutdown = Task { await world.orchestrator.shutdown(grace: .seconds(4)) }
            await world.clock.waitForSleeper(until: world.clock.now.advanced(by: .seconds(2)))
            gate.open()
            await shutdown.value
            #expect(world.store.contents.runs[run.id]?.states == "a success, b scheduled")
        }
    }
}
