import Foundation
import Logging
import Scheduling
import Serving
import Training

/// The replay clock: delivers the ratings day by day, and ends a day only when the runs that it started have ended.
///
/// Each step is on disk before it has an effect: the clock's `now` is stored, then the firings up to it are made into runs (which the
/// orchestrator does once, however often it is told), then their end is awaited. A start after a crash goes through the same three
/// steps again from the stored `now`, so no day is lost and none is repeated.
actor Replay: ReplayControl {
    private let parts: Parts
    private var state: ReplayState
    private var lastDayBegan: Instant?
    private var isWorking = false
    private var problem: ErrorText?
    private var lastSave: Task<Void, any Error>?
    private var waiting: Task<Void, any Error>?
    private var resets: [CheckedContinuation<Void, any Error>] = []
    /// The clock is about to be set to its start, whatever it is told until then.
    private var isStartingAgain = false
    private var hasEnded = false
    private var cancelling: Task<Void, Never>?
    /// The runs due at `now` have not all ended yet: what failed on the way is tried again before the next day.
    private var needsSettling = true
    private(set) var pace = Pace()

    /// What the clock needs of the rest.
    struct Parts: Sendable {
        var store: any ReplayStateStore
        var orchestrator: any Orchestrator
        var arrivals: Arrivals
        var clock: any Clock
        var publish: @Sendable (StackEvent) -> Void
        /// Called after each simulated day, with the wall time it took.
        var dayEnded: @Sendable (Day, Duration) async -> Void
        /// Removes everything that the pipelines made.
        var clear: @Sendable () async throws -> Void
    }

    /// How long simulated days took, for the summary at the end.
    struct Pace: Sendable {
        var days = 0
        var total = Duration.zero
    }

    init(parts: Parts, state: ReplayState) {
        (self.parts, self.state) = (parts, state)
    }

    /// Goes through the days until the task is cancelled or, when `untilDone`, until the end is reached.
    /// - Throws: `StackError.replayStopped` when `untilDone` and the end cannot be reached: nobody is there to mend it and go on.
    func run(untilDone: Bool) async throws {
        defer { end() }
        while !Task.isCancelled {
            if !resets.isEmpty || (problem == nil && state.isStartingAgain == true) { await startAgain() }
            if untilDone, let problem {
                throw StackError.replayStopped(
                    day: Day(containing: state.now).description, reason: problem.what, remedy: problem.remedy)
            }
            if needsSettling, problem == nil {
                await settle()
                continue
            }
            if untilDone, state.isFinished, problem == nil { return }
            // A machine's clock that was set back does not make a day longer.
            lastDayBegan = lastDayBegan.map { min($0, parts.clock.now) }
            guard problem == nil, let due = state.nextDayDue(lastDayBegan: lastDayBegan, wall: parts.clock.now) else {
                publishStatus()
                await wait(until: nil)
                continue
            }
            if due > parts.clock.now {
                publishStatus()
                await wait(until: due)
                continue
            }
            await day()
        }
    }

    func status() -> ReplayStatus {
        let first = Day(containing: Instant(seconds: parts.arrivals.log.firstTimestampSeconds))
        let today = Day(containing: state.now)
        let due =
            state.isPlaying && !isWorking
            ? state.nextDayDue(lastDayBegan: lastDayBegan, wall: parts.clock.now) : nil
        return ReplayStatus(
            dataset: state.dataset, now: state.now, firstDay: first.start,
            lastDay: Day(containing: Instant(seconds: parts.arrivals.log.lastTimestampSeconds)).start,
            start: state.start, until: state.until, state: phase,
            dayLengthSeconds: Double(state.dayLengthMilliseconds) / 1000,
            day: today.days(since: Day(containing: state.start)),
            daysTotal: Day(containing: state.end).days(since: Day(containing: state.start)),
            ratingsArrived: parts.arrivals.rowCount, ratingsTotal: parts.arrivals.log.count,
            nextDayAt: state.dayLengthMilliseconds > 0 ? due : nil, dayProgress: dayProgress, problem: problem?.oneLine)
    }

    func perform(_ action: ReplayAction) async throws -> ReplayStatus {
        if hasEnded { throw Replay.ended }
        if action == .reset {
            try await withCheckedThrowingContinuation { continuation in
                resets.append(continuation)
                isStartingAgain = true
                waiting?.cancel()
                cancelling = Task { await cancelRuns() }
            }
            return status()
        }
        if isStartingAgain { throw Replay.startingAgain }
        if state.isStartingAgain == true { throw problem == nil ? Replay.startingAgain : Replay.halfReset }
        let former = state
        do {
            try state.obey(ReplayOrder(action))
        } catch let error as any LocalizedError {
            throw ReplayRefusal(
                message: error.errorDescription ?? "\(error)", remedy: error.recoverySuggestion ?? "try again.")
        }
        let ordered = state
        do {
            try await persist()
        } catch {
            // An order that was not kept is not obeyed either.
            if state == ordered { state = former }
            throw error
        }
        problem = nil
        waiting?.cancel()
        publishStatus()
        return status()
    }

    // MARK: - Days

    private func day() async {
        let began = parts.clock.now
        lastDayBegan = began
        let former = state.now
        state.advance()
        do {
            try await persist()
        } catch {
            state.now = former
            return stop(because: error)
        }
        needsSettling = true
        await settle()
        if !needsSettling {
            let elapsed = parts.clock.now - began
            pace.days += 1
            pace.total += elapsed
            await parts.dayEnded(Day(containing: Instant(milliseconds: state.now.milliseconds - 1)), elapsed)
        }
    }

    /// Makes runs of what is due at the stored moment and waits for their end.
    private func settle() async {
        isWorking = true
        publishStatus()
        do {
            try await parts.orchestrator.advance(.replay, to: state.now)
            try await parts.orchestrator.waitUntilIdle(.replay)
            needsSettling = false
        } catch is CancellationError where Task.isCancelled {
            // The next start goes on from here.
        } catch {
            stop(because: error)
        }
        isWorking = false
        publishStatus()
    }

    /// Saves the state as it is now, after every save that was asked for before: an order may come while a day is being saved.
    private func persist() async throws {
        let (former, snapshot, store) = (lastSave, state, parts.store)
        let save = Task {
            _ = await former?.result
            try await store.save(snapshot)
        }
        lastSave = save
        try await save.value
    }

    private func stop(because error: any Error) {
        state.isPlaying = false
        state.target = nil
        problem = ErrorText(error)
        publishStatus()
    }

    // MARK: - Starting again

    /// Only hurries what `startAgain` waits for: a run that cannot be cancelled ends by itself.
    private func cancelRuns() async {
        guard let runs = try? await parts.orchestrator.runs(of: nil, limit: 1000, before: nil) else { return }
        for run in runs where !run.state.isTerminal {
            try? await parts.orchestrator.cancel(runID: run.id, actor: "replay")
        }
    }

    private func startAgain() async {
        let waiters = resets
        resets = []
        do {
            // A cancellation that came late would hit the runs of the new beginning.
            await cancelling?.value
            for clock in [ClockName.replay, .wall] { try await parts.orchestrator.waitUntilIdle(clock) }
            try await mark(startingAgain: true)
            try await parts.clear()
            state.now = state.start
            state.isPlaying = false
            state.target = nil
            needsSettling = true
            try await mark(startingAgain: nil)
            problem = nil
            lastDayBegan = nil
            parts.arrivals.reset(to: state.start)
            isStartingAgain = !resets.isEmpty
            await settle()
            for waiter in waiters { waiter.resume() }
        } catch {
            isStartingAgain = !resets.isEmpty
            stop(because: error)
            for waiter in waiters { waiter.resume(throwing: error) }
        }
    }

    /// Memory says what the disk says: a mark that could not be kept is taken back.
    private func mark(startingAgain: Bool?) async throws {
        let former = state.isStartingAgain
        state.isStartingAgain = startingAgain
        do {
            try await persist()
        } catch {
            state.isStartingAgain = former
            throw error
        }
    }

    private func end() {
        hasEnded = true
        for waiter in resets { waiter.resume(throwing: Replay.ended) }
        resets = []
    }

    private static let startingAgain = ReplayRefusal(
        message: "the replay is being set back to its first day.",
        remedy: "give the order again when `mlstack replay status` shows that day.")
    private static let halfReset = ReplayRefusal(
        message: "the replay was being set back to its first day, and that has failed.",
        remedy: "finish it with `mlstack replay reset`.")
    private static let ended = ReplayRefusal(message: "the replay has ended.", remedy: "start mlstack again.")

    // MARK: - Waiting and telling

    private func wait(until due: Instant?) async {
        let clock = parts.clock
        let sleep = Task {
            try await clock.sleep(until: due ?? Instant(milliseconds: clock.now.milliseconds + 86_400_000))
        }
        waiting = sleep
        await withTaskCancellationHandler {
            _ = await sleep.result
        } onCancel: {
            sleep.cancel()
        }
        waiting = nil
    }

    private var phase: ReplayStatus.State {
        if isWorking { return .working }
        if state.isFinished { return .finished }
        return state.isPlaying || state.target != nil ? .playing : .paused
    }

    private var dayProgress: Double {
        guard state.isPlaying, state.dayLengthMilliseconds > 0, let lastDayBegan else { return 0 }
        let elapsed = parts.clock.now.milliseconds - lastDayBegan.milliseconds
        return min(1, max(0, Double(elapsed) / Double(state.dayLengthMilliseconds)))
    }

    private func publishStatus() { parts.publish(.clock(status())) }
}
