import Scheduling
import TestKit
import Testing

/// Pools, the run before, clearing and what is told, through the orchestrator.
@Suite struct AdmissionTests {
    /// A pipeline of the text, changed as the test says.
    private func load(
        _ world: SchedulingWorld, _ source: String, _ change: (inout Pipeline) -> Void
    ) async throws {
        var pipeline = try world.pipeline(source)
        change(&pipeline)
        try await world.orchestrator.load([pipeline])
    }

    @Test func `tasks of a pool with one slot run one after another`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let peak = Peak()
            let step = ScriptedOperator { _, _ in
                await peak.during { await Task.yield() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            let tasks = (0..<8).map { "  t\($0): {uses: test/step}" }.joined(separator: "\n")
            try await load(world, "pipeline: p\ntasks:\n\(tasks)") { pipeline in
                for index in pipeline.tasks.indices { pipeline.tasks[index].pool = "training" }
            }
            let run = try await world.run("p")
            #expect(run.run.state == .success)
            #expect(await peak.most == 1)
        }
    }

    @Test func `a pipeline runs at most as many tasks at once as it says`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let peak = Peak()
            let step = ScriptedOperator { _, _ in
                await peak.during { await Task.yield() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            let tasks = (0..<9).map { "  t\($0): {uses: test/step}" }.joined(separator: "\n")
            try await load(world, "pipeline: p\ntasks:\n\(tasks)") { $0.maxActiveTasks = 3 }
            #expect(try await world.run("p").run.state == .success)
            #expect(await peak.most <= 3)
        }
    }

    private static let daily = """
        pipeline: p
        triggers: [{cron: "@daily", clock: replay}]
        max_active_runs: 5
        tasks: {a: {uses: test/step}}
        """

    @Test func `a task that depends on the past waits for it and goes on once it is cleared`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let isBroken = Flag(true)
            let step = ScriptedOperator { _, context in
                if await isBroken.value, context.run.id == "p-20150102T000000" { throw Broken() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await load(world, Self.daily) { $0.tasks[0].dependsOnPast = true }
            try await world.orchestrator.advance(.replay, to: Instant(text: "2015-01-01", in: .utc))
            try await world.orchestrator.advance(.replay, to: Instant(text: "2015-01-03", in: .utc))
            let failed = try await world.orchestrator.waitUntilEnded(runID: "p-20150102T000000")
            #expect(failed.state == .failed)
            let events = await world.orchestrator.events()
            let waiting = Task {
                for await event in events {
                    if case .task(let task, _) = event, task.message?.contains("failed: clear it or mark it") == true {
                        return
                    }
                }
            }
            if try await world.orchestrator.run(id: "p-20150103T000000")["a"]?.message?.contains("failed") != true {
                await waiting.value
            }
            #expect(try await world.orchestrator.run(id: "p-20150103T000000").states == "a scheduled")
            await isBroken.set(false)
            let request = ClearRequest(runID: "p-20150102T000000", actor: "test")
            #expect(try await world.orchestrator.clear(request) == ["a"])
            #expect(try await world.orchestrator.waitUntilEnded(runID: "p-20150102T000000").state == .success)
            #expect(try await world.orchestrator.waitUntilEnded(runID: "p-20150103T000000").state == .success)
            #expect(
                step.calls == [
                    "p-20150101T000000/a#1", "p-20150102T000000/a#1", "p-20150102T000000/a#2", "p-20150103T000000/a#1",
                ])
            let audit = try await world.orchestrator.audit(of: "p", limit: 10)
            #expect(audit.map(\.action) == [.clear])
            #expect(audit.first?.detail == "cleared a")
        }
    }

    @Test func `what is to be told is stored with what it tells of, and secrets are not`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let isBroken = Flag(true)
            let step = ScriptedOperator { _, _ in
                if await isBroken.value { throw Broken() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await load(world, "pipeline: p\ntasks: {a: {uses: test/step}}") { pipeline in
                let hook = NotificationRule.Target.webhook(
                    Template(pieces: [
                        .text("https://x/"), .reference(namespace: "secrets", path: ["KEY"], raw: false),
                        .text("?run="), .reference(namespace: "run", path: ["id"], raw: false),
                    ]))
                pipeline.notifications = [
                    NotificationRule(event: .failure, target: hook, logLines: 5),
                    NotificationRule(event: .recovered, target: .log, logLines: 0),
                    NotificationRule(event: .success, target: .log, logLines: 0),
                ]
            }
            let first = try await world.run("p")
            #expect(first.run.state == .failed)
            await isBroken.set(false)
            _ = try await world.run("p")
            _ = try await world.run("p")
            let told = world.store.contents.notifications
            #expect(told.map(\.event) == [.failure, .success, .recovered, .success])
            #expect(told[0].webhook == "https://x/${secrets.KEY}?run=\(first.run.id)")
            #expect(told[0].taskID == "a")
            #expect(told[0].message == "it broke")
            #expect(Set(told.map(\.id)).count == 4)
        }
    }

    @Test func `a task that produces a dataset stores its new version with its success`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator { _, _ in ["rows": "12"] }])
            try await load(world, Self.daily) { $0.tasks[0].produces = ["ratings"] }
            let day = try Instant(text: "2015-01-01", in: .utc)
            try await world.orchestrator.advance(.replay, to: day)
            try await world.orchestrator.waitUntilIdle(.replay)
            let event = try #require(world.store.contents.datasetEvents.first)
            #expect((event.name, event.newRows, event.at, event.clock) == ("ratings", 12, day, .replay))
            #expect(event.id == "p-20150101T000000/a/1/ratings")
        }
    }

    @Test func `a mark is on record and moves a run that has ended`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator { _, _ in throw Broken() }])
            try await load(world, "pipeline: p\ntasks: {a: {uses: test/step}}") { _ in }
            let run = try await world.run("p")
            try await world.orchestrator.mark(runID: run.run.id, taskID: "a", as: .success, actor: "ann")
            let marked = try await world.orchestrator.run(id: run.run.id)
            #expect(marked.run.state == .success)
            #expect(marked["a"]?.message == "marked success by ann")
            #expect(try await world.orchestrator.audit(of: nil, limit: 1).first?.action == .markSuccess)
            await #expect(throws: SchedulingError.unknownTask(id: "b", runID: run.run.id, nearest: "a")) {
                try await world.orchestrator.mark(runID: run.run.id, taskID: "b", as: .failed, actor: "ann")
            }
        }
    }

    @Test func `a run in which all was well can be marked as failed`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await load(world, "pipeline: p\ntasks: {a: {uses: test/step}, b: {needs: [a], uses: test/step}}") { _ in
            }
            let run = try await world.run("p")
            try await world.orchestrator.mark(runID: run.run.id, taskID: nil, as: .failed, actor: "ann")
            let marked = try await world.orchestrator.run(id: run.run.id)
            #expect(marked.run.state == .failed)
            #expect(marked.states == "a success, b failed")
        }
    }

    private struct Broken: Error, CustomStringConvertible { let description = "it broke" }

    private actor Flag {
        private(set) var value: Bool
        init(_ value: Bool) { self.value = value }
        func set(_ value: Bool) { self.value = value }
    }

    private actor Peak {
        private(set) var most = 0
        private var now = 0
        func during(_ body: @Sendable () async -> Void) async {
            now += 1
            most = max(most, now)
            await body()
            now -= 1
        }
    }
}
