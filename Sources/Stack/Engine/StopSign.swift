import Synchronization

/// The wish to stop, from whoever waits to whoever computes.
final class StopSign: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
