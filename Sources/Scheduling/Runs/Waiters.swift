/// Those who wait for runs to end.
struct Waiters {
    typealias Continuation = CheckedContinuation<DAGRun?, any Error>

    private enum Wish {
        case end(runID: String)
        case idle(ClockName)
        /// No attempt is running, and everything decided is stored.
        case quiet
    }
    private var waiting: [Int: (wish: Wish, continuation: Continuation)] = [:]
    private var nextID = 0
    /// Looks under way that may make further runs: until they are over no clock is idle.
    private(set) var looks = 0

    /// A look at what may make further runs begins.
    mutating func hold() { looks += 1 }

    mutating func release() { looks -= 1 }

    mutating func newID() -> Int {
        nextID += 1
        return nextID
    }

    mutating func waitForEnd(of runID: String, _ id: Int, _ continuation: Continuation) {
        waiting[id] = (.end(runID: runID), continuation)
    }

    mutating func waitForIdle(_ clock: ClockName, _ id: Int, _ continuation: Continuation) {
        waiting[id] = (.idle(clock), continuation)
    }

    mutating func waitForQuiet(_ id: Int, _ continuation: Continuation) {
        waiting[id] = (.quiet, continuation)
    }

    mutating func cancel(_ id: Int) {
        waiting.removeValue(forKey: id)?.continuation.resume(throwing: CancellationError())
    }

    mutating func ended(_ run: DAGRun) {
        wake(with: run) { if case .end(run.id) = $0 { true } else { false } }
    }

    /// The run is gone in a way that only the store knows.
    mutating func mustLookUp(_ runID: String) {
        wake(with: nil) { if case .end(runID) = $0 { true } else { false } }
    }

    mutating func wakeIfIdle(_ active: ActiveRuns) {
        if looks > 0 { return }
        wake(with: nil) { if case .idle(let clock) = $0 { !active.contains(clock) } else { false } }
    }

    mutating func wakeQuiet() {
        wake(with: nil) { if case .quiet = $0 { true } else { false } }
    }

    private mutating func wake(with run: DAGRun?, _ matches: (Wish) -> Bool) {
        for (id, waiter) in waiting where matches(waiter.wish) {
            waiting[id] = nil
            waiter.continuation.resume(returning: run)
        }
    }
}

extension LocalOrchestrator {
    package func waitUntilIdle(_ clock: ClockName) async throws {
        var mayEnd = false
        while !mayEnd {
            try Task.checkCancellation()
            while waiters.looks > 0 || active.contains(clock) {
                _ = try await wait { $0.waitForIdle(clock, $1, $2) }
            }
            // What waits for a pause after the day's work gets its run before the day is over.
            mayEnd = clock == .replay ? !(try await endReplayDebounces()) : true
        }
    }

    package func waitUntilEnded(runID: String) async throws -> DAGRun {
        try Task.checkCancellation()
        if active[runID] != nil, let run = try await wait({ $0.waitForEnd(of: runID, $1, $2) }) { return run }
        if let stored = try await parts.store.run(id: runID) {
            if stored.run.state.isTerminal { return stored.run }
            // Stored by a former process and not taken up yet: its end comes after `resume`.
            if let run = try await wait({ $0.waitForEnd(of: runID, $1, $2) }) { return run }
            return try await waitUntilEnded(runID: runID)
        }
        throw SchedulingError.unknownRun(id: runID)
    }

    private var isQuiet: Bool { !journal.isWriting && active.values.allSatisfy(\.attempts.isEmpty) }

    func wakeIfQuiet() {
        if isStopping, isQuiet { waiters.wakeQuiet() }
    }

    func waitUntilQuiet() async throws {
        if isQuiet { return }
        _ = try await wait { $0.waitForQuiet($1, $2) }
    }

    private func wait(_ add: (inout Waiters, Int, Waiters.Continuation) -> Void) async throws -> DAGRun? {
        let id = waiters.newID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                add(&waiters, id, continuation)
            }
        } onCancel: {
            Task { await cancelWaiter(id) }
        }
    }

    private func cancelWaiter(_ id: Int) { waiters.cancel(id) }
}
