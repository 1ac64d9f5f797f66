import Logging

/// Runs that the end of another pipeline's run makes, and those that a webhook asks for.
extension LocalOrchestrator {
    /// Of the newest runs of a pipeline, so many are looked at after a start for ends that nothing followed yet.
    private static let looksBack = 100

    /// A run has ended and that is stored: makes the runs that wait for it. Until that has been done no clock counts as idle.
    func runEnded(_ run: DAGRun) {
        triggers.wall[.deadline(runID: run.id)] = nil
        let keys = triggers.waiting(forEndOf: run.pipelineID)
        if !keys.isEmpty { _ = inTurn { await $0.follow(run, keys) } }
    }

    /// Makes up for ends after which a former process had no time to make the runs that follow.
    func lookBackAtEnds() {
        for (pipelineID, keys) in triggers.ofPipelines {
            _ = inTurn { await $0.lookBack(at: pipelineID, keys) }
        }
    }

    private func lookBack(at pipelineID: String, _ keys: Set<TriggerKey>) async -> [DAGRun] {
        var made: [DAGRun] = []
        do {
            let runs = try await parts.store.runs(of: pipelineID, limit: Self.looksBack, before: nil)
            for key in keys {
                guard let since = try await parts.store.cursor(pipelineID: key.pipelineID, trigger: key.trigger)
                else { continue }
                for run in runs.reversed() where run.endedAt.map({ $0 >= since }) ?? false {
                    made += await follow(run, [key])
                }
            }
        } catch {
            parts.logger.error(
                "ended runs could not be looked at, trying again",
                metadata: ["pipeline": "\(pipelineID)", "reason": "\(ErrorSentence.of(error))"])
            tryAgain { await $0.lookBack(at: pipelineID, keys) }
        }
        return made
    }

    /// After a pause, until which no clock counts as idle: what is left out now would be behind the cursor that the next end moves.
    private func tryAgain(_ work: @escaping @Sendable (isolated LocalOrchestrator) async -> [DAGRun]) {
        if isStopping { return }
        waiters.hold()
        Task { [clock = parts.clock] in
            try? await clock.sleep(for: Self.pauseAfterFailure)
            if !isStopping { _ = inTurn(work) }
            waiters.release()
            waiters.wakeIfIdle(active)
        }
    }

    private func follow(_ run: DAGRun, _ keys: Set<TriggerKey>) async -> [DAGRun] {
        var made: [DAGRun] = []
        for key in keys.sorted() {
            guard let (entry, trigger) = find(key), case .after(let condition) = trigger.kind,
                condition.states.contains(run.state), !paused.contains(key.pipelineID), trigger.covers(run.logicalDate)
            else { continue }
            do {
                made += try await follow(run, key, entry, trigger)
            } catch {
                parts.logger.error(
                    "a run that follows another could not be made, trying again",
                    metadata: [
                        "pipeline": "\(key.pipelineID)", "after": "\(run.id)", "reason": "\(ErrorSentence.of(error))",
                    ])
                tryAgain { await $0.follow(run, [key]) }
            }
        }
        return made
    }

    private func follow(
        _ run: DAGRun, _ key: TriggerKey, _ entry: PipelineShelf.Entry, _ trigger: Trigger
    ) async throws -> [DAGRun] {
        let id = RunName.caused(
            key.pipelineID, by: "\(key.trigger)/\(run.id)", date: run.logicalDate, zone: entry.zone)
        if active[id] != nil { return [] }
        if try await parts.store.run(id: id) != nil { return [] }
        var new: NewRun?
        if try await isChainTooLong(run.id) {
            tell(key, Self.chainMessage)
        } else {
            new = newRun(
                entry, trigger, id: id, cause: .after, clock: run.clock, date: run.logicalDate,
                interval: run.dataInterval, parentRunID: run.id,
                event: ["pipeline": run.pipelineID, "run_id": run.id, "state": run.state.rawValue])
        }
        // Also when there is none, so that the next start does not try it again.
        let moved = RunChange.setCursor(
            pipelineID: key.pipelineID, trigger: key.trigger, run.endedAt ?? parts.clock.now)
        return try await create(new.map { [$0] } ?? [], with: [moved])
    }

    /// Starts what waits for the webhook of that name.
    /// - Returns: the runs that were made; none when every pipeline that waits for it is paused.
    /// - Throws: `SchedulingError.unknownHook`, or why none of several could be made.
    package func receiveHook(_ name: String, event: [String: String]) async throws -> [DAGRun] {
        if isStopping { throw SchedulingError.stopping }
        let keys = triggers.waiting(forWebhook: name)
        if keys.isEmpty {
            throw SchedulingError.unknownHook(
                name: name, nearest: Spelling.nearest(to: name, among: triggers.webhookNames))
        }
        var made: [DAGRun] = []
        var failure: (any Error)?
        for key in keys.sorted() {
            guard let (entry, trigger) = find(key), !paused.contains(key.pipelineID) else { continue }
            do {
                let moment = try await moment(of: entry)
                guard trigger.covers(moment.date) else { continue }
                manualStarts += 1
                let id = try await freeName(
                    key.pipelineID, moment.date, now: parts.clock.now, count: manualStarts, entry.zone)
                let new = newRun(
                    entry, trigger, id: id, cause: .webhook, clock: moment.clock, date: moment.date,
                    interval: moment.interval, event: event)
                if let new {
                    made += try await create([new])
                } else if let problem = triggers.problems[key] {
                    failure = SchedulingError.hookRefused(pipelineID: key.pipelineID, reason: problem)
                }
            } catch {
                failure = error
                parts.logger.error(
                    "a webhook started nothing",
                    metadata: ["pipeline": "\(key.pipelineID)", "reason": "\(ErrorSentence.of(error))"])
            }
        }
        if made.isEmpty, let failure { throw failure }
        return made
    }
}

extension Trigger {
    /// Whether a moment lies within `start` and `end`.
    func covers(_ moment: Instant) -> Bool {
        if let start, moment < start { return false }
        if let end, moment > end { return false }
        return true
    }
}
