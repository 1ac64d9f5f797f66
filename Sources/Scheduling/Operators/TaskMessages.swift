import Synchronization

/// What an attempt wants told to somebody: it goes into the outbox in the transaction that stores the attempt's success, or not at
/// all.
package final class TaskMessages: Sendable {
    private let added = Mutex<[Notification]>([])

    package init() {}

    package var all: [Notification] { added.withLock { $0 } }

    package func add(_ message: Notification) { added.withLock { $0.append(message) } }
}
