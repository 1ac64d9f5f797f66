import Logging

/// Runs that a schedule makes.
extension LocalOrchestrator {
    /// - Precondition: `clock` is simulated; the wall's moves by itself.
    package func advance(_ clock: ClockName, to instant: Instant) async throws {
        precondition(clock == .replay, "the wall's clock cannot be moved")
        if isStopping { throw SchedulingError.stopping }
        var runs: [NewRun] = []
        var cursors: [RunChange] = []
        for id in shelf.entries.keys.sorted() {
            guard let entry = shelf[id] else { continue }
            var firings: [(trigger: Int, at: Instant)] = []
            for (index, trigger) in entry.pipeline.triggers.enumerated()
            where trigger.clock == clock && trigger.timetable != nil {
                let cursor = try await parts.store.cursor(pipelineID: id, trigger: trigger.key)
                if let cursor, cursor >= instant { continue }
                cursors.append(.setCursor(pipelineID: id, trigger: trigger.key, instant))
                // A paused pipeline lets simulated time pass.
                if paused.contains(id) { continue }
                let due = trigger.due(cursor: cursor, now: instant, isOnTime: true, in: entry.zone)
                firings += due.map { (index, $0) }
            }
            runs += try await newRuns(of: firings, entry)
        }
        replayNow = instant
        if cursors.isEmpty { return }
        try await create(runs, with: cursors)
    }

    /// Fires what is due on the wall's clock, each time it is due, until the task is cancelled or the scheduler stops.
    package func run() async {
        while !Task.isCancelled, !isStopping {
            var next: Instant
            do {
                next = try await fireDue()
            } catch {
                parts.logger.error(
                    "schedules could not be looked at", metadata: ["reason": "\(ErrorSentence.of(error))"])
                next = parts.clock.now.advanced(by: .seconds(5))
            }
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
    private func fireDue() async throws -> Instant {
        let now = parts.clock.now
        // With nothing to wait for, a look a day costs nothing.
        var next = now.advanced(by: .seconds(86_400))
        for id in shelf.entries.keys.sorted() {
            guard let entry = shelf[id] else { continue }
            var firings: [(trigger: Int, at: Instant)] = []
            var cursors: [TriggerKey: Instant] = [:]
            for (index, trigger) in entry.pipeline.triggers.enumerated()
            where trigger.clock == .wall && trigger.timetable != nil {
                let key = TriggerKey(pipelineID: id, trigger: trigger.key)
                if paused.contains(id) {
                    if trigger.catchup == .none { wallCursors[key] = now }
                    continue
                }
                let cursor = try await wallCursor(key, trigger, now: now)
                let due = trigger.due(cursor: cursor, now: now, isOnTime: false, in: entry.zone)
                firings += due.map { (index, $0) }
                // What is new and catches up must be known to the next start, even if nothing has fired.
                if !due.isEmpty || (cursor == nil && trigger.catchup != .none) { cursors[key] = now }
                if let following = trigger.next(after: now, in: entry.zone) { next = min(next, following) }
            }
            let changes = cursors.map { RunChange.setCursor(pipelineID: id, trigger: $0.key.trigger, $0.value) }
            if !changes.isEmpty { try await create(try await newRuns(of: firings, entry), with: changes) }
            for trigger in entry.pipeline.triggers where trigger.clock == .wall && !paused.contains(id) {
                wallCursors[TriggerKey(pipelineID: id, trigger: trigger.key)] = now
            }
        }
        return next
    }

    /// Up to where a trigger's firings have been made into runs; nil for one that has nothing to catch up with.
    private func wallCursor(_ key: TriggerKey, _ trigger: Trigger, now: Instant) async throws -> Instant? {
        if let known = wallCursors[key] { return known }
        if trigger.catchup == .none { return nil }
        return try await parts.store.cursor(pipelineID: key.pipelineID, trigger: key.trigger)
    }

    /// The runs of some firings of a pipeline that do not exist yet.
    private func newRuns(
        of firings: [(trigger: Int, at: Instant)], _ entry: PipelineShelf.Entry
    ) async throws -> [NewRun] {
        var runs: [NewRun] = []
        let pipeline = entry.pipeline
        for firing in firings.sorted(by: { ($0.at, $0.trigger) < ($1.at, $1.trigger) }) {
            let trigger = pipeline.triggers[firing.trigger]
            // Told from the schedules and not from what else is due now, so that a start after a crash gives the same name.
            let isSecond = pipeline.triggers[..<firing.trigger].contains {
                $0.clock == trigger.clock && $0.next(after: firing.at.before, in: entry.zone) == firing.at
            }
            let id = RunName.scheduled(
                pipeline.id, firing.at, trigger: firing.trigger, isSecond: isSecond, zone: entry.zone)
            if active[id] != nil { continue }
            if try await parts.store.run(id: id) != nil { continue }
            let scope = RenderScope(variables: pipeline.variables)
            let given = try trigger.params.mapValues { try $0.render(scope, quoting: .plain) }
            let params = try ParamSpec.check(given, against: pipeline.params, in: entry.zone)
            let run = DAGRun(
                id: id, pipelineID: pipeline.id, pipelineVersion: pipeline.version, cause: .schedule,
                clock: trigger.clock,
                logicalDate: firing.at, dataInterval: trigger.interval(ending: firing.at, in: entry.zone),
                params: params,
                state: .queued, createdAt: parts.clock.now)
            runs.append(NewRun(run: run, pipeline: pipeline, zone: entry.zone))
        }
        return runs
    }
}
