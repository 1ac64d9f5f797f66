import CPlatform
import Dispatch
import Synchronization

/// Waits for the descriptors of processes, on one serial queue that it occupies while there are any.
///
/// Dispatch's own read sources will not do: on Linux, a pipe that hangs up while its source is being cancelled ends the whole program,
/// with a bad pointer in `_dispatch_event_loop_drain` (seen with Swift 6.3 about once in two thousand processes).
final class ProcessLoop: @unchecked Sendable {  // guarded by: `shared`; the rest is touched on the loop alone
    /// Between two looks at processes that are no children of ours and about to end: the system tells nobody.
    static let pauseMilliseconds = 5

    private struct Shared {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
    }
    private let shared = Mutex(Shared())
    private let queue: DispatchQueue
    /// What is written to the second end ends a wait at the first; nil when the machine was out of descriptors.
    private let wake: (read: Int32, write: Int32)?

    private var watched: [Int32: () -> Void] = [:]
    private var timers: [(due: ContinuousClock.Instant, job: () -> Void)] = []

    init(queue: DispatchQueue) {
        self.queue = queue
        var ends: [Int32] = [0, 0]
        wake = mls_pipe(&ends) == 0 ? (ends[0], ends[1]) : nil
        if let wake {
            mls_set_nonblocking(wake.read)
            mls_set_nonblocking(wake.write)
        }
    }

    deinit {
        if let wake {
            mls_close(wake.read)
            mls_close(wake.write)
        }
    }

    // MARK: - From anywhere

    /// Runs a job on the loop, after those that were given before.
    func async(_ job: @escaping @Sendable () -> Void) {
        let mustStart = shared.withLock { shared in
            shared.jobs.append(job)
            defer { shared.isRunning = true }
            return !shared.isRunning
        }
        if mustStart {
            queue.async { self.occupy() }
        } else if let wake {
            // A full pipe wakes as well as one more byte would.
            mls_write_all(wake.write, [0], 1)
        }
    }

    func run<Value: Sendable>(_ job: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            async { continuation.resume(returning: job()) }
        }
    }

    func run<Value: Sendable>(_ job: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            async { continuation.resume(with: Result(catching: job)) }
        }
    }

    func pause() async {
        await withCheckedContinuation { continuation in
            async { self.after(Self.pauseMilliseconds) { continuation.resume() } }
        }
    }

    func signal(_ processes: [mls_process_facts], _ signal: Int32) async {
        let numbers = processes.map(\.process)
        await run { for number in numbers { mls_signal_process(number, signal) } }
    }

    // MARK: - On the loop

    /// Calls the handler whenever there is something to read or the other end has hung up.
    func watch(_ descriptor: Int32, _ handler: @escaping () -> Void) { watched[descriptor] = handler }

    /// To be called before the descriptor is closed.
    func unwatch(_ descriptor: Int32) { watched[descriptor] = nil }

    func after(_ milliseconds: Int, _ job: @escaping () -> Void) {
        timers.append((ContinuousClock.now + .milliseconds(milliseconds), job))
    }

    /// Until there is nothing to wait for.
    private func occupy() {
        while true {
            let isIdle = watched.isEmpty && timers.isEmpty
            let jobs = shared.withLock { shared in
                defer { shared.jobs = [] }
                if shared.jobs.isEmpty, isIdle { shared.isRunning = false }
                return shared.jobs
            }
            if jobs.isEmpty, isIdle { return }
            for job in jobs { job() }
            fireTimers()
            if watched.isEmpty, timers.isEmpty { continue }
            wait()
        }
    }

    private func fireTimers() {
        let now = ContinuousClock.now
        let due = timers.filter { $0.due <= now }
        timers.removeAll { $0.due <= now }
        for timer in due { timer.job() }
    }

    private func wait() {
        let descriptors = Array(watched.keys) + (wake.map { [$0.read] } ?? [])
        var ready = [Bool](repeating: false, count: descriptors.count)
        let found = mls_wait_readable(descriptors, &ready, Int32(descriptors.count), milliseconds)
        // Out of memory or descriptors, which passes: without them, but not in circles.
        if found < 0 { mls_wait_readable(nil, nil, 0, Int32(Self.pauseMilliseconds)) }
        guard found > 0 else { return }
        for (descriptor, isReady) in zip(descriptors, ready) where isReady {
            if descriptor == wake?.read {
                drainWake(descriptor)
            } else {
                // One that an earlier handler has closed is not watched any more.
                watched[descriptor]?()
            }
        }
    }

    /// Until the next timer; for ever when there is none, since a job wakes the wait.
    private var milliseconds: Int32 {
        let limit: Int32 = wake == nil ? 10 : -1
        guard let due = timers.map(\.due).min() else { return limit }
        let (seconds, attoseconds) = (due - ContinuousClock.now).components
        return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
    }

    private func drainWake(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64)
        while mls_read(descriptor, &bytes, 64) > 0 {}
    }
}
