/// How runs come to be.
extension LocalOrchestrator {
    /// A run that is to be made, unless its id exists.
    struct NewRun {
        var run: DAGRun
        var pipeline: Pipeline
        var zone: ZoneRules
    }

    /// - Throws: `SchedulingError`, `ParamError`; then there is no run.
    package func start(_ request: RunStart) async throws -> DAGRun {
        if isStopping { throw SchedulingError.stopping }
        let entry = try shelf.find(request.pipelineID)
        if let id = request.id {
            guard RunName.isValid(id) else { throw SchedulingError.badRunID(id) }
            if let task = creating[id] { return try await task.value }
            if let run = active[id] { return run.run }
        }
        let params = try ParamSpec.check(request.params, against: entry.pipeline.params, in: entry.zone)
        manualStarts += 1
        let (count, clock) = (manualStarts, parts.clock.now)
        let task = Task {
            if let id = request.id, let stored = try await parts.store.run(id: id) { return stored.run }
            let run = try await describe(request, entry, params, count: count, now: clock)
            try await create([NewRun(run: run, pipeline: entry.pipeline, zone: entry.zone)])
            return active[run.id]?.run ?? run
        }
        // A second request for the same id, while this one waits for the store, gets the same run.
        if let id = request.id { creating[id] = task }
        defer { if let id = request.id { creating[id] = nil } }
        return try await task.value
    }

    private func describe(
        _ request: RunStart, _ entry: PipelineShelf.Entry, _ params: [String: String], count: Int, now: Instant
    ) async throws -> DAGRun {
        let (pipeline, zone) = (entry.pipeline, entry.zone)
        var (clock, date, interval) = (
            ClockName.wall, now, DataInterval(start: now.advanced(by: .seconds(-86_400)), end: now)
        )
        if let parent = request.parent {
            (clock, date, interval) = (parent.clock, parent.logicalDate, parent.dataInterval)
        } else if let trigger = pipeline.triggers.first(where: { $0.timetable != nil }) {
            clock = trigger.clock
            if clock == .replay {
                guard let moment = try await replayMoment(pipeline.id, trigger.key) else {
                    throw SchedulingError.replayHasNotBegun(pipelineID: pipeline.id)
                }
                date = moment
            }
            interval = trigger.lastInterval(at: date, in: zone)
        }
        let id =
            if let given = request.id { given } else {
                try await freeName(pipeline.id, date, now: now, count: count, zone)
            }
        return DAGRun(
            id: id, pipelineID: pipeline.id, pipelineVersion: pipeline.version,
            cause: request.parent == nil ? .manual : .pipeline, clock: clock, logicalDate: date, dataInterval: interval,
            params: params, state: .queued, parentRunID: request.parent?.id, createdAt: now)
    }

    private func freeName(_ pipelineID: String, _ date: Instant, now: Instant, count: Int, _ zone: ZoneRules)
        async throws -> String
    {
        var number = count
        while true {
            let name = RunName.manual(pipelineID, date, now: now, count: number, zone: zone)
            if active[name] == nil, try await parts.store.run(id: name) == nil, active[name] == nil { return name }
            number += 1_000_003
        }
    }

    /// Puts runs into the store, together with other changes, and begins those for which there is a place.
    /// - Precondition: none of them is stored yet.
    /// - Throws: `SchedulingError.storeFailed`; then there is none of the runs.
    func create(_ runs: [NewRun], with others: [RunChange] = []) async throws {
        var changes = others
        for version in Set(runs.map(\.pipeline.version)) {
            if let source = runs.first(where: { $0.pipeline.version == version })?.pipeline.source {
                changes.append(.savePipelineSource(version: version, text: source))
            }
        }
        var effects: [(runID: String, effect: RunEffect)] = []
        for new in runs.sorted(by: { ($0.run.logicalDate, $0.run.id) < ($1.run.logicalDate, $1.run.id) }) {
            var run = ActiveRun(
                machine: RunMachine(run: new.run, plan: RunPlan(new.pipeline)), pipeline: new.pipeline, zone: new.zone)
            if hasPlace(for: new) {
                // The first tasks are begun by the same apply that makes the run.
                var began = run.machine.begin(at: parts.clock.now)
                active[new.run.id] = run
                admit(&began, of: new.run.id)
                effects += began.effects.map { (new.run.id, $0) }
            } else {
                active[new.run.id] = run
            }
            if let run = active[new.run.id] { changes.append(.createRun(run.run, tasks: run.machine.tasks)) }
        }
        do {
            try await submitAndWait(changes, effects: effects)
        } catch {
            for new in runs {
                active[new.run.id] = nil
                slots.forget(runID: new.run.id)
            }
            startWaiting()
            for pipelineID in Set(runs.map(\.run.pipelineID)) { beginQueued(pipelineID) }
            waiters.wakeIfIdle(busyClocks)
            throw error
        }
    }

    private func hasPlace(for new: NewRun) -> Bool {
        let unfinished = active.values.filter { $0.run.pipelineID == new.run.pipelineID }
        let running = unfinished.count { $0.run.state == .running }
        // Those that are queued come first, if their dates are earlier; a place that is free now is theirs.
        let isFirst = unfinished.allSatisfy { $0.run.state != .queued || $0.run.logicalDate > new.run.logicalDate }
        return !isStopping && isFirst
            && running < (shelf[new.run.pipelineID]?.pipeline.maxActiveRuns ?? new.pipeline.maxActiveRuns)
    }

    package func cancel(runID: String, actor: String) async throws {
        guard var run = active[runID] else {
            guard let stored = try await parts.store.run(id: runID) else { throw SchedulingError.unknownRun(id: runID) }
            throw SchedulingError.runHasEnded(id: runID, state: stored.run.state)
        }
        var transition = run.machine.cancel(at: parts.clock.now, message: "cancelled by request")
        slots.forgetWaiting(runID: runID)
        for retry in run.retries.values { retry.cancel() }
        run.retries = [:]
        active[runID] = run
        transition.append(consequences(of: transition, runID))
        transition.changes.append(
            .addAudit(
                AuditEntry(
                    at: parts.clock.now, actor: actor, action: .cancel, pipelineID: run.run.pipelineID, runID: runID,
                    detail: "cancelled")))
        try await submitAndWait(transition, of: runID)
        beginQueued(run.run.pipelineID)
        for child in active.values.filter({ $0.run.parentRunID == runID && !$0.run.isBeingCancelled }) {
            try await cancel(runID: child.run.id, actor: actor)
        }
    }
}
