import GRDB
package import Scheduling

/// What people changed by hand.
extension SQLiteStore {
    package func audit(of pipelineID: String?, limit: Int) async throws -> [AuditEntry] {
        guard limit >= 0 else { throw StorageError.invalid("the limit \(limit) is negative.") }
        return try await read { connection in
            try connection.rows(
                """
                SELECT at_ms, actor, action, pipeline, run, task, detail FROM audit
                WHERE ?1 IS NULL OR pipeline = ?1 ORDER BY sequence DESC LIMIT ?2
                """, [pipelineID, limit]
            ) { row in
                AuditEntry(
                    at: Instant(milliseconds: row[0]), actor: row[1], action: try connection.decode(row[2], "action"),
                    pipelineID: row[3], runID: row[4], taskID: row[5], detail: row[6])
            }
        }
    }
}

extension Connection {
    func add(_ entry: AuditEntry) throws {
        try run(
            """
            INSERT INTO audit (at_ms, actor, action, pipeline, run, task, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                entry.at.milliseconds, entry.actor, entry.action.rawValue, entry.pipelineID, entry.runID, entry.taskID,
                entry.detail,
            ])
    }
}
