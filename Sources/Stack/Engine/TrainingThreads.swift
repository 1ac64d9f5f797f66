import CPlatform
import Dispatch
import Foundation
import Synchronization
import Training

/// The threads that training computes on: one that leads and `count - 1` that help, all at lowered priority, so that a
/// fit is not felt in the server's answers.
///
/// They are threads and not queues because a thread on Linux inherits the priority of the one that starts it, and an ordinary
/// user's program cannot raise it again: a lowered thread must never be the one that wakes Dispatch or Swift's pool. So these
/// only signal semaphores, on which a thread of ordinary priority waits (`Queues.trainer`).
final class TrainingThreads: Workers, @unchecked Sendable {  // guarded by: the semaphores' hand-over, one job at a time
    let count: Int
    /// What is added to the threads' nice value: the scheduler gives them about a tenth of an ordinary thread's weight.
    private static let niceness: Int32 = 10

    private let queue: DispatchQueue
    private let jobReady = DispatchSemaphore(value: 0)
    private let jobDone = DispatchSemaphore(value: 0)
    private var job: (@Sendable () -> Void)?

    private let helpersReady: [DispatchSemaphore]
    private let helpersDone = DispatchSemaphore(value: 0)
    private var body: (@Sendable (_ worker: Int, _ chunk: Int) -> Void)?
    private var chunks = 0
    private let nextChunk = Atomic<Int>(0)
    private let jobs = Atomic<Int>(0)

    /// - Parameter count: threads in all; by default one for each core.
    init(count: Int = ProcessInfo.processInfo.activeProcessorCount, queue: DispatchQueue = Queues.trainer) {
        self.count = max(1, count)
        self.queue = queue
        helpersReady = (1..<max(2, count)).map { _ in DispatchSemaphore(value: 0) }
        start("mlstack.trainer") { [self] in lead() }
        for worker in 1..<max(1, self.count) {
            start("mlstack.trainer.worker.\(worker)") { [self] in help(as: worker) }
        }
    }

    /// Computations that run or wait.
    var jobCount: Int { jobs.load(ordering: .relaxed) }

    /// Runs a computation on the leading thread, one at a time, while the caller is suspended.
    func perform<Value: Sendable>(_ work: @escaping @Sendable (any Workers) throws -> Value) async throws -> Value {
        jobs.add(1, ordering: .relaxed)
        defer { jobs.subtract(1, ordering: .relaxed) }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                let outcome = Outcome<Value>()
                job = { outcome.result = Result { try work(self) } }
                jobReady.signal()
                jobDone.wait()
                job = nil
                guard let result = outcome.result else {
                    preconditionFailure("the training thread signalled the end of a job that it had not run")
                }
                continuation.resume(with: result)
            }
        }
    }

    func run(chunks: Int, _ body: @Sendable (_ worker: Int, _ chunk: Int) -> Void) {
        if count == 1 || chunks < 2 {
            for chunk in 0..<chunks { body(0, chunk) }
            return
        }
        let helpers = min(count, chunks) - 1
        withoutActuallyEscaping(body) { body in
            self.body = body
            self.chunks = chunks
            nextChunk.store(0, ordering: .relaxed)
            for helper in 0..<helpers { helpersReady[helper].signal() }
            takeChunks(as: 0, body)
            for _ in 0..<helpers { helpersDone.wait() }
            self.body = nil
        }
    }

    private func takeChunks(as worker: Int, _ body: @Sendable (Int, Int) -> Void) {
        while true {
            let chunk = nextChunk.add(1, ordering: .relaxed).oldValue
            if chunk >= chunks { return }
            body(worker, chunk)
        }
    }

    private func lead() {
        while true {
            jobReady.wait()
            job?()
            jobDone.signal()
        }
    }

    private func help(as worker: Int) {
        let ready = helpersReady[worker - 1]
        while true {
            ready.wait()
            takePart(as: worker)
            helpersDone.signal()
        }
    }

    /// A function of its own, so that its reference to the body is gone before the leader is told: the body must not outlive `run`.
    @inline(never)
    private func takePart(as worker: Int) {
        if let body { takeChunks(as: worker, body) }
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            mls_lower_thread_priority(TrainingThreads.niceness)
            body()
        }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }
}

/// Carries a result from the training thread to the one that waits for it.
private final class Outcome<Value>: @unchecked Sendable {  // guarded by: `jobDone`
    var result: Result<Value, any Error>?
}
