import GRDB

/// Whose feedback is looked for.
package enum FeedbackSubject: Sendable, Equatable {
    case user(String)
    case item(String)

    /// As `feedback_posting` has them.
    fileprivate enum Number: Int { case user, item }

    fileprivate var number: Number {
        switch self {
        case .user: .user
        case .item: .item
        }
    }

    fileprivate var id: String {
        switch self {
        case .user(let id), .item(let id): id
        }
    }
}

/// Feedback by user and by item, so that nobody need keep it in memory to find it.
///
/// An index over the whole table would be written to in a random place for every event, which is a page of disk each. So a
/// range of the queue is sorted when it is complete and written in one piece, a *run*; to look somebody up is one step
/// into each run. A run is made after the range before it and never changes. Events after the last run are in none.
///
/// - Source: O'Neil, Cheng, Gawlick, O'Neil (1996), "The Log-Structured Merge-Tree"; with one level.
extension SQLiteStore {
    /// The number of the last event that is in a run; 0 when there is none.
    /// - Throws: `StorageError`.
    package func lastIndexedFeedback() async throws -> Int64 {
        try await read { try $0.lastIndexedFeedback() }
    }

    /// The number of the last event; 0 when there is none.
    /// - Throws: `StorageError`.
    package func lastFeedback() async throws -> Int64 {
        try await read { try $0.value("SELECT max(sequence) FROM feedback") ?? 0 }
    }

    /// Makes a run of the events after the last run up to this one, which must be stored already. Done again, it changes nothing.
    /// - Throws: `StorageError`; there is no new run then.
    package func indexFeedback(through last: Int64) async throws {
        try await write { connection in
            let former = try connection.lastIndexedFeedback()
            if last <= former { return }
            try connection.run("INSERT INTO feedback_run (last_sequence) VALUES (?)", [last])
            for (column, subject) in [("user", FeedbackSubject.Number.user), ("item", .item)] {
                try connection.run(
                    """
                    INSERT INTO feedback_posting (run, subject, id, sequence)
                    SELECT ?, ?, \(column), sequence FROM feedback WHERE sequence > ? AND sequence <= ? ORDER BY 3, 4
                    """, [last, subject.rawValue, former, last])
            }
        }
    }

    /// What runs have of a user or an item, in the order of arrival.
    /// - Parameter last: the last event of the last run to look into.
    /// - Throws: `StorageError`.
    package func indexedFeedback(of subject: FeedbackSubject, through last: Int64) async throws -> [FeedbackEvent] {
        try await read { connection in
            try connection.feedback(
                // CROSS JOIN keeps SQLite to this order: runs, their postings, the events.
                from: """
                    feedback_run r CROSS JOIN feedback_posting p ON p.run = r.last_sequence
                    CROSS JOIN feedback f ON f.sequence = p.sequence
                    """,
                where: "r.last_sequence <= ? AND p.subject = ? AND p.id = ? ORDER BY f.sequence",
                [last, subject.number.rawValue, subject.id]
            ) { $0 }
        }
    }
}

extension Connection {
    fileprivate func lastIndexedFeedback() throws -> Int64 {
        try value("SELECT max(last_sequence) FROM feedback_run") ?? 0
    }
}
