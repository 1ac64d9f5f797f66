import GRDB
package import Scheduling

/// Feedback is a queue: events arrive, wait, and are taken up by a simulated day, which they then belong to for good.
extension SQLiteStore {
    /// Returns once the events are on the disk itself, all of them or none, so that not even a loss of power takes back
    /// what was acknowledged. Concurrent calls share the wait.
    ///
    /// - Returns: how many were new, and how many had an id that was there before (or twice in `events`).
    /// - Throws: `StorageError`; `.invalid` for a rating that is no finite number or an empty user or item.
    package func appendFeedback(_ events: [FeedbackEvent]) async throws -> (accepted: Int, duplicates: Int) {
        let accepted = try await storeFeedback(events).count { $0 != nil }
        return (accepted, events.count - accepted)
    }

    /// The same, event by event.
    /// - Returns: for each its number in the order of arrival; nil when its id was there before.
    package func storeFeedback(_ events: [FeedbackEvent]) async throws -> [Int64?] {
        for event in events {
            guard event.rating?.isFinite ?? true else {
                throw StorageError.invalid(
                    "the rating of item \(event.item) by user \(event.user) is not a finite number.")
            }
            guard !event.user.isEmpty, !event.item.isEmpty else {
                throw StorageError.invalid("a feedback event needs a user and an item.")
            }
        }
        if events.isEmpty { return [] }
        return try await write(mustReachDisk: true) { connection in
            try events.map { event in
                let count = try connection.run(
                    """
                    INSERT INTO feedback (id, user, item, rating, timestamp_s, received_ms, type)
                    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                    """,
                    [
                        event.id, event.user, event.item, event.rating, event.timestampSeconds,
                        event.receivedAtMilliseconds, event.type,
                    ])
                return count > 0 ? connection.database.lastInsertedRowID : nil
            }
        }
    }

    /// Gives every event that waits to a simulated day, and closes the day: what arrives afterwards belongs to a later one.
    ///
    /// So the day may be begun again after a crash: a call for a day that is closed changes nothing and answers the
    /// same number. Killed before the commit, the call has done nothing, and the retry takes what waits by then; killed
    /// after it, the retry finds the day closed, and events that came in between wait for the next day. Either way each
    /// event belongs to exactly one day, and what a day contains never changes once any task has seen it.
    ///
    /// - Returns: how many events belong to the day.
    /// - Throws: `StorageError`; `.invalid` for a day before the last closed one, which would rewrite the past.
    package func assignPendingFeedback(to day: Instant) async throws -> Int {
        let time = timeMilliseconds
        return try await write { connection in
            let milliseconds = day.milliseconds
            let isClosed: Int? = try connection.value("SELECT 1 FROM feedback_day WHERE day_ms = ?", [milliseconds])
            if isClosed == nil {
                if let last: Int64 = try connection.value("SELECT max(day_ms) FROM feedback_day"), last > milliseconds {
                    throw StorageError.invalid(
                        "feedback cannot join a day that lies before one that is closed already; reset the replay first."
                    )
                }
                try connection.run(
                    "INSERT INTO feedback_day (day_ms, closed_ms) VALUES (?, ?)", [milliseconds, time])
                try connection.run("UPDATE feedback SET day_ms = ? WHERE day_ms IS NULL", [milliseconds])
            }
            return try connection.value("SELECT count(*) FROM feedback WHERE day_ms = ?", [milliseconds]) ?? 0
        }
    }

    /// The events of all closed days up to and including `day`, by day, then in the order of arrival.
    ///
    /// - Parameters:
    ///   - former: leaves out the days up to and including this one.
    ///   - decode: takes from each event what is needed; there may be millions.
    /// - Throws: `StorageError`.
    package func feedback<Value: Sendable>(
        assignedUpTo day: Instant, after former: Instant? = nil,
        _ decode: @escaping @Sendable (FeedbackEvent) -> Value
    ) async throws -> [Value] {
        let after = former?.milliseconds ?? .min
        return try await read {
            try $0.feedback(
                where: "day_ms > ? AND day_ms <= ? ORDER BY day_ms, sequence", [after, day.milliseconds], decode)
        }
    }

