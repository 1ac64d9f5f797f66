import GRDB
package import Scheduling

/// What is to be told to somebody, kept until it has been.
extension Connection {
    func add(_ notification: Notification) throws {
        try run(
            """
            INSERT INTO outbox (id, notification, state, attempts, next_ms) VALUES (?, ?, 'waiting', 0, ?)
            ON CONFLICT (id) DO NOTHING
            """,
            [notification.id, try JSONText.encode(notification), notification.createdAt.milliseconds])
    }
}
