/// What follows from something that happened to a run: first the changes are stored, in one transaction, then the effects
/// are performed, in order.
package struct RunTransition: Sendable, Equatable {
    package var changes: [RunChange]
    package var effects: [RunEffect]

    package static let nothing = RunTransition(changes: [], effects: [])

    package init(changes: [RunChange], effects: [RunEffect]) { (self.changes, self.effects) = (changes, effects) }
}

extension RunTransition {
    /// Adds what followed at once: of each record, the last state alone is stored.
    mutating func append(_ other: RunTransition) { append(all: [other]) }

    /// Adds what followed one after another; thousands of tasks that begin to wait at once are looked through once.
    mutating func append(all others: [RunTransition]) {
        effects += others.flatMap(\.effects)
        let added = others.flatMap(\.changes)
        if changes.isEmpty, others.count < 2 { return changes = added }
        if added.isEmpty { return }
        let all = changes + added
        // Of a task and of the run, the last word.
        var lastOfTask: [String: Int] = [:]
        var lastOfRun: Int?
        var isNew: Set<String> = []
        for (index, change) in all.enumerated() {
            switch change {
            case .updateTask(let task): lastOfTask[task.taskID] = index
            case .addTasks(let tasks): isNew.formUnion(tasks.map(\.taskID))
            case .updateRun: lastOfRun = index
            default: break
            }
        }
        func isLast(_ index: Int, _ change: RunChange) -> Bool {
            switch change {
            case .updateTask(let task): !isNew.contains(task.taskID) && lastOfTask[task.taskID] == index
            case .updateRun: index == lastOfRun
            default: true
            }
        }
        changes = all.enumerated().compactMap { index, change in
            guard case .addTasks(let tasks) = change else { return isLast(index, change) ? change : nil }
            return .addTasks(
                tasks.map { task in
                    guard let last = lastOfTask[task.taskID], case .updateTask(let latest) = all[last] else {
                        return task
                    }
                    return latest
                })
        }
    }
}

package enum RunEffect: Sendable, Equatable {
    /// What the task needs has ended as its rule asks; answer with `start`, `enqueue`, `hold`, `skip`, `refuse` or `expand`.
    case ready(taskID: String)
    /// Begin the attempt; report its end with `RunMachine.finished`.
    case start(taskID: String, attempt: Int)
    /// Call `RunMachine.retryDue` at that moment of the wall.
    case retry(taskID: String, at: Instant)
    /// Ask the running attempt to stop. It is still reported with `finished`.
    case cancel(taskID: String)
    /// The run is over; nothing of it is running.
    case end(DAGRunState, message: String?)
}

/// How an attempt ended.
package enum TaskOutcome: Sendable, Equatable {
    case success(TaskOutputs)
    case skipped(reason: String)
    /// By the task's own doing; uses up a retry, or is not tried again at all when that would be in vain.
    case failed(message: String, isPermanent: Bool = false)
    /// Because the run is being cancelled.
    case cancelled
    /// By no fault of the task (a crash, a shutdown); it runs again and no retry is used up.
    case lost
}
