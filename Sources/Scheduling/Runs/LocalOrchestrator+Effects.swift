import Logging

/// What follows once a change is on disk.
extension LocalOrchestrator {
    func perform(_ effect: RunEffect, of runID: String) {
        guard let run = active[runID], !run.isGivenUp else { return }
        switch effect {
        case .start(let taskID, let attempt):
            if isStopping {
                report(runID, taskID, .lost)
            } else {
                begin(attempt, of: taskID, in: run)
            }
        case .retry(let taskID, let due): wait(until: due, toRetry: taskID, of: runID)
        case .cancel(let taskID): stop(taskID, of: runID, because: .cancelled)
        // Answered before a transition is stored.
        case .ready: break
        case .end(let state, let message): end(runID, state, message)
        }
    }

    /// An attempt has ended.
    /// - Parameter messages: stored with its success, so that a crash neither loses one nor tells of work that is done again.
    func report(
        _ runID: String, _ taskID: String, _ outcome: TaskOutcome, measures: TaskMeasures? = nil,
        messages: [Notification] = []
    ) {
        slots.release(.init(runID: runID, taskID: taskID))
        active[runID]?.attempts.removeValue(forKey: taskID)?.timeout?.cancel()
        if active[runID]?.isGivenUp == true { return removeIfGivenUp(runID) }
        change(runID) { machine in
            var transition = machine.finished(taskID, outcome, measures: measures, at: parts.clock.now)
            if case .success = outcome, transition != .nothing {
                transition.changes += messages.map(RunChange.addNotification)
            }
            return transition
        }
        wakeIfQuiet()
    }

    func stop(_ taskID: String, of runID: String, because reason: Attempt.StopReason) {
        guard var attempt = active[runID]?.attempts[taskID] else { return }
        if attempt.stopReason == nil { attempt.stopReason = reason }
        active[runID]?.attempts[taskID] = attempt
        attempt.work.cancel()
    }

    /// Begins runs that wait for a place, the oldest logical date first.
    func beginQueued(_ pipelineID: String) {
        while let runID = nextQueued(pipelineID) { change(runID) { $0.begin(at: parts.clock.now) } }
    }

    private func nextQueued(_ pipelineID: String) -> String? {
        if isStopping { return nil }
        guard let id = active.firstQueued(of: pipelineID)?.id, let first = active[id] else { return nil }
        let running = active.running(of: pipelineID).compactMap { active[$0] }.count {
            !(waitsForPast($0) && isAfter($0, first))
        }
        let limit = shelf[pipelineID]?.pipeline.maxActiveRuns ?? first.pipeline.maxActiveRuns
        return running < limit ? first.run.id : nil
    }

    /// Nothing of a run moves until one before it does.
    private func waitsForPast(_ run: ActiveRun) -> Bool {
        var isWaiting = false
        for task in run.machine.tasks where !task.state.isTerminal && task.state != .none {
            guard pastWaiters.contains(.init(runID: run.run.id, taskID: task.taskID)) else { return false }
            isWaiting = true
        }
        return isWaiting
    }

    private func isAfter(_ run: ActiveRun, _ other: ActiveRun) -> Bool {
        run.run.logicalDate > other.run.logicalDate
    }

    private func wait(until due: Instant, toRetry taskID: String, of runID: String) {
        active[runID]?.retries[taskID]?.cancel()
        active[runID]?.retries[taskID] = Task { [clock = parts.clock] in
            try await clock.sleep(for: due - clock.now)
            retryDue(taskID, of: runID)
        }
    }

    private func retryDue(_ taskID: String, of runID: String) {
        active[runID]?.retries[taskID] = nil
        change(runID) { $0.retryDue(taskID, at: parts.clock.now) }
    }

    private func end(_ runID: String, _ state: DAGRunState, _ message: String?) {
        // A run that was cleared meanwhile goes on.
        guard let run = active[runID], run.run.state.isTerminal else { return }
        active[runID] = nil
        slots.forget(runID: runID)
        for retry in run.retries.values { retry.cancel() }
        var metadata: Logger.Metadata = ["run": "\(runID)"]
        if let message { metadata["reason"] = "\(message)" }
        parts.logger.log(
            level: state == .failed ? .error : .notice, "\(run.run.pipelineID) ended: \(state.rawValue)",
            metadata: metadata)
        endedRuns += 1
        // With many more in the queue it is not done for each of them.
        if endedRuns % (1 + active.count / 100) == 0 { workFolders.tidy(sparing: Set(active.keys)) }
        waiters.ended(run.run)
        waiters.wakeIfIdle(active)
        lookAtPast(of: run.run.pipelineID)
        wakeIfQuiet()
    }

    /// Lets go of a run that cannot be stored, once its tasks have stopped.
    func abandon(_ runID: String) {
        guard var run = active[runID] else { return }
        run.isGivenUp = true
        for retry in run.retries.values { retry.cancel() }
        active[runID] = run
        for taskID in run.attempts.keys { stop(taskID, of: runID, because: .cancelled) }
        removeIfGivenUp(runID)
    }

    private func removeIfGivenUp(_ runID: String) {
        guard let run = active[runID], run.isGivenUp, run.attempts.isEmpty else { return }
        active[runID] = nil
        slots.forget(runID: runID)
        waiters.mustLookUp(runID)
        waiters.wakeIfIdle(active)
        wakeIfQuiet()
        beginQueued(run.run.pipelineID)
    }
}
