package import Dispatch

/// Runs an actor's jobs on a named serial queue, which on Linux has a thread of its own; see `Dispatch` there: neither is a
/// `DispatchQueue` a `SerialExecutor`, nor is there a `DispatchSerialQueue`.
package final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// - Parameter queue: serial.
    package init(_ queue: DispatchQueue) { self.queue = queue }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

extension DispatchQueue {
    /// Does blocking work on this serial queue while the caller is suspended, who goes on where it was: a way over the shared pool
    /// would be two more changes of thread.
    nonisolated(nonsending) func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
