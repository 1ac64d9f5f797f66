import Synchronization
import TestKit
import Testing

@testable import Scheduling

@Suite struct DatasetTriggerTests {
    private func moment(_ text: String) throws -> Instant { try Instant(text: text, in: .utc) }

    /// A task that stores a new version of `ratings`, as the success of a task that produces it does.
    private final class Producer: Sendable {
        private let orchestrator = Mutex<LocalOrchestrator?>(nil)
        func set(_ world: SchedulingWorld) { orchestrator.withLock { $0 = world.orchestrator } }
        var step: ScriptedOperator {
            ScriptedOperator("test/produce") { _, context in
                let event = DatasetEvent(
                    id: "\(context.run.id)/ratings", name: "ratings", clock: context.run.clock,
                    at: context.run.logicalDate, newRows: 40, runID: context.run.id, taskID: context.taskID)
                try await self.orchestrator.withLock { $0 }?.submitAndWait([.addDatasetEvent(event)])
                return [:]
            }
        }
    }
    private static let daily = """
        pipeline: ingest
        triggers: [{cron: "@daily", clock: replay}]
        tasks: {make: {uses: test/produce}}
        """

    private func world(_ folder: String, _ store: MemoryRunStore = MemoryRunStore(), clock: ManualClock = ManualClock())
        -> SchedulingWorld
    {
        let producer = Producer()
        let world = SchedulingWorld(
            folder: folder, operators: [ScriptedOperator(), producer.step], clock: clock, store: store)
        producer.set(world)
        return world
    }

