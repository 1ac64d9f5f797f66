/// What follows from something that happened to a run: first the changes are stored, in one transaction, then the effects
/// are performed, in order.
package struct RunTransition: Sendable, Equatable {
    package var changes: [RunChange]
    package var effects: [RunEffect]

    package static let nothing = RunTransition(changes: [], effects: [])

    package init(changes: [RunChange], effects: [RunEffect]) { (self.changes, self.effects) = (changes, effects) }
}

package enum RunEffect: Sendable, Equatable {
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
    /// By the task's own doing; uses up a retry.
    case failed(message: String)
    /// Because the run is being cancelled.
    case cancelled
    /// By no fault of the task (a crash, a shutdown); it runs again and no retry is used up.
    case lost
}
