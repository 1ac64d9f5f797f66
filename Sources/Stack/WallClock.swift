@preconcurrency import Dispatch
import Foundation
import Scheduling
#if canImport(CDispatch)
    import CDispatch
#endif

/// The machine's clock.
///
/// Moments are waited for on the wall's time: after a laptop has slept, what came due meanwhile comes at once. Durations are waited
/// for on the machine's steady time, which nobody sets.
struct WallClock: Clock {
    /// By how much the wall's time must have left the steady one to count as set.
    private static let setBy: Int64 = 1000
    private let queue: DispatchQueue

    init(queue: DispatchQueue = Queues.clock) { self.queue = queue }

    var now: Instant { Instant(milliseconds: Self.milliseconds(CLOCK_REALTIME)) }

    func sleep(until instant: Instant) async throws {
        try Task.checkCancellation()
        let (remaining, offset) = (instant.milliseconds - now.milliseconds, Self.offset)
        if remaining <= 0 { return }
        try await sleep { timer, sleeper in
            timer.start(sleeper, at: .wall(milliseconds: remaining)) { abs(Self.offset - offset) >= Self.setBy }
        }
    }

    func sleep(for duration: Duration) async throws {
        try await sleep { timer, sleeper in timer.start(sleeper, at: .steady(duration)) }
    }

    private func sleep(_ start: @Sendable (SleepTimer, CheckedContinuation<Void, Never>) -> Void) async throws {
        try Task.checkCancellation()
        let timer = SleepTimer(queue: queue)
        await withTaskCancellationHandler {
            await withCheckedContinuation { start(timer, $0) }
        } onCancel: {
            timer.fire()
        }
        try Task.checkCancellation()
    }

    /// Between the wall's time and the steady one: it changes when somebody sets the clock, or the machine has slept.
    private static var offset: Int64 { milliseconds(CLOCK_REALTIME) - milliseconds(CLOCK_MONOTONIC) }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// One sleep: wakes its sleeper once, by the deadline or by cancellation, whichever comes first.
private final class SleepTimer: @unchecked Sendable {  // guarded by: `queue`, which is serial
    enum Deadline {
        case wall(milliseconds: Int64)
        case steady(Duration)
    }

    /// Between looks at whether the sleep is to end early: the system wakes nobody when the clock is set back.
    private static let lookSeconds = 10

    private let queue: DispatchQueue
    private var sources: [any DispatchSourceTimer] = []
    private var sleeper: CheckedContinuation<Void, Never>?
    private var isOver = false

    init(queue: DispatchQueue) { self.queue = queue }

    /// - Parameter endsEarly: asked every few seconds.
    func start(
        _ sleeper: CheckedContinuation<Void, Never>, at deadline: Deadline,
        endsEarly: (@Sendable () -> Bool)? = nil
    ) {
        queue.async { [self] in
            if isOver { return sleeper.resume() }
            self.sleeper = sleeper
            add { source in
                switch deadline {
                case .wall(let milliseconds):
                    source.schedule(
                        wallDeadline: .now() + .milliseconds(Int(milliseconds)), leeway: .milliseconds(1))
                case .steady(let duration):
                    let (seconds, attoseconds) = max(.zero, duration).components
                    let nanoseconds = Int(attoseconds / 1_000_000_000)
                    source.schedule(
                        deadline: .now() + .seconds(Int(seconds)) + .nanoseconds(nanoseconds), leeway: .milliseconds(1))
                }
                source.setEventHandler { [self] in finish() }
            }
            guard let endsEarly else { return }
            add { source in
                source.schedule(
                    deadline: .now() + .seconds(Self.lookSeconds), repeating: .seconds(Self.lookSeconds),
                    leeway: .seconds(1))
                source.setEventHandler { [self] in if endsEarly() { finish() } }
            }
        }
    }

    private func add(_ prepare: (any DispatchSourceTimer) -> Void) {
        let source = DispatchSource.makeTimerSource(queue: queue)
        prepare(source)
        sources.append(source)
        source.resume()
    }

    func fire() {
        queue.async { [self] in finish() }
    }

    private func finish() {
        isOver = true
        for source in sources { source.cancel() }
        sources = []
        sleeper?.resume()
        sleeper = nil
    }
}
