import TestKit
import Testing

@testable import Scheduling

/// What thousands of tasks or runs cost, beside what a few hundred do: in proportion, not by the square.
@Suite(.serialized) struct GrowthTests {
    /// The best of some tries: other tests use the machine too.
    private func growth(from few: Int, to many: Int, of work: (Int) -> Void) -> Double {
        func seconds(_ count: Int) -> Double {
            let times = (0..<2).map { _ in ContinuousClock().measure { work(count) } }
            return (times.min() ?? .zero) / .milliseconds(1)
        }
        return seconds(many) / seconds(few)
    }

    @Test func `the items of a foreach take as long each, however many they are`() {
        let plan = RunPlan(tasks: [.init(id: "each", isMapped: true), .init(id: "end", needs: ["each"])])
        let grown = growth(from: 100, to: 1600) { count in
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
        // 16 times the items; the square would be 256.
        #expect(grown < 64)
    }

    @Test func `what waits for a slot takes as long each, however much waits`() {
        let grown = growth(from: 150, to: 2400) { count in
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
        #expect(grown < 64)
    }

    @Test func `the next of the queued runs is found without a look at each`() throws {
        let pipeline = try SchedulingWorld(folder: "").pipeline("pipeline: p\ntasks: {a: {run: echo}}")
        let zone = try ZoneRules(identifier: "UTC")
        let grown = growth(from: 150, to: 2400) { count in
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
        #expect(grown < 64)
    }
}
