import GRDB
package import Scheduling

/// What is to be told to somebody, kept until it has been, and afterwards as the record of it.
extension SQLiteStore {
    package func next(at now: Instant) async throws -> OutboxEntry? {
        try await read { connection in
            let due = "WHERE state = 'waiting' AND next_ms <= ? ORDER BY attempts, next_ms, sequence LIMIT 1"
            return try connection.outbox(due, [now.milliseconds]).first
                ?? connection.outbox("WHERE state = 'waiting' ORDER BY next_ms LIMIT 1", []).first
        }
    }

    package func markTold(_ id: String) async throws {
        try await moveOutbox(id, "state = 'delivered', attempts = attempts + 1", from: .waiting)
    }

    package func markSending(_ id: String) async throws {
        try await moveOutbox(id, "state = 'sending', attempts = attempts + 1", from: .waiting)
    }

    package func markDelivered(_ id: String) async throws {
        try await moveOutbox(id, "state = 'delivered', error = NULL", from: .sending)
    }

    package func markFailed(_ id: String, error: String, nextAt: Instant) async throws {
        try await moveOutbox(
            id, "state = 'waiting', is_resent = 0, error = ?, next_ms = ?", [error, nextAt.milliseconds], from: .sending
        )
    }

    package func giveUp(_ id: String, error: String) async throws {
        try await moveOutbox(id, "state = 'given_up', error = ?", [error], from: .sending)
    }

    package func interrupted() async throws -> [OutboxEntry] {
        try await read { try $0.outbox("WHERE state = 'sending' ORDER BY sequence", []) }
    }

    package func resend(_ id: String, at instant: Instant) async throws {
        try await moveOutbox(
            id, "state = 'waiting', is_resent = 1, next_ms = ?", [instant.milliseconds], from: .sending)
    }

    package func entries(in state: OutboxState?, limit: Int) async throws -> [OutboxEntry] {
        guard limit >= 0 else { throw StorageError.invalid("the limit \(limit) is negative.") }
        return try await read {
            try $0.outbox("WHERE ?1 IS NULL OR state = ?1 ORDER BY sequence DESC LIMIT ?2", [state?.rawValue, limit])
        }
    }

    /// How many are under way: those that wait, and those that are being sent.
    package func outboxCounts() async throws -> [OutboxState: Int] {
        try await read { connection in
            let rows = try connection.rows(
                "SELECT state, count(*) FROM outbox WHERE state IN ('waiting', 'sending') GROUP BY state"
            ) { row in (try connection.decode(row[0], "state") as OutboxState, row[1] as Int) }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    package func arrivals() async -> AsyncStream<Void> {
        // One that has not been heard yet stands for all after it.
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let observer = OutboxObserver { continuation.yield() }
        pool.add(transactionObserver: observer, extent: .observerLifetime)
        continuation.onTermination = { [pool] _ in pool.remove(transactionObserver: observer) }
        return stream
    }

    /// - Parameter former: what it must have come from: a step that is done twice, or in the wrong order, is a mistake in the sender.
    private func moveOutbox(
        _ id: String, _ changes: String, _ arguments: StatementArguments = [], from former: OutboxState
    ) async throws {
        try await write { connection in
            let changed = try connection.run(
                "UPDATE outbox SET \(changes) WHERE id = ? AND state = ?", arguments + [id, former.rawValue])
            guard changed > 0 else {
                throw StorageError.unknownRecord(kind: "\(former.rawValue) notification", id: id)
            }
        }
    }
}

extension Connection {
    func add(_ notification: Notification) throws {
        try run(
            """
            INSERT INTO outbox (id, notification, state, attempts, next_ms) VALUES (?, ?, 'waiting', 0, ?)
            ON CONFLICT (id) DO NOTHING
            """,
            [notification.id, try JSONText.encode(notification), notification.createdAt.milliseconds])
    }

    fileprivate func outbox(_ condition: String, _ arguments: StatementArguments) throws -> [OutboxEntry] {
        try rows(
            "SELECT notification, state, attempts, next_ms, error, is_resent FROM outbox \(condition)", arguments
        ) { row in
            OutboxEntry(
                notification: try JSONText.decode(from: row[0]), state: try decode(row[1], "state"), attempts: row[2],
                nextAt: Instant(milliseconds: row[3]), error: row[4], isResent: row[5])
        }
    }
}

/// Hears commits that put something into the outbox, whoever made them.
private final class OutboxObserver: TransactionObserver, @unchecked Sendable {  // guarded by: GRDB's writer
    private let arrived: @Sendable () -> Void
    private var hasArrived = false

    init(_ arrived: @escaping @Sendable () -> Void) { self.arrived = arrived }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool {
        if case .insert(tableName: "outbox") = eventKind { true } else { false }
    }

    func databaseDidChange(with event: DatabaseEvent) { hasArrived = true }

    func databaseDidCommit(_ db: Database) {
        if hasArrived { arrived() }
        hasArrived = false
    }

    func databaseDidRollback(_ db: Database) { hasArrived = false }
}
