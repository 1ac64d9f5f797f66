package import Scheduling
import Synchronization

/// A clock that stands still until a test moves it.
package final class ManualClock: Clock {
    private struct Sleeper {
        var until: Instant
        /// Waits for time to pass, and not for a moment.
        var isSteady: Bool
        var continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var now: Instant
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Sleeps that were cancelled before they began.
        var cancelled: Set<Int> = []
        var watchers: [(id: Int, until: Instant?, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state: Mutex<State>

    package init(_ now: Instant = Instant(seconds: 1_420_000_000)) { state = Mutex(State(now: now)) }

    package var now: Instant { state.withLock { $0.now } }

    package func sleep(until instant: Instant) async throws { try await sleep(until: instant, isSteady: false) }

    package func sleep(for duration: Duration) async throws {
        try await sleep(until: now.advanced(by: duration), isSteady: true)
    }

    private func sleep(until instant: Instant, isSteady: Bool) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (result, woken): (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) = state.withLock {
                    state in
                    if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
                    if state.now >= instant { return (.success(()), []) }
                    state.sleepers[id] = Sleeper(until: instant, isSteady: isSteady, continuation: continuation)
                    return (nil, Self.takeWatchers(&state))
                }
                if let result { continuation.resume(with: result) }
                for watcher in woken { watcher.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock, and wakes whoever slept until then.
    package func advance(by duration: Duration) { advance(to: now.advanced(by: duration)) }

    package func advance(to instant: Instant) {
        let due = state.withLock { state in
            state.now = max(state.now, instant)
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.until < $1.until }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Sets the clock, forward or back, at once: who waits for a moment is woken to look again, who waits for time to pass has to wait
    /// as long as before.
    package func set(to instant: Instant) {
        let woken = state.withLock { state in
            let shift = instant - state.now
            state.now = instant
            let woken = state.sleepers.filter { !$0.value.isSteady }
            for id in woken.keys { state.sleepers[id] = nil }
            state.sleepers = state.sleepers.mapValues { sleeper in
                var sleeper = sleeper
                sleeper.until = sleeper.until.advanced(by: shift)
                return sleeper
            }
            return woken.values.sorted { $0.until < $1.until }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Returns once somebody sleeps, and until exactly `instant` when one is given: the moment at which a test may move the clock.
    package func waitForSleeper(until instant: Instant? = nil) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleepers.values.contains(where: { instant == nil || $0.until == instant }) { return true }
                state.nextID += 1
                state.watchers.append((state.nextID, instant, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private static func takeWatchers(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        let ends = Set(state.sleepers.values.map(\.until))
        let woken = state.watchers.filter { $0.until.map(ends.contains) ?? true }
        state.watchers.removeAll { watcher in woken.contains { $0.id == watcher.id } }
        return woken.map(\.continuation)
    }
}
