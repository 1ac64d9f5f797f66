import Logging

/// From a task whose needs have ended to its start: conditions, items, the run before, and a slot.
extension LocalOrchestrator {
    /// Applies what happened to a run, lets begin what became ready and has a slot, and stores all of it at once.
    func change(_ runID: String, _ move: (inout RunMachine) -> RunTransition) {
        guard let pipelineID = active[runID]?.run.pipelineID, var transition = active[runID]?.move(move) else { return }
        admit(&transition, of: runID)
        transition.append(consequences(of: transition, runID))
        submit(transition, of: runID)
        startWaiting()
        if transition.changes.contains(where: \.endsTask) { lookAtPast(of: pipelineID) }
        // In the same apply as the end of this one, whatever ended it: a report, a `when`, an empty `foreach`.
        if active[runID]?.run.state.isTerminal == true { beginQueued(pipelineID) }
    }

    /// Answers each `ready` of a transition that is not stored yet.
    func admit(_ transition: inout RunTransition, of runID: String) {
        var ready: [String] = []
        transition.effects.removeAll { effect in
            guard case .ready(let taskID) = effect else { return false }
            ready.append(taskID)
            return true
        }
        // What is ready now is begun by the next start of the program.
        if isStopping || ready.isEmpty { return }
        for taskID in ready {
            guard let run = active[runID], let spec = run.spec(of: taskID), let task = run.machine.task(taskID) else {
                continue
            }
            if spec.hasGate, task.mappedFrom == nil, task.startedAt == nil, !run.passed.contains(taskID) {
                Task { await passGate(taskID, of: runID) }
            } else {
                slots.add(candidate(spec, taskID, run))
            }
        }
        var followed: [RunTransition] = []
        while let next = slots.next() {
            guard let began = start(next.key) else { continue }
            if next.key.runID == runID { followed.append(began) } else { submit(began, of: next.key.runID) }
        }
        for taskID in ready where slots.isWaiting(.init(runID: runID, taskID: taskID)) {
            let (now, reason) = (parts.clock.now, slots.reason(toWait: .init(runID: runID, taskID: taskID)))
            if let waits = active[runID]?.move({ $0.enqueue(taskID, message: reason, at: now) }) {
                followed.append(waits)
            }
        }
        transition.append(all: followed)
    }

    private func candidate(_ spec: TaskSpec, _ taskID: String, _ run: ActiveRun) -> TaskSlots.Candidate {
        TaskSlots.Candidate(
            key: .init(runID: run.run.id, taskID: taskID), pipelineID: run.run.pipelineID,
            pipelineLimit: run.pipeline.maxActiveTasks, pool: spec.pool, priority: spec.priority,
            logicalDate: run.run.logicalDate, order: run.machine.positions[taskID] ?? 0)
    }

    /// A slot goes to whoever is first, which may be a task of another run.
    private func start(_ key: TaskSlots.Key) -> RunTransition? {
        let now = parts.clock.now
        let began = active[key.runID]?.move { $0.start(key.taskID, at: now) } ?? .nothing
        if began != .nothing { return began }
        slots.release(key)
        return nil
    }

    /// Gives slots that have become free to tasks that wait for one.
    func startWaiting() {
        if isStopping { return }
        while let next = slots.next() {
            if let began = start(next.key) { submit(began, of: next.key.runID) }
        }
    }

    // MARK: - Gates

    /// Decides about a task that says `depends_on_past`, `when` or `foreach`.
    private func passGate(_ taskID: String, of runID: String) async {
        guard let run = active[runID], let spec = run.spec(of: taskID) else { return }
        var masks = SecretMasks()
        do {
            if spec.dependsOnPast, let reason = try await reasonToWait(for: taskID, run.run) {
                pastWaiters.insert(.init(runID: runID, taskID: taskID))
                change(runID) { $0.hold(taskID, message: reason, at: parts.clock.now) }
                // A run that only waits for one before it leaves that one its place.
                return beginQueued(run.run.pipelineID)
            }
            guard spec.when != nil || spec.forEach != nil else { return openGate(taskID, of: runID) }
            let secrets = try await secrets()
            masks = SecretMasks(secrets.values.values + parts.masked)
            let scope = try await scope(of: spec, run.facts(of: spec, taskID), secrets)
            if let condition = spec.when {
                let verdict = try condition.verdict(in: scope)
                guard verdict.holds else {
                    let reason = masks.masked("when does not hold: \(verdict.shown)")
                    return change(runID) { $0.skip(taskID, reason: reason, at: parts.clock.now) }
                }
            }
            guard let forEach = spec.forEach else { return openGate(taskID, of: runID) }
            let items = try forEach.items(in: scope)
            change(runID) { $0.expand(taskID, items: items, at: parts.clock.now) }
        } catch let error as RenderError {
            let message = masks.masked(ErrorSentence.of(error))
            change(runID) { $0.refuse(taskID, message: message, at: parts.clock.now) }
        } catch {
            await askAgain(taskID, of: runID, because: error)
        }
    }

