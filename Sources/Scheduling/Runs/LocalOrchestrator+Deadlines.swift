import Logging

/// Runs that take too long.
extension LocalOrchestrator {
    /// Waits for the moment by which a run should have ended.
    func awaitDeadline(of run: DAGRun, _ pipeline: Pipeline) {
        guard let due = pipeline.deadline(of: run) else { return }
        triggers.wall[.deadline(runID: run.id)] = due
        loop.wake()
    }

    /// The moment has come: whoever is to know is told once, also when a later start finds the run still unfinished.
    func missDeadline(_ runID: String) {
        guard let late = active[runID], !late.run.state.isTerminal else { return }
        let now = parts.clock.now
        let notifications = late.pipeline.deadlineNotifications(of: late.run, late.zone, at: now)
        parts.logger.warning(
            "\(late.run.pipelineID) has missed its deadline",
            metadata: ["run": "\(runID)", "state": "\(late.run.state.rawValue)"])
        if notifications.isEmpty { return }
        Task {
            do {
                try await submitAndWait(notifications.map(RunChange.addNotification))
            } catch {
                if isStopping { return }
                triggers.wall[.deadline(runID: runID)] = parts.clock.now.advanced(by: Self.pauseAfterFailure)
                loop.wake()
            }
        }
    }
}

extension Pipeline {
    /// The moment on the wall by which a run should have ended. A run that the wall's clock made is measured from the moment of its
    /// schedule; any other, whose date may be of another time, from when it was made.
    func deadline(of run: DAGRun) -> Instant? {
        guard let deadline else { return nil }
        let isOfTheWall = run.cause == .schedule && run.clock == .wall
        return (isOfTheWall ? run.logicalDate : run.createdAt).advanced(by: deadline)
    }

    func deadlineNotifications(of run: DAGRun, _ zone: ZoneRules, at now: Instant) -> [Notification] {
        let limit = deadline.map(DurationText.text) ?? ""
        let scope = RenderScope(
            variables: variables, params: run.params, run: RenderScope.runValues(run, in: zone), event: run.event)
        return notifications.enumerated().filter { $0.element.event == .deadline }.map { number, rule in
            let address: String? =
                if case .webhook(let template) = rule.target { template.storableWhereKnown(scope) } else { nil }
            return Notification(
                id: "deadline/\(run.id)/\(number)", event: .deadline, webhook: address, pipelineID: id,
                environment: environment, runID: run.id, state: run.state, logicalDate: run.logicalDate,
                message: "it has not ended \(limit) after its time; it is \(run.state.rawValue)",
                logLines: rule.logLines, createdAt: now)
        }
    }
}
