import Logging

/// Runs that a trigger makes, whatever it waits for.
extension LocalOrchestrator {
    /// More runs than this do not cause each other one after another, unless pipelines go in a circle.
    static let longestChain = 16

    /// The run of a trigger that has fired, its params filled in.
    /// - Parameter event: what `${event.…}` reads.
    /// - Returns: nil when the params cannot be filled in or do not check; then it is told why.
    func newRun(
        _ entry: PipelineShelf.Entry, _ trigger: Trigger, id: String, cause: RunCause, clock: ClockName,
        date: Instant, interval: DataInterval, parentRunID: String? = nil, event: [String: String] = [:],
        given: [String: String] = [:]
    ) -> NewRun? {
        let pipeline = entry.pipeline
        var run = DAGRun(
            id: id, pipelineID: pipeline.id, pipelineVersion: pipeline.version, cause: cause, clock: clock,
            logicalDate: date, dataInterval: interval, params: [:], state: .queued, parentRunID: parentRunID,
            createdAt: parts.clock.now, event: event)
        let key = TriggerKey(pipelineID: pipeline.id, trigger: trigger.key)
        do {
            let scope = RenderScope(
                variables: pipeline.variables, run: RenderScope.runValues(run, in: entry.zone), event: event)
            var values = try trigger.params.mapValues { try $0.render(scope, quoting: .plain) }
            values.merge(given) { $1 }
            run.params = try ParamSpec.check(values, against: pipeline.params, in: entry.zone)
        } catch {
            tell(key, "no run for \(date.rfc3339(in: entry.zone)): \(ErrorSentence.of(error))")
            return nil
        }
        if triggers.problems.removeValue(forKey: key) != nil { send(.pipeline(id: pipeline.id)) }
        return NewRun(run: run, pipeline: pipeline, zone: entry.zone, overlap: pipeline.overlap)
    }

    /// Shows with the pipeline why one of its triggers made no run, until it makes one again.
    func tell(_ key: TriggerKey, _ problem: String) {
        guard let (_, trigger) = find(key) else { return }
        triggers.problems[key] = "trigger \(trigger.words): \(problem)"
        parts.logger.error(
            "\(key.pipelineID) was not run", metadata: ["trigger": "\(trigger.words)", "reason": "\(problem)"])
        send(.pipeline(id: key.pipelineID))
    }

    /// Does something that may make runs, after all such things that were begun before it. No clock is idle until it is done.
    func inTurn(_ work: @escaping @Sendable (isolated LocalOrchestrator) async -> [DAGRun]) -> Task<[DAGRun], Never> {
        waiters.hold()
        let former = lastTurn
        let turn = Task { () -> [DAGRun] in
            _ = await former?.value
            let runs = isStopping ? [] : await work(self)
            waiters.release()
            waiters.wakeIfIdle(active)
            return runs
        }
        lastTurn = turn
        return turn
    }

    /// The run that is to cause another one stands at the end of no chain that goes on for ever.
    func isChainTooLong(_ runID: String) async throws -> Bool {
        var next: String? = runID
        for _ in 0..<Self.longestChain {
            guard let id = next else { return false }
            next =
                if let run = active[id]?.run { run.parentRunID } else {
                    try await parts.store.run(id: id)?.run.parentRunID
                }
        }
        return next != nil
    }

    static let chainMessage = """
        \(longestChain) runs have caused each other one after another, so pipelines go in a circle; \
        remove one of their `after` or `dataset` triggers
        """

    /// Puts the triggers of a pipeline that was loaded, changed, paused or removed where they are waited for.
    func register(_ pipelineID: String) {
        triggers.replace(shelf[pipelineID]?.pipeline.triggers ?? [], of: pipelineID)
        guard let entry = shelf[pipelineID] else { return }
        for trigger in entry.pipeline.triggers where trigger.timetable != nil {
            let key = TriggerKey(pipelineID: pipelineID, trigger: trigger.key)
            switch trigger.clock {
            case .wall: awaitNextFiring(key)
            case .replay:
                triggers.replay[key] =
                    triggers.replayCursors[key].map { trigger.next(after: $0, in: entry.zone) }
                    ?? TriggerTable.beginning
            }
        }
    }

    /// Lets triggers that wait for other runs begin with now, if they are new: what happened before they were there is not their
    /// business, unless they catch up.
    func beginTriggers() async throws {
        var changes: [RunChange] = []
        let unknown = triggers.unknown.sorted()
        for key in unknown {
            guard let (_, trigger) = find(key) else { continue }
            if try await parts.store.cursor(pipelineID: key.pipelineID, trigger: key.trigger) != nil { continue }
            changes.append(.setCursor(pipelineID: key.pipelineID, trigger: key.trigger, parts.clock.now))
            guard case .dataset(let condition) = trigger.kind, trigger.catchup == .none else { continue }
            let former = try await parts.store.newDatasetEvents(
                condition.names, pipelineID: key.pipelineID, trigger: key.trigger)
            guard let last = former.last else { continue }
            changes.append(
                .setDatasetCursor(pipelineID: key.pipelineID, trigger: key.trigger, sequence: last.sequence))
        }
        if !changes.isEmpty { try await submitAndWait(changes) }
        triggers.unknown.subtract(unknown)
    }
}