    /// A store that is busy is no fault of the task: it waits, and says for what.
    private func askAgain(_ taskID: String, of runID: String, because error: any Error) async {
        let reason = ErrorSentence.of(error)
        parts.logger.error(
            "a task could not be decided on, trying again",
            metadata: ["run": "\(runID)", "task": "\(taskID)", "reason": "\(reason)"])
        change(runID) { $0.hold(taskID, message: "waiting to be decided on: \(reason)", at: parts.clock.now) }
        try? await parts.clock.sleep(for: Self.pauseAfterFailure)
        if isStopping { return }
        let state = active[runID]?.machine.task(taskID)?.state
        if state == .scheduled || state == .queued { await passGate(taskID, of: runID) }
    }

    private func openGate(_ taskID: String, of runID: String) {
        active[runID]?.passed.insert(taskID)
        change(runID) { $0.release(taskID, at: parts.clock.now) }
    }

    /// Everything that the places of a task can be filled with.
    func scope(
        of spec: TaskSpec, _ facts: TaskFacts, _ secrets: Secrets
    ) async throws -> RenderScope {
        // It costs a look into the store, which most built-in tasks can do without; but it is also what marks the run as one
        // of production, before research can reach it.
        let kind = facts.pipeline.environment
        let environment =
            spec.readsEnvironment || kind == .production ? try await parts.environment(facts.run, kind) : [:]
        var scope = RenderScope(
            pipeline: facts.pipeline, run: facts.run, zone: facts.zone, outputs: facts.outputs,
            environment: environment)
        scope.item = facts.item
        scope.secrets = secrets.values
        for path in spec.modelReferences {
            scope.models[path.joined(separator: ".")] = try await parts.models(path)
        }
        return scope
    }

    // MARK: - The run before

    /// What a task waits for in the scheduled run before this one; nil: nothing.
    private func reasonToWait(for taskID: String, _ run: DAGRun) async throws -> String? {
        guard run.cause == .schedule || run.cause == .backfill else { return nil }
        guard let former = try await formerRun(run), let task = former.tasks.first(where: { $0.taskID == taskID })
        else {
            return nil
        }
        switch task.state {
        case .success, .skipped: return nil
        case .failed, .upstreamFailed, .cancelled, .removed:
            return "waiting for \(taskID) of \(former.run.id), which is \(task.state.rawValue): clear it or mark it"
        case .none, .scheduled, .queued, .running, .upForRetry:
            return "waiting for \(taskID) of \(former.run.id), which is \(task.state.rawValue)"
        }
    }

    /// What this process knows of it is newer than what is stored.
    private func formerRun(_ run: DAGRun) async throws -> StoredRun? {
        var found: StoredRun?
        for _ in 0..<3 {
            found = try await parts.store.scheduledRun(of: run.pipelineID, before: run.logicalDate)
            guard let stored = found else { return nil }
            if let active = active[stored.run.id] { return StoredRun(run: active.run, tasks: active.machine.tasks.all) }
            if stored.run.state.isTerminal { return stored }
            // It has ended while it was being read: nobody tells of its tasks any more.
        }
        return found
    }

    /// Something of a pipeline has ended: those that wait for it look again.
    func lookAtPast(of pipelineID: String) {
        for waiter in pastWaiters where active[waiter.runID]?.run.pipelineID ?? pipelineID == pipelineID {
            pastWaiters.remove(waiter)
            if active[waiter.runID] != nil { Task { await passGate(waiter.taskID, of: waiter.runID) } }
        }
    }
}

extension ActiveRun {
    /// What the file says of a task, or of the one that it was made from.
    func spec(of taskID: String) -> TaskSpec? {
        let id = machine.task(taskID)?.mappedFrom ?? taskID
        return pipeline.tasks.first { $0.id == id }
    }
}

extension TaskSpec {
    /// Something must be asked before it may wait for a slot.
    fileprivate var hasGate: Bool { when != nil || forEach != nil || dependsOnPast }
}

extension RunChange {
    fileprivate var endsTask: Bool { if case .updateTask(let task) = self { task.state.isTerminal } else { false } }
}
