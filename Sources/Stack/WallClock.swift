@preconcurrency import Dispatch
import Foundation
import Scheduling
#if canImport(CDispatch)
    import CDispatch
#endif

/// The machine's clock.
///
/// Sleeps are timers on wall deadlines, not on the monotonic clock: after a laptop has slept, what came due meanwhile comes at once.
struct WallClock: Clock {
    private let queue: DispatchQueue

    init(queue: DispatchQueue = Queues.clock) { self.queue = queue }

    var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func sleep(until instant: Instant) async throws {
        try Task.checkCancellation()
        let remaining = instant.milliseconds - now.milliseconds
        if remaining <= 0 { return }
        let timer = SleepTimer(queue: queue)
        await withTaskCancellationHandler {
            await withCheckedContinuation { timer.start(milliseconds: remaining, $0) }
        } onCancel: {
            timer.fire()
        }
        try Task.checkCancellation()
    }
}

/// One sleep: wakes its sleeper once, by the deadline or by cancellation, whichever comes first.
private final class SleepTimer: @unchecked Sendable {  // guarded by: `queue`, which is serial
    private let queue: DispatchQueue
    private var source: (any DispatchSourceTimer)?
    private var sleeper: CheckedContinuation<Void, Never>?
    private var isOver = false

    init(queue: DispatchQueue) { self.queue = queue }

    func start(milliseconds: Int64, _ sleeper: CheckedContinuation<Void, Never>) {
        queue.async { [self] in
            if isOver { return sleeper.resume() }
            self.sleeper = sleeper
            let source = DispatchSource.makeTimerSource(queue: queue)
            source.schedule(wallDeadline: .now() + .milliseconds(Int(milliseconds)), leeway: .milliseconds(1))
            source.setEventHandler { [self] in finish() }
            self.source = source
            source.resume()
        }
    }

    func fire() {
        queue.async { [self] in finish() }
    }

    private func finish() {
        isOver = true
        source?.cancel()
        source = nil
        sleeper?.resume()
        sleeper = nil
    }
}