    @Test func `a run of the day follows the task that made the data, and the day is not over before it`() async throws
    {
        try await SchedulingWorld.withFolder { folder in
            let world = world(folder)
            try await world.orchestrator.load([
                try world.pipeline(Self.daily),
                try world.pipeline(
                    named: "train", [.dataset("ratings")],
                    source: """
                        pipeline: train
                        params: {rows: {type: int, default: 0}}
                        tasks: {a: {uses: test/step}}
                        """
                ) { pipeline in
                    pipeline.triggers[0].params = [
                        "rows": Template(pieces: [.reference(namespace: "event", path: ["new_rows"], raw: false)])
                    ]
                },
            ])
            for day in ["2015-01-02", "2015-01-03", "2015-01-04"] {
                try await world.orchestrator.advance(.replay, to: try moment(day))
                try await world.orchestrator.waitUntilIdle(.replay)
                let last = try #require(try await world.runs(of: "train").last)
                #expect(last.logicalDate == (try moment(day)))
                #expect(last.state == .success)
            }
            let runs = try await world.runs(of: "train")
            #expect(runs.count == 3)
            let run = try #require(runs.first)
            #expect(run.cause == .dataset)
            #expect(run.clock == .replay)
            #expect(run.dataInterval == DataInterval(start: try moment("2015-01-01"), end: try moment("2015-01-02")))
            #expect(run.params == ["rows": "40"])
            #expect(
                run.event == [
                    "dataset": "ratings", "datasets": "ratings", "new_rows": "40", "run_id": "ingest-20150102T000000",
                    "task": "make", "at": "2015-01-02T00:00:00+00:00",
                ])
        }
    }

    @Test func `a crash between the data and the run loses nothing and makes no second run`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let store = MemoryRunStore()
            let first = world(folder, store)
            let train = try first.pipeline(named: "train", [.dataset("ratings")])
            try await first.orchestrator.load([train])
            // Behind the back of the first life, as if it had died right after storing it.
            try await store.apply([
                .addDatasetEvent(DatasetEvent(id: "1", name: "ratings", clock: .wall, at: first.clock.now))
            ])
            for _ in 0..<2 {
                let next = world(folder, store)
                try await next.orchestrator.load([train])
                try await next.orchestrator.resume()
                try await next.orchestrator.waitUntilIdle(.wall)
                #expect(try await next.runs(of: "train").map(\.state) == [.success])
            }
        }
    }

    @Test func `what happened before a trigger was there is not its business`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = world(folder)
            let event = { DatasetEvent(id: $0, name: "ratings", clock: .wall, at: world.clock.now, newRows: 1) }
            #expect(try await world.orchestrator.signal(event("1")).isEmpty)
            try await world.orchestrator.load([try world.pipeline(named: "train", [.dataset("ratings")])])
            try await world.orchestrator.resume()
            try await world.orchestrator.waitUntilIdle(.wall)
            #expect(try await world.runs(of: "train").isEmpty)
            let caused = try await world.orchestrator.signal(event("2"))
            #expect(caused.map(\.pipelineID) == ["train"])
            #expect(caused.first?.event["new_rows"] == "1")
            #expect(try await world.orchestrator.signal(event("2")).isEmpty)
            try await world.orchestrator.waitUntilIdle(.wall)
        }
    }

    @Test func `on the wall a pause without further versions is waited for`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try moment("2026-03-01T10:00"))
            let world = world(folder, clock: clock)
            try await world.orchestrator.load([
                try world.pipeline(named: "train", [.dataset("a", "b", debounce: .seconds(60))])
            ])
            let service = Task { await world.orchestrator.run() }
            func signal(_ id: String, _ name: String) async throws {
                let event = DatasetEvent(id: id, name: name, clock: .wall, at: clock.now, newRows: 5)
                #expect(try await world.orchestrator.signal(event).isEmpty)
            }
            try await signal("1", "a")
            try await signal("2", "b")
            await clock.waitForSleeper(until: try moment("2026-03-01T10:01"))
            clock.advance(by: .seconds(30))
            try await signal("3", "a")
            await clock.waitForSleeper(until: try moment("2026-03-01T10:01:30"))
            clock.advance(to: try moment("2026-03-01T10:01:30"))
            await clock.waitForSleeper(until: try moment("2026-03-02T10:01:30"))
            try await world.orchestrator.waitUntilIdle(.wall)
            let runs = try await world.runs(of: "train")
            #expect(runs.map { $0.event["new_rows"] } == ["15"])
            #expect(runs.first?.event["datasets"] == "a,b")
            service.cancel()
            await service.value
        }
    }

    @Test func `on the replay clock a pause that ends within the day belongs to it, a longer one waits`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = world(folder)
            try await world.orchestrator.load([
                try world.pipeline(Self.daily),
                try world.pipeline(named: "short", [.dataset("ratings", debounce: .seconds(3600))]),
                try world.pipeline(named: "long", [.dataset("ratings", debounce: .seconds(2 * 86_400))]),
            ])
            try await world.orchestrator.advance(.replay, to: try moment("2015-01-02"))
            try await world.orchestrator.waitUntilIdle(.replay)
            #expect(try await world.runs(of: "short").map(\.state) == [.success])
            #expect(try await world.runs(of: "long").isEmpty)
            try await world.orchestrator.setPaused(true, pipelineID: "ingest", actor: "test")
            for day in ["2015-01-03", "2015-01-04"] {
                try await world.orchestrator.advance(.replay, to: try moment(day))
                try await world.orchestrator.waitUntilIdle(.replay)
            }
            #expect(try await world.runs(of: "long").map(\.logicalDate) == [try moment("2015-01-02")])
            #expect(try await world.runs(of: "short").count == 1)
        }
    }

    @Test func `what comes while a pipeline is paused is one run after it`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = world(folder)
            try await world.orchestrator.load([try world.pipeline(named: "train", [.dataset("ratings")])])
            try await world.orchestrator.setPaused(true, pipelineID: "train", actor: "test")
            for id in ["1", "2"] {
                let event = DatasetEvent(id: id, name: "ratings", clock: .wall, at: world.clock.now, newRows: 2)
                #expect(try await world.orchestrator.signal(event).isEmpty)
            }
            try await world.orchestrator.setPaused(false, pipelineID: "train", actor: "test")
            try await world.orchestrator.waitUntilIdle(.wall)
            #expect(try await world.runs(of: "train").map { $0.event["new_rows"] } == ["4"])
        }
    }
}
