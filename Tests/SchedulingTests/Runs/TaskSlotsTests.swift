import Testing

@testable import Scheduling

@Suite struct TaskSlotsTests {
    private func candidate(
        _ task: String, run: String = "r", pipeline: String = "p", limit: Int? = nil, pool: String = "gpu",
        priority: Int = 0, date: Int64 = 0, order: Int = 0
    ) -> TaskSlots.Candidate {
        TaskSlots.Candidate(
            key: .init(runID: run, taskID: task), pipelineID: pipeline, pipelineLimit: limit, pool: pool,
            priority: priority, logicalDate: Instant(seconds: date), order: order)
    }

    private func started(_ slots: inout TaskSlots) -> [String] {
        var ids: [String] = []
        while let next = slots.next() { ids.append(next.key.taskID) }
        return ids
    }

    @Test func `a pool lets as many run as it has slots, the most urgent first`() {
        var slots = TaskSlots(pools: ["gpu": 2])
        for (index, priority) in [0, 5, 0, 9].enumerated() {
            slots.add(candidate("t\(index)", priority: priority, order: index))
        }
        #expect(started(&slots) == ["t3", "t1"])
        slots.release(.init(runID: "r", taskID: "t3"))
        #expect(started(&slots) == ["t0"])
        slots.release(.init(runID: "r", taskID: "t3"))
        #expect(started(&slots) == [], "a slot is given back once")
    }

    @Test func `of the same priority the older date goes first, then the order of the file`() {
        var slots = TaskSlots(pools: ["gpu": 9])
        slots.add(candidate("late", run: "r2", date: 9))
        slots.add(candidate("second", date: 1, order: 1))
        slots.add(candidate("first", date: 1, order: 0))
        #expect(started(&slots) == ["first", "second", "late"])
    }

    @Test func `a pool that nobody configured has one slot, and the default one many`() {
        var slots = TaskSlots(pools: [:])
        for index in 0..<3 { slots.add(candidate("t\(index)", order: index)) }
        #expect(started(&slots) == ["t0"])
        for index in 3..<103 { slots.add(candidate("t\(index)", pool: "default", order: index)) }
        #expect(started(&slots).count == 100)
    }

    @Test func `what waits is told what for`() {
        var slots = TaskSlots(pools: ["gpu": 1, "cpu": 5])
        slots.add(candidate("a"))
        slots.add(candidate("b", order: 1))
        slots.add(candidate("c", pipeline: "q", limit: 1, pool: "cpu"))
        slots.add(candidate("d", pipeline: "q", limit: 1, pool: "cpu", order: 1))
        #expect(started(&slots) == ["a", "c"])
        func reason(_ task: String) -> String? { slots.reason(toWait: .init(runID: "r", taskID: task)) }
        #expect(reason("a") == nil)
        #expect(reason("b") == "waiting for a slot of the pool gpu, which has 1")
        #expect(reason("d") == "waiting for another task of q to end: max_active_tasks is 1")
    }

    @Test func `a full pool does not hold up another, nor a full pipeline its pool`() {
        var slots = TaskSlots(pools: ["gpu": 1, "cpu": 5])
        slots.add(candidate("a", priority: 9))
        slots.add(candidate("b", priority: 9, order: 1))
        slots.add(candidate("c", limit: 2, pool: "cpu", order: 2))
        slots.add(candidate("d", limit: 2, pool: "cpu", order: 3))
        slots.add(candidate("e", pipeline: "q", limit: 2, pool: "cpu", order: 4))
        #expect(started(&slots) == ["a", "c", "e"], "p has its two")
        slots.forget(runID: "r")
        #expect(started(&slots) == [])
    }
}