    /// How many events belong to closed days up to and including `day`.
    /// - Throws: `StorageError`.
    package func feedbackCount(assignedUpTo day: Instant) async throws -> Int {
        try await read {
            try $0.value("SELECT count(*) FROM feedback WHERE day_ms <= ?", [day.milliseconds]) ?? 0
        }
    }

    /// All events that arrived after the one with this number, waiting or not, in the order of arrival.
    /// - Throws: `StorageError`.
    package func feedback(after sequence: Int64) async throws -> [FeedbackEvent] {
        try await read { try $0.feedback(where: "sequence > ? ORDER BY sequence", [sequence]) { $0 } }
    }

    /// How many events wait for a day.
    /// - Throws: `StorageError`.
    package func pendingFeedbackCount() async throws -> Int {
        try await read { try $0.value("SELECT count(*) FROM feedback WHERE day_ms IS NULL") ?? 0 }
    }

    /// The queue as a whole, from one consistent state.
    /// - Parameter latest: of how many of the days that took up something the events are counted.
    /// - Throws: `StorageError`.
    package func feedbackSummary(latest: Int) async throws -> FeedbackSummary {
        try await read { connection in
            // Both are read in an index alone.
            let stored: Int = try connection.value("SELECT count(*) FROM feedback") ?? 0
            let waiting: Int = try connection.value("SELECT count(*) FROM feedback WHERE day_ms IS NULL") ?? 0
            let last: Int64? = try connection.value("SELECT received_ms FROM feedback ORDER BY sequence DESC LIMIT 1")
            let closed: Int = try connection.value("SELECT count(*) FROM feedback_day") ?? 0
            let days = try connection.rows(
                """
                SELECT day_ms, closed_ms, (SELECT count(*) FROM feedback f WHERE f.day_ms = d.day_ms) AS events
                FROM feedback_day d WHERE events > 0 ORDER BY day_ms DESC LIMIT ?
                """, [latest]
            ) { row in
                FeedbackSummary.Day(
                    day: Instant(milliseconds: row[0]), closedAt: Instant(milliseconds: row[1]), events: row[2])
            }
            return FeedbackSummary(
                stored: stored, waiting: waiting, lastReceivedAt: last.map(Instant.init(milliseconds:)),
                closedDays: closed, latest: days)
        }
    }

    /// Opens the days after `day` again; their events wait once more. With nil, all days.
    /// - Returns: how many events wait again.
    /// - Throws: `StorageError`.
    @discardableResult
    package func unassignFeedback(after day: Instant?) async throws -> Int {
        try await write { try $0.unassignFeedback(after: day) }
    }
}

extension Connection {
    func unassignFeedback(after day: Instant?) throws -> Int {
        let milliseconds = day?.milliseconds ?? .min
        let count = try run("UPDATE feedback SET day_ms = NULL WHERE day_ms > ?", [milliseconds])
        try run("DELETE FROM feedback_day WHERE day_ms > ?", [milliseconds])
        return count
    }

    /// - Parameter source: what stands after FROM; `feedback` is `f` in it.
    func feedback<Value>(
        from source: String = "feedback f", where condition: String, _ arguments: StatementArguments,
        _ decode: (FeedbackEvent) throws -> Value
    ) throws -> [Value] {
        try rows(
            """
            SELECT f.sequence, f.id, f.user, f.item, f.rating, f.timestamp_s, f.received_ms, f.type
            FROM \(source) WHERE \(condition)
            """, arguments
        ) { row in
            try decode(
                FeedbackEvent(
                    sequence: row[0], id: row[1], user: row[2], item: row[3], rating: row[4], timestampSeconds: row[5],
                    receivedAtMilliseconds: row[6], type: row[7]))
        }
    }
}
