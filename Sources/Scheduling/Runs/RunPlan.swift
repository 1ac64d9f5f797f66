/// What a run machine has to know of a pipeline: its tasks in the order of the file, and what each needs.
package struct RunPlan: Sendable, Equatable {
    package struct Task: Sendable, Equatable {
        package var id: String
        package var needs: [String]
        package var triggerRule: TriggerRule
        package var retry: RetryPolicy
        /// Its failure, or that it could not run because of one, does not fail the run.
        package var allowFailure: Bool
        /// `foreach` makes other tasks of it.
        package var isMapped: Bool

        package init(
            id: String, needs: [String] = [], triggerRule: TriggerRule = .allSuccess, retry: RetryPolicy = .none,
            allowFailure: Bool = false, isMapped: Bool = false
        ) {
            (self.allowFailure, self.isMapped) = (allowFailure, isMapped)
            (self.id, self.needs, self.triggerRule, self.retry) = (id, needs, triggerRule, retry)
        }
    }

    package let tasks: [Task]
    private let positions: [String: Int]
    /// Positions of the tasks that each task needs, and of those that need it.
    private let upstream: [[Int]]
    private let downstream: [[Int]]

    /// - Precondition: ids are distinct, and every need is the id of a task: the compiler has seen to both.
    package init(tasks: [Task]) {
        self.tasks = tasks
        let positions = Dictionary(uniqueKeysWithValues: zip(tasks.map(\.id), tasks.indices))
        self.positions = positions
        upstream = tasks.map { $0.needs.compactMap { positions[$0] } }
        var downstream = [[Int]](repeating: [], count: tasks.count)
        for (task, needs) in upstream.enumerated() {
            for need in needs { downstream[need].append(task) }
        }
        self.downstream = downstream
    }

    package init(_ pipeline: Pipeline) {
        self.init(
            tasks: pipeline.tasks.map {
                Task(
                    id: $0.id, needs: $0.needs, triggerRule: $0.triggerRule, retry: $0.retry,
                    allowFailure: $0.allowFailure, isMapped: $0.forEach != nil)
            })
    }

    func position(of taskID: String) -> Int? { positions[taskID] }
    func needs(of position: Int) -> [Int] { upstream[position] }
    func dependents(of position: Int) -> [Int] { downstream[position] }

    /// Every task that this one needs, directly or not: those it names first, then theirs, each level in the order of naming.
    package func upstreamOrder(of taskID: String) -> [String] {
        guard let start = positions[taskID] else { return [] }
        var seen: Set<Int> = [start]
        var order: [Int] = []
        var level = upstream[start]
        while !level.isEmpty {
            var next: [Int] = []
            for position in level where seen.insert(position).inserted {
                order.append(position)
                next += upstream[position]
            }
            level = next
        }
        return order.map { tasks[$0].id }
    }

    /// Those that no other needs.
    var lastTasks: Set<String> { Set(tasks.indices.filter { downstream[$0].isEmpty }.map { tasks[$0].id }) }

    /// A task and every task that needs it, directly or not.
    package func withDownstream(_ taskIDs: some Sequence<String>) -> Set<String> {
        var found = Set(taskIDs.compactMap { positions[$0] })
        var open = Array(found)
        while let position = open.popLast() {
            for next in downstream[position] where found.insert(next).inserted { open.append(next) }
        }
        return Set(found.map { tasks[$0].id })
    }
}
