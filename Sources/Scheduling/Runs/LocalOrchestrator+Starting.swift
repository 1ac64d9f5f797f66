import Logging

/// How runs come to be.
extension LocalOrchestrator {
    /// A run that is to be made, unless its id exists.
    struct NewRun {
        var run: DAGRun
        var pipeline: Pipeline
        var zone: ZoneRules
        /// What becomes of it when there is no place. One that a person or a task starts always waits.
        var overlap = Overlap.queue
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
        let (count, now) = (manualStarts, parts.clock.now)
        let task = Task {
            if let id = request.id, let stored = try await parts.store.run(id: id) { return stored.run }
            let run = try await describe(request, entry, params, count: count, now: now)
            let audit = request.actor.map { actor in
                RunChange.addAudit(
                    AuditEntry(
                        at: now, actor: actor, action: .start, pipelineID: run.pipelineID, runID: run.id,
                        detail: "run started for \(run.logicalDate.rfc3339(in: entry.zone))"))
            }
            try await create(
                [NewRun(run: run, pipeline: entry.pipeline, zone: entry.zone)], with: audit.map { [$0] } ?? [])
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
        let moment: RunMoment =
            if let parent = request.parent {
                RunMoment(clock: parent.clock, date: parent.logicalDate, interval: parent.dataInterval)
            } else {
                try await moment(of: entry, at: request.logicalDate)
            }
        let id =
            if let given = request.id { given } else {
                try await freeName(pipeline.id, moment.date, now: now, count: count, zone)
            }
        return DAGRun(
            id: id, pipelineID: pipeline.id, pipelineVersion: pipeline.version,
            cause: request.parent == nil ? .manual : .pipeline, clock: moment.clock, logicalDate: moment.date,
            dataInterval: moment.interval, params: params, state: .queued, parentRunID: request.parent?.id,
            createdAt: now)
    }

    /// What a run that no schedule made is about.
    struct RunMoment {
        var clock: ClockName
        var date: Instant
        var interval: DataInterval
    }

    /// The present moment of the clock that a pipeline reads, and its last complete interval.
    /// - Parameter date: instead of the present.
    /// - Throws: `SchedulingError.replayHasNotBegun`.
    func moment(of entry: PipelineShelf.Entry, at date: Instant? = nil) async throws -> RunMoment {
        guard let trigger = entry.pipeline.triggers.first(where: { $0.timetable != nil }) else {
            let date = date ?? parts.clock.now
            let interval = DataInterval(start: date.advanced(by: .seconds(-86_400)), end: date)
            return RunMoment(clock: .wall, date: date, interval: interval)
        }
        var present = parts.clock.now
        if trigger.clock == .replay {
            guard let moment = try await replayMoment(entry.pipeline.id, trigger.key) else {
                throw SchedulingError.replayHasNotBegun(pipelineID: entry.pipeline.id)
            }
            present = moment
        }
        let date = date ?? present
        return RunMoment(clock: trigger.clock, date: date, interval: trigger.lastInterval(at: date, in: entry.zone))
    }

    func freeName(_ pipelineID: String, _ date: Instant, now: Instant, count: Int, _ zone: ZoneRules)
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
    /// - Returns: those that were made: `overlap` may leave some out.
    /// - Throws: `SchedulingError.storeFailed`; then there is none of the runs.
    @discardableResult
    func create(_ runs: [NewRun], with others: [RunChange] = []) async throws -> [DAGRun] {
        var changes = others
        var made: [NewRun] = []
        var effects: [(runID: String, effect: RunEffect)] = []
        for new in runs.sorted(by: { ($0.run.logicalDate, $0.run.id) < ($1.run.logicalDate, $1.run.id) }) {
            // By somebody who asked for the same a moment ago.
            if active[new.run.id] != nil { continue }
            let hasPlace = hasPlace(for: new)
            if !hasPlace, !isStopping, new.overlap == .skip {
                skip(new)
                continue
            }
            if !made.contains(where: { $0.pipeline.version == new.pipeline.version }) {
                changes.append(.savePipelineSource(version: new.pipeline.version, text: new.pipeline.text.stored))
            }
            var run = ActiveRun(
                machine: RunMachine(run: new.run, plan: RunPlan(new.pipeline)), pipeline: new.pipeline, zone: new.zone)
            if hasPlace {
                // The first tasks are begun by the same apply that makes the run.
                var began = run.machine.begin(at: parts.clock.now)
                active[new.run.id] = run
                admit(&began, of: new.run.id)
                effects += began.effects.map { (new.run.id, $0) }
            } else {
                active[new.run.id] = run
            }
            made.append(new)
            if let run = active[new.run.id] { changes.append(.createRun(run.run, tasks: run.machine.tasks.all)) }
        }
        if changes.isEmpty { return [] }
        do {
            try await submitAndWait(changes, effects: effects)
        } catch {
            for new in made {
                active[new.run.id] = nil
                slots.forget(runID: new.run.id)
                waiters.mustLookUp(new.run.id)
            }
            startWaiting()
            for pipelineID in Set(made.map(\.run.pipelineID)) { beginQueued(pipelineID) }
            waiters.wakeIfIdle(active)
            throw error
        }
        for new in made {
            awaitDeadline(of: new.run, new.pipeline)
            if new.overlap == .cancelRunning { await makeRoom(for: new) }
        }
        return made.map { active[$0.run.id]?.run ?? $0.run }
    }

