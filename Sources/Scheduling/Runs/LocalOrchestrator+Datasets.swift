import Logging

/// Runs that new versions of datasets make.
extension LocalOrchestrator {
    /// New versions of these datasets are stored: looks whether triggers have what they wait for. Until that has been done no
    /// clock counts as idle.
    func datasetChanged(_ names: [String]) {
        let keys = triggers.waiting(forDatasets: names)
        if !keys.isEmpty { _ = look(at: keys) }
    }

    /// Stores a new version that no task of ours made, and makes the runs that wait for it.
    package func signal(_ event: DatasetEvent) async throws -> [DAGRun] {
        if isStopping { throw SchedulingError.stopping }
        try await submitAndWait([.addDatasetEvent(event)])
        return await look(at: triggers.waiting(forDatasets: [event.name])).value
    }

    func look(at keys: Set<TriggerKey>) -> Task<[DAGRun], Never> {
        inTurn { await $0.makeDatasetRuns(keys) }
    }

    /// Simulated time stands still while the work of a moment is done. Once nothing runs, no further version can come before the
    /// clock moves: a pause that would be over by then is over now, so that the run belongs to the day that caused it.
    /// - Returns: whether there are runs to wait for again.
    func endReplayDebounces() async throws -> Bool {
        guard !triggers.replayDebounces.isEmpty, !isStopping, let replayNow else { return false }
        let (keys, soon) = (triggers.replayDebounces, replayNow.advanced(by: replayStep).before)
        let made = await inTurn { await $0.makeDatasetRuns(keys, replayNow: soon) }.value
        return !made.isEmpty
    }

    /// - Parameter replayNow: nil: the replay clock's reading.
    private func makeDatasetRuns(_ keys: Set<TriggerKey>, replayNow simulated: Instant? = nil) async -> [DAGRun] {
        var made: [DAGRun] = []
        for key in keys.sorted() {
            // What comes during a pause is kept, and becomes one run after it.
            guard let (entry, trigger) = find(key), case .dataset(let condition) = trigger.kind,
                !paused.contains(key.pipelineID)
            else { continue }
            do {
                made += try await makeDatasetRun(key, entry, trigger, condition, simulated: simulated)
            } catch {
                parts.logger.error(
                    "a dataset trigger could not be looked at, trying again",
                    metadata: ["pipeline": "\(key.pipelineID)", "reason": "\(ErrorSentence.of(error))"])
                triggers.wall[.debounce(key)] = parts.clock.now.advanced(by: Self.pauseAfterFailure)
                loop.wake()
            }
        }
        return made
    }

    private func makeDatasetRun(
        _ key: TriggerKey, _ entry: PipelineShelf.Entry, _ trigger: Trigger, _ condition: DatasetCondition,
        simulated: Instant?
    ) async throws -> [DAGRun] {
        let stored = try await parts.store.newDatasetEvents(
            condition.names, pipelineID: key.pipelineID, trigger: key.trigger)
        let events = stored.filter { trigger.covers($0.event.at) }
        triggers.replayDebounces.remove(key)
        guard let newest = events.last else { return [] }
        let clock = newest.event.clock
        let now = clock == .wall ? parts.clock.now : simulated ?? replayNow ?? newest.event.at
        switch condition.decision(events, now: now) {
        case .nothing: return []
        case .wait(let due):
            if clock == .wall {
                triggers.wall[.debounce(key)] = due
                loop.wake()
            } else {
                triggers.replayDebounces.insert(key)
            }
            return []
        case .fire: break
        }
        let moved = RunChange.setDatasetCursor(
            pipelineID: key.pipelineID, trigger: key.trigger, sequence: newest.sequence)
        guard let new = try await newRun(key, entry, trigger, events, newest.event) else {
            try await submitAndWait([moved])
            return []
        }
        return try await create([new], with: [moved])
    }

    private func newRun(
        _ key: TriggerKey, _ entry: PipelineShelf.Entry, _ trigger: Trigger, _ events: [StoredDatasetEvent],
        _ newest: DatasetEvent
    ) async throws -> NewRun? {
        let producer: DAGRun? =
            if let id = newest.runID { try await parts.store.run(id: id)?.run } else { nil }
        if let producer, try await isChainTooLong(producer.id) {
            tell(key, Self.chainMessage)
            return nil
        }
        let date = producer?.logicalDate ?? (newest.clock == .wall ? parts.clock.now : newest.at)
        let oldest = events.first?.event.at ?? date
        let interval = producer?.dataInterval ?? DataInterval(start: min(oldest, date.before), end: date)
        var names: [String] = []
        for event in events where !names.contains(event.event.name) { names.append(event.event.name) }
        return newRun(
            entry, trigger,
            id: RunName.caused(key.pipelineID, by: "\(key.trigger)/\(newest.id)", date: date, zone: entry.zone),
            cause: .dataset, clock: producer?.clock ?? newest.clock, date: date, interval: interval,
            parentRunID: producer?.id,
            event: [
                "dataset": newest.name, "datasets": names.joined(separator: ","),
                "new_rows": "\(events.compactMap(\.event.newRows).reduce(0, +))", "run_id": newest.runID ?? "",
                "task": newest.taskID ?? "", "at": newest.at.rfc3339(in: entry.zone),
            ])
    }
}
