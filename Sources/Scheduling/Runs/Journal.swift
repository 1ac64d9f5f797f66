import Logging

/// Changes on their way to the store, in the order in which they were decided.
///
/// One apply is under way at a time; what is decided meanwhile goes into the next one, all at once.
struct Journal {
    /// Changes that are stored together, and what may happen once they are.
    struct Entry: Sendable {
        var changes: [RunChange]
        /// The run that the changes belong to; nil for those of a pipeline or of several runs.
        var runID: String?
        var effects: [(runID: String, effect: RunEffect)] = []
        /// Somebody who waits for the changes. Without a `runID` they can be told that these failed, which are then as if never
        /// decided; changes of a run that goes on are tried until they are stored.
        var waiter: CheckedContinuation<Void, any Error>?
    }

    var pending: [Entry] = []
    var isWriting = false

    /// Tries by which a waiter hears of a failure, and after which a run is given up if its last words can be stored.
    static let triesOfWaiter = 4
    static let triesOfRun = 8

    /// Before the next try: 20 ms, doubling, at most 5 s.
    static func pause(afterTry number: Int) -> Duration {
        .milliseconds(min(5000, 20 << min(number - 1, 10)))
    }
}

extension LocalOrchestrator {
    /// Stores what a machine decided, then performs its effects.
    func submit(_ transition: RunTransition, of runID: String) {
        if transition.changes.isEmpty, transition.effects.isEmpty { return }
        enqueue(
            Journal.Entry(
                changes: transition.changes, runID: runID, effects: transition.effects.map { (runID, $0) }))
    }

    /// Stores what a machine decided, performs its effects, and returns once that has been done.
    func submitAndWait(_ transition: RunTransition, of runID: String) async throws {
        if transition == .nothing { return }
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Journal.Entry(
                    changes: transition.changes, runID: runID, effects: transition.effects.map { (runID, $0) },
                    waiter: continuation))
        }
    }

    /// Stores changes that somebody waits for.
    /// - Throws: `SchedulingError.storeFailed`; then nothing was stored.
    func submitAndWait(_ changes: [RunChange], effects: [(runID: String, effect: RunEffect)] = []) async throws {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(Journal.Entry(changes: changes, runID: nil, effects: effects, waiter: continuation))
        }
    }

    private func enqueue(_ entry: Journal.Entry) {
        journal.pending.append(entry)
        if journal.isWriting { return }
        journal.isWriting = true
        Task { await writeJournal() }
    }

    private func writeJournal() async {
        while !journal.pending.isEmpty {
            let batch = journal.pending
            journal.pending = []
            do {
                try await parts.store.apply(batch.flatMap(\.changes))
                for entry in batch { finish(entry) }
            } catch {
                // One of them may be to blame; and in order, since later changes rest on earlier ones.
                journal.pending.insert(contentsOf: batch, at: 0)
                for _ in batch where !journal.pending.isEmpty { await write(journal.pending.removeFirst()) }
            }
        }
        journal.isWriting = false
        wakeIfQuiet()
    }

    private func write(_ entry: Journal.Entry) async {
        var number = 1
        while true {
            if let runID = entry.runID, active[runID]?.isGivenUp ?? true { return entry.waiter?.resume() ?? () }
            do {
                try await parts.store.apply(entry.changes)
                return finish(entry)
            } catch {
                // What is not stored by now is taken up from the last stored state at the next start.
                if hasShutDown { return entry.waiter?.resume(throwing: SchedulingError.stopping) ?? () }
                parts.logger.error(
                    "state could not be stored, trying again",
                    metadata: [
                        "try": "\(number)", "run": "\(entry.runID ?? "-")", "reason": "\(ErrorSentence.of(error))",
                    ])
                if let waiter = entry.waiter, entry.runID == nil, number >= Journal.triesOfWaiter {
                    return waiter.resume(throwing: SchedulingError.storeFailed(reason: ErrorSentence.of(error)))
                }
                if number >= Journal.triesOfRun {
                    if let runID = entry.runID, await giveUp(runID, because: error) {
                        return entry.waiter?.resume() ?? ()
                    }
                    refuseWaiters(because: error)
                }
            }
            try? await parts.clock.sleep(for: Journal.pause(afterTry: number))
            number += 1
        }
    }

    /// Tells those who wait behind changes that the store refuses, and who can be told: on a full disk nobody waits for ever.
    private func refuseWaiters(because error: any Error) {
        let refused = journal.pending.filter { $0.runID == nil && $0.waiter != nil }
        journal.pending.removeAll { $0.runID == nil && $0.waiter != nil }
        let failure = SchedulingError.storeFailed(reason: ErrorSentence.of(error))
        for entry in refused { entry.waiter?.resume(throwing: failure) }
    }

    private func finish(_ entry: Journal.Entry) {
        for change in entry.changes { announce(change) }
        entry.waiter?.resume()
        for (runID, effect) in entry.effects { perform(effect, of: runID) }
    }

    private func announce(_ change: RunChange) {
        switch change {
        case .createRun(let run, let tasks):
            send(.run(run))
            for task in tasks where task.state != .none { send(.task(task, pipelineID: run.pipelineID)) }
        case .updateRun(let run):
            send(.run(run))
            // Before the effects, one of which may be that the run counts as ended: no clock is idle in between.
            if run.state.isTerminal { runEnded(run) }
        case .updateTask(let task):
            if let run = active[task.runID]?.run { send(.task(task, pipelineID: run.pipelineID)) }
        case .addTasks(let tasks):
            for task in tasks {
                if let run = active[task.runID]?.run { send(.task(task, pipelineID: run.pipelineID)) }
            }
        case .setPaused(let pipelineID, _): send(.pipeline(id: pipelineID))
        // One without a run came by `signal`, which looks itself.
        case .addDatasetEvent(let event): if event.runID != nil { datasetChanged([event.name]) }
        case .setCursor, .setDatasetCursor, .savePipelineSource, .addNotification, .addAudit: break
        }
    }

    /// Ends a run whose changes the store refuses although it takes others: by its last stored state, as failed.
    /// - Returns: false when the store takes nothing at all; then the changes are tried again, and nothing is lost.
    private func giveUp(_ runID: String, because error: any Error) async -> Bool {
        let message = "its state could not be stored: \(ErrorSentence.of(error))"
        let now = parts.clock.now
        do {
            guard let stored = try await parts.store.run(id: runID) else { return false }
            var run = stored.run
            (run.state, run.message, run.endedAt) = (.failed, message, now)
            var changes: [RunChange] = []
            for var task in stored.tasks where !task.state.isTerminal {
                (task.state, task.message, task.endedAt, task.process) = (.failed, message, now, nil)
                changes.append(.updateTask(task))
            }
            changes.append(.updateRun(run))
            changes += notifications(ofLost: run)
            try await parts.store.apply(changes)
            parts.logger.error("a run was given up", metadata: ["run": "\(runID)", "reason": "\(message)"])
            for change in changes { announce(change) }
            abandon(runID)
            return true
        } catch {
            return false
        }
    }
}