    private func hasPlace(for new: NewRun) -> Bool {
        let running = active.running(of: new.run.pipelineID).count
        // Those that are queued come first, if their dates are earlier; a place that is free now is theirs.
        let isFirst = active.firstQueued(of: new.run.pipelineID).map { $0.date > new.run.logicalDate } ?? true
        return !isStopping && isFirst && running < limit(for: new)
    }

    private func limit(for new: NewRun) -> Int {
        shelf[new.run.pipelineID]?.pipeline.maxActiveRuns ?? new.pipeline.maxActiveRuns
    }

    private func skip(_ new: NewRun) {
        parts.logger.notice(
            "\(new.run.pipelineID) was not run: its runs before this one have not ended (overlap: skip)",
            metadata: ["for": "\(new.run.logicalDate.rfc3339(in: new.zone))", "cause": "\(new.run.cause.rawValue)"])
        send(.pipeline(id: new.run.pipelineID))
    }

    /// Cancels the oldest runs, until there is a place for a new one once they have stopped.
    private func makeRoom(for new: NewRun) async {
        let others = active.values.map(\.run).filter {
            $0.pipelineID == new.run.pipelineID && $0.id != new.run.id && !$0.isBeingCancelled && !$0.state.isTerminal
        }
        let oldest = others.sorted { ($0.logicalDate, $0.id) < ($1.logicalDate, $1.id) }
        for run in oldest.prefix(max(0, others.count + 1 - limit(for: new))) {
            do {
                try await cancel(run.id, message: "replaced by \(new.run.id) (overlap: cancel_running)")
            } catch {
                parts.logger.error(
                    "a run could not be cancelled",
                    metadata: ["run": "\(run.id)", "reason": "\(ErrorSentence.of(error))"])
            }
        }
    }

    package func cancel(runID: String, actor: String) async throws {
        guard let run = active[runID]?.run else {
            guard let stored = try await parts.store.run(id: runID) else { throw SchedulingError.unknownRun(id: runID) }
            throw SchedulingError.runHasEnded(id: runID, state: stored.run.state)
        }
        let audit = AuditEntry(
            at: parts.clock.now, actor: actor, action: .cancel, pipelineID: run.pipelineID, runID: runID,
            detail: "run cancelled")
        try await cancel(runID, message: "cancelled by request", audit: audit)
    }

    private func cancel(_ runID: String, message: String, audit: AuditEntry? = nil) async throws {
        guard var run = active[runID] else { return }
        var transition = run.machine.cancel(at: parts.clock.now, message: message)
        slots.forgetWaiting(runID: runID)
        if let audit { transition.changes.append(.addAudit(audit)) }
        for retry in run.retries.values { retry.cancel() }
        run.retries = [:]
        active[runID] = run
        transition.append(consequences(of: transition, runID))
        try await submitAndWait(transition, of: runID)
        beginQueued(run.run.pipelineID)
        // Those that a task of it started; what a trigger made because of it stands for itself.
        for child in active.values.map(\.run)
        where child.parentRunID == runID && child.cause == .pipeline && !child.isBeingCancelled {
            try await cancel(child.id, message: message)
        }
    }
}
