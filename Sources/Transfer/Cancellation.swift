import Synchronization

/// Whether the task that waits for a transfer has been cancelled; libcurl asks from the transfer's thread.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }
    func cancel() { flag.store(true, ordering: .relaxed) }
}
