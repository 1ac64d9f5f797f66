/// Where notifications lie from the transaction that stored what they tell of until somebody has been told.
///
/// Conformers: `SQLiteStore` in Storage; an in-memory one in TestKit.
package protocol NotificationOutbox: Sendable {
    /// The one to send next: of those due, the ones that were tried least first, so that a fresh one waits for no other's retries.
    /// When none is due, the one that will be first; nil when none waits.
    func next(at now: Instant) async throws -> OutboxEntry?

    /// One that is told on this machine, where there is no sending that could be cut off.
    func markTold(_ id: String) async throws
    /// Before anything of it leaves this machine: a crash from here on leaves it among the `interrupted`.
    func markSending(_ id: String) async throws
    func markDelivered(_ id: String) async throws
    func markFailed(_ id: String, error: String, nextAt: Instant) async throws
    func giveUp(_ id: String, error: String) async throws

    /// Those whose sending a crash or a shutdown cut off. It is for the sender to say what becomes of them.
    func interrupted() async throws -> [OutboxEntry]
    /// Lets an interrupted one wait again, marked as resent until an answer to it comes, if only of failure.
    func resend(_ id: String, at instant: Instant) async throws

    /// Newest first; `state` nil: all.
    func entries(in state: OutboxState?, limit: Int) async throws -> [OutboxEntry]
    /// Says each time that something new has been stored. What was stored before is not told.
    func arrivals() async -> AsyncStream<Void>
}

/// What has become of a notification.
package enum OutboxState: String, Sendable, Codable, CaseIterable {
    case waiting, sending, delivered
    case givenUp = "given_up"
}

/// A notification in the outbox.
package struct OutboxEntry: Sendable, Equatable, Codable {
    package var notification: Notification
    package var state: OutboxState
    /// Sendings begun.
    package var attempts: Int
    package var nextAt: Instant
    /// Why the latest attempt failed. Never the webhook's address, which is a secret.
    package var error: String?
    /// Whether it is sent again because the program ended while it was being sent.
    package var isResent: Bool

    package init(
        notification: Notification, state: OutboxState = .waiting, attempts: Int = 0, nextAt: Instant,
        error: String? = nil, isResent: Bool = false
    ) {
        (self.notification, self.state, self.attempts) = (notification, state, attempts)
        (self.nextAt, self.error, self.isResent) = (nextAt, error, isResent)
    }
}
