import Logging

/// What the outside learns of a run's tasks and of its end, stored in the same transaction.
extension LocalOrchestrator {
    /// New versions of datasets and notifications that a transition calls for.
    func consequences(of transition: RunTransition, _ runID: String) -> RunTransition {
        guard let active = active[runID] else { return .nothing }
        var found = RunTransition.nothing
        for case .updateTask(let task) in transition.changes {
            guard let spec = active.spec(of: task.taskID) else { continue }
            if task.state == .success, task.mappedFrom == nil {
                for name in spec.produces {
                    found.changes.append(.addDatasetEvent(datasetEvent(name, task, active.run)))
                }
            } else if task.state == .upForRetry {
                found.changes += notifications(.retry, active, task)
            }
        }
        guard
            transition.changes.contains(where: { if case .updateRun(let run) = $0 { run.id == runID } else { false } })
        else { return found }
        switch active.run.state {
        case .failed:
            let task = active.machine.tasks.first { task in
                task.state == .failed && active.spec(of: task.taskID)?.allowFailure == false
                    && !active.machine.tasks.contains { $0.mappedFrom == task.taskID && $0.state == .failed }
            }
            found.changes += notifications(.failure, active, task)
        case .success:
            found.changes += notifications(.success, active, nil)
            if lastEnds[active.run.pipelineID] == .failed { found.changes += notifications(.recovered, active, nil) }
        case .queued, .running, .cancelled: return found
        }
        if active.run.state != .cancelled { lastEnds[active.run.pipelineID] = active.run.state }
        return found
    }

    /// Of a run that fails by no word of its machine. One whose own version cannot be had tells those whom its pipeline names now.
    func notifications(ofLost run: DAGRun) -> [RunChange] {
        lastEnds[run.pipelineID] = run.state
        let known = active[run.id].map { ($0.pipeline, $0.zone) }
        guard let (pipeline, zone) = known ?? shelf[run.pipelineID].map({ ($0.pipeline, $0.zone) }) else { return [] }
        let lost = ActiveRun(machine: RunMachine(run: run, plan: RunPlan(pipeline)), pipeline: pipeline, zone: zone)
        return notifications(.failure, lost, nil)
    }

    private func datasetEvent(_ name: String, _ task: TaskInstance, _ run: DAGRun) -> DatasetEvent {
        DatasetEvent(
            id: "\(run.id)/\(task.taskID)/\(task.attempt)/\(name)", name: name, clock: run.clock,
            at: run.clock == .wall ? parts.clock.now : run.logicalDate,
            newRows: (task.outputs["new_rows"] ?? task.outputs["rows"]).flatMap { Int($0) }, runID: run.id,
            taskID: task.taskID)
    }

    /// One for each rule of the event.
    func notifications(_ event: NotificationRule.Event, _ active: ActiveRun, _ task: TaskInstance?) -> [RunChange] {
        let (run, pipeline) = (active.run, active.pipeline)
        return pipeline.notifications.enumerated().compactMap { index, rule in
            guard rule.event == event else { return nil }
            var webhook: String?
            if case .webhook(let template) = rule.target {
                do {
                    let scope = RenderScope(
                        pipeline: pipeline, run: run, zone: active.zone, outputs: [:], environment: [:])
                    webhook = try template.storable(scope, keeping: ["secrets", "env"])
                } catch {
                    parts.logger.error(
                        "nobody can be told",
                        metadata: [
                            "run": "\(run.id)", "event": "\(event.rawValue)", "reason": "\(ErrorSentence.of(error))",
                        ])
                    return nil
                }
            }
            // A run that is cleared and fails again is told again.
            let moment = (run.endedAt ?? task?.endedAt ?? parts.clock.now).milliseconds
            let subject = task.map { "\($0.taskID)/\($0.attempt)" } ?? "run"
            return .addNotification(
                Notification(
                    id: "\(run.id)/\(subject)/\(event.rawValue)/\(index)/\(moment)", event: event, webhook: webhook,
                    pipelineID: pipeline.id, environment: pipeline.environment, runID: run.id, state: run.state,
                    logicalDate: run.logicalDate, taskID: task?.taskID, attempt: task?.attempt,
                    message: task?.message ?? run.message, logLines: rule.logLines, createdAt: parts.clock.now))
        }
    }

    /// How the last run of each pipeline ended that wants to tell of a recovery.
    func learnLastEnds() async throws {
        for (id, entry) in shelf.entries where lastEnds[id] == nil {
            guard entry.pipeline.notifications.contains(where: { $0.event == .recovered }) else { continue }
            let runs = try await parts.store.runs(of: id, limit: 20, before: nil)
            lastEnds[id] = runs.first { $0.state == .success || $0.state == .failed }?.state
        }
    }
}
