/// The runs of a stretch of a schedule, made by hand.
extension LocalOrchestrator {
    /// More runs than this at once are a slip of the year, and would be a burden on memory.
    static let largestBackfill = 10_000
    /// Runs that are made in one transaction.
    private static let group = 100

    /// Firings of the pipeline's timetables in the stretch, up to now. A trigger's `start` and `end` do not bound them: the request
    /// does.
    /// - Throws: `SchedulingError`, `ParamError`; then there is none of the runs, unless the store failed on the way.
    package func backfill(_ request: BackfillRequest) async throws -> BackfillOutcome {
        if isStopping { throw SchedulingError.stopping }
        let entry = try shelf.find(request.pipelineID)
        // Whatever the triggers give: a name or a value that is wrong is told before anything is counted.
        let given = entry.pipeline.params.filter { request.params[$0.name] != nil }
        if given.count != request.params.count {
            _ = try ParamSpec.check(request.params, against: entry.pipeline.params, in: entry.zone)
        }
        _ = try ParamSpec.check(request.params, against: given, in: entry.zone)
        let firings = try await firings(of: request, entry)
        var outcome = BackfillOutcome(dates: [], runIDs: [], existing: 0)
        var news: [NewRun] = []
        for (trigger, moment) in firings {
            let id = scheduledName(trigger, moment, entry)
            if try await exists(id) {
                outcome.existing += 1
                continue
            }
            outcome.dates.append(moment)
            if request.isDryRun { continue }
            let made = newRun(
                entry, trigger, id: id, cause: .backfill, clock: trigger.clock, date: moment,
                interval: trigger.interval(ending: moment, in: entry.zone), given: request.params)
            guard var new = made else {
                let key = TriggerKey(pipelineID: request.pipelineID, trigger: trigger.key)
                throw SchedulingError.badBackfill(reason: triggers.problems[key] ?? "a parameter does not check")
            }
            // Nobody who asks for all of them means that most be left out.
            new.overlap = .queue
            news.append(new)
        }
        if request.isDryRun { return outcome }
        let audit = AuditEntry(
            at: parts.clock.now, actor: request.actor, action: .backfill, pipelineID: request.pipelineID,
            detail: """
                \(news.count) runs from \(request.from.rfc3339(in: entry.zone)) to \
                \(request.to.rfc3339(in: entry.zone)), \(outcome.existing) existed
                """)
        var others: [RunChange] = [.addAudit(audit)]
        for first in stride(from: 0, to: max(1, news.count), by: Self.group) {
            let some = Array(news[first..<min(first + Self.group, news.count)])
            outcome.runIDs += try await create(some, with: others).map(\.id)
            others = []
        }
        return outcome
    }

    private func exists(_ id: String) async throws -> Bool {
        if active[id] != nil { return true }
        return try await parts.store.run(id: id) != nil
    }

    /// Oldest first.
    private func firings(
        of request: BackfillRequest, _ entry: PipelineShelf.Entry
    ) async throws -> [(trigger: Trigger, at: Instant)] {
        let timed = entry.pipeline.triggers.filter { $0.timetable != nil }
        if timed.isEmpty { throw SchedulingError.noSchedule(pipelineID: request.pipelineID) }
        if request.to < request.from {
            throw SchedulingError.badBackfill(reason: "the stretch ends before it begins")
        }
        var found: [(trigger: Trigger, at: Instant)] = []
        for trigger in timed {
            let now: Instant? =
                switch trigger.clock {
                case .wall: parts.clock.now
                case .replay: try await replayMoment(request.pipelineID, trigger.key)
                }
            guard let now else { throw SchedulingError.replayHasNotBegun(pipelineID: request.pipelineID) }
            var moment = request.from.before
            while let next = trigger.timetable?.next(after: moment, anchor: trigger.start, in: entry.zone),
                next <= min(request.to, now)
            {
                found.append((trigger, next))
                moment = next
                if found.count > Self.largestBackfill {
                    throw SchedulingError.badBackfill(
                        reason: "the stretch holds more than \(Self.largestBackfill) firings")
                }
            }
        }
        let numbers = Dictionary(entry.pipeline.triggers.enumerated().map { ($1.key, $0) }) { first, _ in first }
        return found.sorted { ($0.at, numbers[$0.trigger.key] ?? 0) < ($1.at, numbers[$1.trigger.key] ?? 0) }
    }
}
