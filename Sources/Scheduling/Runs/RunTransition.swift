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
    mutating func append(_ other: RunTransition) {
        for change in other.changes {
            switch change {
            case .updateTask(let task):
                changes.removeAll { if case .updateTask(let old) = $0 { old.taskID == task.taskID } else { false } }
                if replaceAdded(task) { continue }
            case .updateRun: changes.removeAll { if case .updateRun = $0 { true } else { false } }
            default: break
            }
            changes.append(change)
        }
        effects += other.effects
    }

    private mutating func replaceAdded(_ task: TaskInstance) -> Bool {
        for (index, change) in changes.enumerated() {
            guard case .addTasks(var tasks) = change,
                let place = tasks.firstIndex(where: { $0.taskID == task.taskID })
            else { continue }
            tasks[place] = task
            changes[index] = .addTasks(tasks)
            return true
        }
        return false
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
