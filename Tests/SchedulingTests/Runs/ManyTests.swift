import TestKit
import Testing

@testable import Scheduling

/// Thousands of tasks or runs, as a foreach or a backfill makes them.
@Suite struct ManyTests {
    @Test func `a task whose thousands of items have succeeded has succeeded`() {
        let plan = RunPlan(tasks: [.init(id: "each", isMapped: true), .init(id: "end", needs: ["each"])])
        let count = 1600
        var machine = RunMachine(run: MachinePlay.run(), plan: plan)
        let now = MachinePlay.time
        _ = machine.begin(at: now)
        var made = machine.expand("each", items: (0..<count).map(String.init), at: now)
        made.append(all: (0..<count).map { machine.enqueue("each[\($0)]", at: now) })
        for number in 0..<count {
            _ = machine.start("each[\(number)]", at: now)
            _ = machine.finished("each[\(number)]", .success([:]), at: now)
        }
        #expect(machine.task("each")?.state == .success)
        #expect(made.changes.count == 2)
    }

    @Test func `thousands that wait for one slot get it one by one, in their order`() {
        let count = 2400
        var slots = TaskSlots(pools: ["one": 1])
        for number in 0..<count {
            slots.add(
                .init(
                    key: .init(runID: "r", taskID: "\(number)"), pipelineID: "p", pipelineLimit: nil, pool: "one",
                    priority: 0, logicalDate: MachinePlay.time, order: number))
        }
        for number in 0..<count {
            #expect(slots.next()?.key.taskID == "\(number)")
            #expect(slots.next() == nil)
            slots.release(.init(runID: "r", taskID: "\(number)"))
        }
    }

    @Test func `of thousands of queued runs the earliest is always next`() throws {
        let pipeline = try SchedulingWorld(folder: "").pipeline("pipeline: p\ntasks: {a: {run: echo}}")
        let zone = try ZoneRules(identifier: "UTC")
        let count = 2400
        var active = ActiveRuns()
        for number in 0..<count {
            var run = MachinePlay.run()
            (run.id, run.logicalDate) = ("r\(number)", Instant(seconds: Int64(number * 7919 % count)))
            active[run.id] = ActiveRun(
                machine: RunMachine(run: run, plan: RunPlan(pipeline)), pipeline: pipeline, zone: zone)
        }
        var last = Instant(seconds: -1)
        while let next = active.firstQueued(of: "p") {
            #expect(next.date > last)
            last = next.date
            _ = active[next.id]?.move { $0.begin(at: MachinePlay.time) }
            #expect(active.running(of: "p") == [next.id])
            active[next.id] = nil
        }
        #expect(active.count == 0)
        #expect(!active.contains(.wall))
    }
}
