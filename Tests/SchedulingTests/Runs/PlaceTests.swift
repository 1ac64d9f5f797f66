import Dispatch
import Synchronization
import TestKit
import Testing

@testable import Scheduling

/// Places of runs and slots of tasks are given back, whatever ended them or stood in their way.
@Suite struct PlaceTests {
    @Test(arguments: ["when: false", "foreach: \"${params.items}\"", "when: \"${params.items.nothing > 1}\""])
    func `a run that its last task's condition ends gives its place to the next`(_ condition: String) async throws {
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
                params: {items: {type: string, default: ""}}
                tasks:
                  a: {uses: test/step}
                  b: {needs: [a], uses: test/step, \(condition)}
                """)
            var runs: [DAGRun] = []
            for _ in 0..<3 { runs.append(try await world.orchestrator.start(RunStart(pipelineID: "p"))) }
            #expect(runs.map(\.state) == [.running, .queued, .queued])
            gate.open()
            for run in runs { #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state.isTerminal) }
        }
    }

    @Test func `a run that is marked while it is under way gives its place to the next`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, _ in throw Broken() }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(
                """
                pipeline: p
                max_active_runs: 1
                tasks: {a: {uses: test/step, retry: {max: 1, delay: 1h}}}
                """)
            let first = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            let events = await world.orchestrator.events()
            let next = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            if try await world.orchestrator.run(id: first.id).states != "a up_for_retry" {
                for await event in events {
                    if case .task(let task, _) = event, task.state == .upForRetry { break }
                }
            }
            try await world.orchestrator.mark(runID: first.id, taskID: "a", as: .success, actor: "ann")
            #expect(try await world.orchestrator.waitUntilEnded(runID: first.id).state == .success)
            try await world.orchestrator.cancel(runID: next.id, actor: "ann")
            let ended = try await world.orchestrator.waitUntilEnded(runID: next.id)
            #expect(ended.startedAt != nil, "it had its place")
        }
    }

    @Test func `a run that only waits for one before it leaves that one its place`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let step = ScriptedOperator { _, context in
                if context.attempt == 1, context.run.id == "p-20150101T000000" { throw Broken() }
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(
                """
                pipeline: p
                triggers: [{cron: "@daily", clock: replay, start: 2015-01-01}]
                max_active_runs: 1
                tasks: {a: {uses: test/step, depends_on_past: true}}
                """)
            try await world.orchestrator.advance(.replay, to: Instant(text: "2015-01-01", in: .utc))
            let failed = try await world.orchestrator.waitUntilEnded(runID: "p-20150101T000000")
            #expect(failed.state == .failed)
            let events = await world.orchestrator.events()
            try await world.orchestrator.advance(.replay, to: Instant(text: "2015-01-02", in: .utc))
            if try await world.orchestrator.run(id: "p-20150102T000000")["a"]?.message == nil {
                for await event in events {
                    if case .task(let task, _) = event, task.message?.hasPrefix("waiting for a") == true { break }
                }
            }
            _ = try await world.orchestrator.clear(ClearRequest(runID: failed.id, actor: "ann"))
            #expect(try await world.orchestrator.waitUntilEnded(runID: failed.id).state == .success)
            #expect(try await world.orchestrator.waitUntilEnded(runID: "p-20150102T000000").state == .success)
        }
    }

    @Test func `what a clear would forget can be asked without forgetting it`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            try await world.load(
                "pipeline: p\norder: sequential\ntasks: {a: {uses: test/step}, b: {uses: test/step}, c: {uses: test/step}}"
            )
            let run = try await world.run("p").run
            let would = try await world.orchestrator.clear(
                ClearRequest(runID: run.id, taskIDs: ["b"], isDryRun: true, actor: "ann"))
            #expect(would == ["b", "c"])
            #expect(try await world.orchestrator.run(id: run.id).run == run)
            #expect(try await world.orchestrator.audit(of: "p", limit: 9).allSatisfy { $0.action != .clear })
        }
    }

    @Test func `a queued task that is cleared takes one slot, and gives it back`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let gate = Gate()
            let step = ScriptedOperator { _, _ in
                try await gate.pass()
                return [:]
            }
            let world = SchedulingWorld(folder: folder, operators: [step])
            try await world.load(
                "pipeline: p\nmax_active_tasks: 2\ntasks:\n"
                    + "abcde".map { "  \($0): {uses: test/step}" }.joined(separator: "\n"))
            let run = try await world.orchestrator.start(RunStart(pipelineID: "p"))
            await gate.waitForArrivals(2)
            for _ in 0..<3 {
                _ = try await world.orchestrator.clear(
                    ClearRequest(runID: run.id, taskIDs: ["c", "d"], actor: "ann"))
            }
            #expect(await world.orchestrator.slots.usage.map(\.waiting) == [3])
            gate.open()
            #expect(try await world.orchestrator.waitUntilEnded(runID: run.id).state == .success)
            #expect(await world.orchestrator.slots.usage.map(\.used) == [0])
            #expect(step.calls.count == 5)
        }
    }

    @Test func `a task whose condition cannot be asked for a while waits, and does not fail`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()])
            let asked = Mutex(0)
            var parts = await world.orchestrator.parts
            parts.executor = QueueExecutor(DispatchQueue(label: "test.scheduler"))
            parts.environment = { _, _ in
                if asked.withLock({
                    $0 += 1
                    return $0
                }) == 1 {
                    throw Broken()
                }
                return ["GO": "yes"]
            }
            let orchestrator = LocalOrchestrator(parts)
            try await orchestrator.load([
                try world.pipeline("pipeline: p\ntasks: {a: {uses: test/step, when: \"${env.GO == 'yes'}\"}}")
            ])
            let run = try await orchestrator.start(RunStart(pipelineID: "p"))
            await world.clock.waitForSleeper(until: world.clock.now.advanced(by: .seconds(5)))
            world.clock.advance(by: .seconds(5))
            #expect(try await orchestrator.waitUntilEnded(runID: run.id).state == .success)
        }
    }

    @Test func `what waits for a slot waits once`() {
        var slots = TaskSlots(pools: ["gpu": 2])
        let key = TaskSlots.Key(runID: "r", taskID: "a")
        let one = TaskSlots.Candidate(
            key: key, pipelineID: "p", pipelineLimit: nil, pool: "gpu", priority: 0,
            logicalDate: Instant(seconds: 0), order: 0)
        slots.add(one)
        slots.add(one)
        #expect(slots.next()?.key == key)
        slots.add(one)
        #expect(slots.next() == nil, "it has a slot")
        slots.release(key)
        #expect(slots.usage.first { $0.pool == "gpu" }?.used ?? 0 == 0)
        slots.add(one)
        slots.forgetWaiting([key])
        #expect(!slots.isWaiting(key))
        #expect(slots.next() == nil)
    }

    private struct Broken: Error {}
}
