import Logging

/// What is due on the wall's clock.
extension LocalOrchestrator {
    /// A change of the wall's clock by at least this much is a correction, by less a leap or a drift; as Debian's cron has it.
    private static let correction = Duration.seconds(3 * 3600)
    /// After something could not be stored.
    static let pauseAfterFailure = Duration.seconds(5)
    /// Pipelines whose runs are made in one transaction.
    private static let group = 64

    /// Fires what is due on the wall's clock, each time it is due, until the task is cancelled or the scheduler stops.
    package func run() async {
        while !Task.isCancelled, !isStopping {
            let next = await fireDue()
            guard let sleep = loop.begin(until: next, clock: parts.clock) else { continue }
            await withTaskCancellationHandler {
                _ = await sleep.result
            } onCancel: {
                sleep.cancel()
            }
            loop.end()
        }
    }

    /// - Returns: when to look again.
    private func fireDue() async -> Instant {
        let now = parts.clock.now
        noticeCorrection(now)
        var timed: [String: [TriggerKey]] = [:]
        var datasets: Set<TriggerKey> = []
        for moment in triggers.wall.takeDue(at: now) {
            switch moment {
            case .trigger(let key): timed[key.pipelineID, default: []].append(key)
            case .debounce(let key): datasets.insert(key)
            case .deadline(let runID): missDeadline(runID)
            }
        }
        if !datasets.isEmpty { _ = look(at: datasets) }
        let ids = timed.keys.sorted()
        for first in stride(from: 0, to: ids.count, by: Self.group) {
            let keys = ids[first..<min(first + Self.group, ids.count)].flatMap { timed[$0] ?? [] }
            do {
                try await fire(keys, now: now)
            } catch {
                let reason = ErrorSentence.of(error)
                parts.logger.error("schedules could not be looked at", metadata: ["reason": "\(reason)"])
                let again = now.advanced(by: Self.pauseAfterFailure)
                for key in keys where find(key) != nil { triggers.wall[.trigger(key)] = again }
            }
        }
        // With nothing to wait for, a look a day costs nothing.
        let farthest = now.advanced(by: .seconds(86_400))
        return min(triggers.wall.next ?? farthest, farthest)
    }

    /// Makes the runs of triggers of the wall's clock that are due, in one transaction.
    private func fire(_ keys: [TriggerKey], now: Instant) async throws {
        var runs: [NewRun] = []
        var changes: [RunChange] = []
        for key in keys {
            guard let (entry, trigger) = find(key), !paused.contains(key.pipelineID) else { continue }
            let cursor = try await wallCursor(key, trigger, now: now)
            let due = trigger.due(cursor: cursor, now: now, isOnTime: false, in: entry.zone)
            runs += try await newRuns(of: trigger, at: due, entry)
            // What is new and catches up must be known to the next start, even if nothing has fired.
            if !due.isEmpty || (cursor == nil && trigger.catchup != .none) {
                changes.append(.setCursor(pipelineID: key.pipelineID, trigger: key.trigger, now))
            }
        }
        if !changes.isEmpty { try await create(runs, with: changes) }
        for key in keys where find(key) != nil && !paused.contains(key.pipelineID) {
            triggers.wallCursors[key] = max(now, triggers.wallCursors[key] ?? now)
            awaitNextFiring(key)
        }
    }

    /// Up to where a trigger's firings have been made into runs; nil for one that has nothing to catch up with.
    private func wallCursor(_ key: TriggerKey, _ trigger: Trigger, now: Instant) async throws -> Instant? {
        if let known = triggers.wallCursors[key] { return known }
        if trigger.catchup == .none { return nil }
        let stored = try await parts.store.cursor(pipelineID: key.pipelineID, trigger: key.trigger)
        // Written before the clock was corrected: what lies between is not suppressed.
        if let stored, stored - now >= Self.correction { return now }
        return stored
    }

    /// Puts a trigger of the wall's clock into the queue, at its next firing.
    func awaitNextFiring(_ key: TriggerKey) {
        guard let (entry, trigger) = find(key), trigger.timetable != nil, trigger.clock == .wall,
            !paused.contains(key.pipelineID)
        else {
            triggers.wall[.trigger(key)] = nil
            return
        }
        if triggers.wallCursors[key] == nil, trigger.catchup == .none {
            // What a trigger that is new was to fire long ago is not its business; what it fires at this moment is.
            triggers.wallCursors[key] = parts.clock.now.before
        }
        // Without a cursor it is looked at now, to learn from the store what it has missed.
        let moment = triggers.wallCursors[key].map { trigger.next(after: $0, in: entry.zone) } ?? parts.clock.now
        triggers.wall[.trigger(key)] = moment
    }

    /// A clock that was set back by hours begins anew: nothing waits until the former time has come again. Runs that exist are
    /// not made twice, since a firing's run is named by its moment. A clock set back by less catches up with itself.
    private func noticeCorrection(_ now: Instant) {
        defer { lastLook = now }
        guard let lastLook, lastLook - now >= Self.correction else { return }
        parts.logger.warning(
            "the machine's clock was set back", metadata: ["from": "\(lastLook.rfc3339)", "to": "\(now.rfc3339)"])
        for key in triggers.wallCursors.keys {
            triggers.wallCursors[key] = now.before
            awaitNextFiring(key)
        }
    }

    /// A trigger as its pipeline's file has it now.
    func find(_ key: TriggerKey) -> (entry: PipelineShelf.Entry, trigger: Trigger)? {
        guard let entry = shelf[key.pipelineID],
            let trigger = entry.pipeline.triggers.first(where: { $0.key == key.trigger })
        else { return nil }
        return (entry, trigger)
    }

    /// The runs of some firings of a timetable that do not exist yet.
    func newRuns(
        of trigger: Trigger, at firings: [Instant], _ entry: PipelineShelf.Entry
    ) async throws -> [NewRun] {
        var runs: [NewRun] = []
        for moment in firings {
            let id = scheduledName(trigger, moment, entry)
            if active[id] != nil { continue }
            if try await parts.store.run(id: id) != nil { continue }
            let made = newRun(
                entry, trigger, id: id, cause: .schedule, clock: trigger.clock, date: moment,
                interval: trigger.interval(ending: moment, in: entry.zone))
            if let made { runs.append(made) }
        }
        return runs
    }

    func scheduledName(_ trigger: Trigger, _ moment: Instant, _ entry: PipelineShelf.Entry) -> String {
        let all = entry.pipeline.triggers
        let number = all.firstIndex { $0.key == trigger.key } ?? 0
        // Told from the schedules and not from what else is due now, so that a start after a crash gives the same name.
        let isSecond = all[..<number].contains {
            $0.clock == trigger.clock && $0.next(after: moment.before, in: entry.zone) == moment
        }
        return RunName.scheduled(entry.pipeline.id, moment, trigger: number, isSecond: isSecond, zone: entry.zone)
    }
}
