import Logging

/// What is due on the replay clock.
extension LocalOrchestrator {
    /// Where the store keeps the reading of the replay clock itself: with it, a trigger that has nothing due is not written each time.
    static let replayKey = TriggerKey(pipelineID: "", trigger: "replay")

    /// - Precondition: `clock` is simulated; the wall's moves by itself.
    package func advance(_ clock: ClockName, to instant: Instant) async throws {
        precondition(clock == .replay, "the wall's clock cannot be moved")
        if isStopping { throw SchedulingError.stopping }
        // Told of a moment that is gone: the replay began again.
        if let replayNow, instant < replayNow { forgetReplay() }
        let keys = triggers.replay.takeDue(at: instant)
        do {
            try await fireReplay(keys, at: instant)
        } catch {
            for key in keys where find(key) != nil { triggers.replay[key] = TriggerTable.beginning }
            throw error
        }
        if !triggers.replayDebounces.isEmpty { _ = look(at: triggers.replayDebounces) }
    }

    /// The replay begins again, and what it made is gone from the store: what this process remembers of it is too.
    package func forgetReplay() {
        replayNow = nil
        triggers.replayCursors = [:]
        triggers.replayDebounces = []
        for (id, entry) in shelf.entries {
            for trigger in entry.pipeline.triggers where trigger.clock == .replay && trigger.timetable != nil {
                triggers.replay[TriggerKey(pipelineID: id, trigger: trigger.key)] = TriggerTable.beginning
            }
        }
    }

    private func fireReplay(_ keys: [TriggerKey], at instant: Instant) async throws {
        var runs: [NewRun] = []
        var cursors: [RunChange] = []
        var reading: Instant?
        for key in keys.sorted() {
            guard let (entry, trigger) = find(key) else { continue }
            var cursor = triggers.replayCursors[key]
            if cursor == nil {
                if reading == nil { reading = try await storedReplayReading() }
                cursor = try await parts.store.cursor(pipelineID: key.pipelineID, trigger: key.trigger)
                cursor = cursor.map { max($0, reading ?? $0) }
            }
            if let cursor, cursor >= instant { continue }
            cursors.append(.setCursor(pipelineID: key.pipelineID, trigger: key.trigger, instant))
            // A paused pipeline lets simulated time pass.
            if paused.contains(key.pipelineID) { continue }
            let due = trigger.due(cursor: cursor, now: instant, isOnTime: true, in: entry.zone)
            runs += try await newRuns(of: trigger, at: due, entry)
        }
        let isFurther = replayNow.map { instant > $0 } ?? !keys.isEmpty
        if !cursors.isEmpty || (isFurther && !triggers.replay.isEmpty) {
            let key = Self.replayKey
            cursors.append(.setCursor(pipelineID: key.pipelineID, trigger: key.trigger, instant))
        }
        // Before runs exist, so that what they make is measured against the clock that they were made at.
        let former = replayNow
        replayNow = instant
        do {
            if !cursors.isEmpty { try await create(runs, with: cursors) }
        } catch {
            replayNow = former
            throw error
        }
        if let former, instant > former { replayStep = instant - former }
        for key in keys {
            guard let (entry, trigger) = find(key) else { continue }
            triggers.replayCursors[key] = max(instant, triggers.replayCursors[key] ?? instant)
            triggers.replay[key] = trigger.next(after: instant, in: entry.zone)
        }
    }

    /// The replay clock's reading: as this process was told, else as far as the trigger has come.
    func replayMoment(_ pipelineID: String, _ trigger: String) async throws -> Instant? {
        if let replayNow { return replayNow }
        guard let own = try await parts.store.cursor(pipelineID: pipelineID, trigger: trigger) else { return nil }
        return max(own, try await storedReplayReading() ?? own)
    }

    private func storedReplayReading() async throws -> Instant? {
        try await parts.store.cursor(pipelineID: Self.replayKey.pipelineID, trigger: Self.replayKey.trigger)
    }
}
