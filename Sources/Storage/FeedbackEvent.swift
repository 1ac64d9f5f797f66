package import Scheduling

/// Something a person did, as it was sent to the running server.
package struct FeedbackEvent: Sendable, Equatable, Codable {
    /// The order of arrival, given by the store; 0 before.
    package var sequence: Int64
    /// Given by the sender; a second event with it is a duplicate.
    package var id: String?
    package var user: String
    package var item: String
    /// Stars; nil for an event without a rating.
    package var rating: Double?
    /// When it happened, by the sender's account.
    package var timestampSeconds: Int64
    /// When it arrived, on the wall's clock.
    package var receivedAtMilliseconds: Int64
    /// `insert`; `update`, which takes the place of what the user said of the item before; `delete`, which takes that back;
    /// anything else is an interaction of that name, such as `view`.
    package var type: String

    package init(
        sequence: Int64 = 0, id: String? = nil, user: String, item: String, rating: Double?, timestampSeconds: Int64,
        receivedAtMilliseconds: Int64, type: String
    ) {
        (self.sequence, self.id, self.user, self.item, self.rating) = (sequence, id, user, item, rating)
        (self.timestampSeconds, self.receivedAtMilliseconds, self.type) = (
            timestampSeconds, receivedAtMilliseconds, type
        )
    }
}

/// How much feedback there is, and what has become of it.
package struct FeedbackSummary: Sendable, Equatable {
    /// A closed day that took up events.
    package struct Day: Sendable, Equatable {
        package var day: Instant
        package var closedAt: Instant
        package var events: Int
    }
    package var stored: Int
    /// For a day to take them up.
    package var waiting: Int
    package var lastReceivedAt: Instant?
    package var closedDays: Int
    /// Newest first.
    package var latest: [Day]
}
