import TestKit
import Testing

@testable import Scheduling

/// What becomes of runs for which there is no place, that take too long, or that somebody asks for afterwards.
@Suite struct RunRulesTests {
    private func moment(_ text: String) throws -> Instant { try Instant(text: text, in: .utc) }

    private func hook(_ change: (inout Pipeline) -> Void = { _ in }, _ world: SchedulingWorld) throws -> Pipeline {
        try world.pipeline(named: "p", [Trigger(kind: .webhook(name: "go"))]) {
            $0.maxActiveRuns = 1
            change(&$0)
        }
    }

    @Test func `with skip a run for which there is no place is not made, unless a person asks for it`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.orchestrator.load([try hook({ $0.overlap = .skip }, world)])
            #expect(try await world.orchestrator.receiveHook("go", event: [:]).count == 1)
            #expect(try await world.orchestrator.receiveHook("go", event: [:]).isEmpty)
            #expect(try await world.orchestrator.start(RunStart(pipelineID: "p")).state == .queued)
            gate.open()
            try await world.orchestrator.waitUntilIdle(.wall)
            #expect(try await world.runs(of: "p").map(\.cause) == [.webhook, .manual])
        }
    }

    @Test func `with cancel_running the newest run takes the place of those before it`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, context in
                if !context.run.event.isEmpty { try await gate.pass() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.orchestrator.load([try hook({ $0.overlap = .cancelRunning }, world)])
            for n in ["1", "2"] {
                world.clock.advance(by: .seconds(1))
                _ = try await world.orchestrator.receiveHook("go", event: ["n": n])
            }
            world.clock.advance(by: .seconds(1))
            _ = try await world.orchestrator.receiveHook("go", event: [:])
            try await world.orchestrator.waitUntilIdle(.wall)
            let runs = try await world.runs(of: "p")
            #expect(runs.map(\.state) == [.cancelled, .cancelled, .success])
            #expect(runs.first?.message?.contains("overlap: cancel_running") == true)
        }
    }

    @Test func `a missed deadline is told once, also over a restart`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let (gate, store) = (Gate(), MemoryRunStore())
            let step = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let clock = ManualClock(try moment("2026-03-01T10:00"))
            let first = SchedulingWorld(folder: folder, operators: [step], clock: clock, store: store)
            let secret = Template(pieces: [
                .text("https://"), .reference(namespace: "variables", path: ["host"], raw: false), .text("/"),
                .reference(namespace: "secrets", path: ["KEY"], raw: false),
            ])
            let pipeline = try first.pipeline(
                named: "p", source: "pipeline: p\nvariables: {host: x.org}\ntasks: {a: {uses: test/step}}"
            ) {
                $0.deadline = .seconds(1200)
                $0.notifications = [
                    NotificationRule(event: .failure, target: .log, logLines: 5),
                    NotificationRule(event: .deadline, target: .webhook(secret), logLines: 0),
                ]
            }
            try await first.orchestrator.load([pipeline])
            let run = try await first.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals()
            await first.orchestrator.shutdown(grace: .zero)

            clock.advance(by: .seconds(600))
            for life in 0..<2 {
                let next = SchedulingWorld(folder: folder, operators: [step], clock: clock, store: store)
                try await next.orchestrator.load([pipeline])
                try await next.orchestrator.resume()
                let service = Task { await next.orchestrator.run() }
                if life == 0 {
                    await clock.waitForSleeper(until: try moment("2026-03-01T10:20"))
                    clock.advance(to: try moment("2026-03-01T10:20"))
                }
                await clock.waitForSleeper(until: try moment("2026-03-02T10:20"))
                await next.orchestrator.shutdown(grace: .zero)
                await service.value
            }
            #expect(store.contents.notifications.count == 1)
            let told = try #require(store.contents.notifications.first)
            #expect(told.event == .deadline)
            #expect(told.runID == run.id)
            #expect(told.webhook == "https://x.org/${secrets.KEY}")
            #expect(told.message?.contains("20m") == true)
        }
    }

    @Test func `a run that ends in time misses no deadline`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.orchestrator.load([
                try world.pipeline(named: "p") {
                    $0.deadline = .seconds(60)
                    $0.notifications = [NotificationRule(event: .deadline, target: .log, logLines: 0)]
                }
            ])
            _ = try await world.run("p")
            #expect(await world.orchestrator.triggers.wall.isEmpty)
            #expect(world.store.contents.notifications.isEmpty)
        }
    }

    @Test func `a backfill says what it will make, then makes it, oldest first, and leaves what exists`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try moment("2026-03-05T12:00"))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock)
            try await world.load(
                """
                pipeline: p
                max_active_runs: 1
                params: {n: {type: int, default: 1}}
                triggers: [{cron: "@daily"}]
                tasks: {a: {uses: test/step}}
                """)
            var request = BackfillRequest(
                pipelineID: "p", from: try moment("2026-03-01"), to: try moment("2026-03-09"), params: ["n": "2"],
                isDryRun: true, actor: "cli")
            let days = try (1...5).map { try moment("2026-03-0\($0)") }
            let plan = try await world.orchestrator.backfill(request)
            #expect(plan == BackfillOutcome(dates: days, runIDs: [], existing: 0))
            #expect(try await world.runs(of: "p").isEmpty)
            request.isDryRun = false
            request.to = days[1]
            _ = try await world.orchestrator.backfill(request)
            request.to = days[4]
            let outcome = try await world.orchestrator.backfill(request)
            #expect(outcome.existing == 2)
            #expect(outcome.dates == Array(days[2...]))
            try await world.orchestrator.waitUntilIdle(.wall)
            let runs = try await world.runs(of: "p")
            #expect(runs.map(\.logicalDate) == days)
            #expect(runs.allSatisfy { $0.cause == .backfill && $0.params == ["n": "2"] && $0.state == .success })
            #expect(runs.first?.id == "p-20260301T000000")
            let audit = try await world.orchestrator.audit(of: "p", limit: 9)
            #expect(audit.map(\.action) == [.backfill, .backfill])
            #expect(audit.first?.detail.hasPrefix("3 runs from 2026-03-01") == true)
            request.params = ["m": "1"]
            await #expect(throws: ParamError.self) { try await world.orchestrator.backfill(request) }
            (request.params, request.to) = ([:], try moment("2026-02-01"))
            await #expect(throws: SchedulingError.self) { try await world.orchestrator.backfill(request) }
        }
    }

    @Test func `a person's start is about the moment that they name, and is written down`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load("pipeline: p\ntriggers: [{cron: \"@daily\"}]\ntasks: {a: {uses: test/step}}")
            let run = try await world.orchestrator.start(
                RunStart(pipelineID: "p", logicalDate: try moment("2014-05-06T07:00"), actor: "page"))
            #expect(run.logicalDate == (try moment("2014-05-06T07:00")))
            #expect(run.dataInterval == DataInterval(start: try moment("2014-05-05"), end: try moment("2014-05-06")))
            let entry = try #require(try await world.orchestrator.audit(of: "p", limit: 9).first)
            #expect(entry.action == .start)
            #expect(entry.actor == "page")
            #expect(entry.runID == run.id)
            try await world.orchestrator.waitUntilIdle(.wall)
        }
    }
}
