/// What people order about runs that exist.
extension LocalOrchestrator {
    /// - Throws: `SchedulingError`: an unknown run or task, one that is running, a version of the pipeline that is gone.
    package func clear(_ request: ClearRequest) async throws -> [String] {
        if isStopping { throw SchedulingError.stopping }
        var run = try await loaded(request.runID)
        let plan = run.machine.plan
        let named = try request.taskIDs.map { try check($0, in: run) } ?? plan.tasks.map(\.id)
        var ids = Set(named)
        if request.downstream {
            let parents = named.map { run.machine.task($0)?.mappedFrom ?? $0 }
            let after = plan.withDownstream(parents).subtracting(parents)
            ids.formUnion(after)
        }
        if request.onlyFailed {
            ids = ids.filter { id in
                let state = run.machine.task(id)?.state
                return state == .failed || state == .upstreamFailed || state == .cancelled
            }
        }
        if ids.isEmpty { return [] }
        let now = parts.clock.now
        let before = run.machine
        let transition = try run.machine.clear(ids, at: now)
        if request.isDryRun { return before.tasks.map(\.taskID).filter(ids.contains) }
        run.passed.subtract(ids)
        // What waited for a slot waits for its conditions again.
        slots.forgetWaiting(
            Set(
                run.machine.tasks.filter { ids.contains($0.taskID) || ids.contains($0.mappedFrom ?? "") }
                    .map { .init(runID: request.runID, taskID: $0.taskID) }))
        active[request.runID] = run
        let cleared = run.machine.tasks.map(\.taskID).filter(ids.contains)
        var stored = transition
        admit(&stored, of: request.runID)
        stored.changes.append(
            .addAudit(
                AuditEntry(
                    at: now, actor: request.actor, action: .clear, pipelineID: run.run.pipelineID,
                    runID: request.runID, taskID: request.taskIDs?.count == 1 ? request.taskIDs?[0] : nil,
                    detail: "cleared \(cleared.joined(separator: ", "))")))
        try await submitAndWait(stored, of: request.runID)
        // Also when its end had not been stored yet, and it never left the runs that are under way.
        beginQueued(run.run.pipelineID)
        return cleared
    }

    /// - Throws: `SchedulingError`.
    package func mark(runID: String, taskID: String?, as verdict: MarkVerdict, actor: String) async throws {
        if isStopping { throw SchedulingError.stopping }
        var run = try await loaded(runID)
        let ids: Set<String>
        if let taskID {
            ids = Set(try check([taskID], in: run))
        } else {
            // Of a run, what has been well stays as it is.
            let open = Set(run.machine.tasks.filter { $0.state != .success && $0.state != .removed }.map(\.taskID))
            // Where all was well, its last tasks are said to have failed.
            ids = open.isEmpty && verdict == .failed ? run.machine.plan.lastTasks : open
        }
        let now = parts.clock.now
        let transition = try run.machine.mark(ids, as: verdict, by: actor, at: now)
        let entry = AuditEntry(
            at: now, actor: actor, action: verdict == .success ? .markSuccess : .markFailed,
            pipelineID: run.run.pipelineID, runID: runID, taskID: taskID,
            detail: "\(taskID ?? "the run") marked \(verdict.rawValue)")
        if active[runID] != nil {
            active[runID] = run
            var stored = transition
            admit(&stored, of: runID)
            stored.append(consequences(of: stored, runID))
            stored.changes.append(.addAudit(entry))
            try await submitAndWait(stored, of: runID)
        } else {
            try await submitAndWait(transition.changes + [.addAudit(entry)])
            for change in transition.changes { if case .updateRun(let run) = change { send(.run(run)) } }
        }
        startWaiting()
        lookAtPast(of: run.run.pipelineID)
        beginQueued(run.run.pipelineID)
    }

    /// A run with its machine, whether it has ended or not.
    private func loaded(_ runID: String) async throws -> ActiveRun {
        // What began before the run is taken up would be taken for lost then, and begun a second time.
        await takingUp[runID]?.value
        if let run = active[runID] { return run }
        guard let stored = try await parts.store.run(id: runID) else { throw SchedulingError.unknownRun(id: runID) }
        let (pipeline, zone) = try await version(of: stored.run)
        // It may have been taken up meanwhile.
        if let run = active[runID] { return run }
        return ActiveRun(
            machine: RunMachine(run: stored.run, plan: RunPlan(pipeline), tasks: stored.tasks), pipeline: pipeline,
            zone: zone)
    }

    private func check(_ taskIDs: [String], in run: ActiveRun) throws(SchedulingError) -> [String] {
        for id in taskIDs where run.machine.task(id) == nil {
            let nearest = Spelling.nearest(to: id, among: run.machine.tasks.map(\.taskID))
            throw .unknownTask(id: id, runID: run.run.id, nearest: nearest)
        }
        return taskIDs
    }
}
