import GRDB
package import Scheduling

/// Up to where triggers have fired, and the new versions of datasets that some of them wait for.
extension SQLiteStore {
    package func cursor(pipelineID: String, trigger: String) async throws -> Instant? {
        try await read { connection in
            let milliseconds: Int64? = try connection.value(
                "SELECT fired_ms FROM trigger_cursor WHERE pipeline = ? AND trigger_key = ?", [pipelineID, trigger])
            return milliseconds.map(Instant.init(milliseconds:))
        }
    }

    package func newDatasetEvents(_ names: [String], pipelineID: String, trigger: String) async throws
        -> [StoredDatasetEvent]
    {
        try await read { connection in
            try connection.rows(
                """
                SELECT sequence, id, name, clock, at_ms, new_rows, run, task FROM dataset_event
                WHERE name IN (SELECT value FROM json_each(?)) AND sequence > coalesce(
                    (SELECT sequence FROM dataset_cursor WHERE pipeline = ? AND trigger_key = ?), 0)
                ORDER BY sequence
                """, [try JSONText.encode(names), pipelineID, trigger]
            ) { row in
                let event = DatasetEvent(
                    id: row[1], name: row[2], clock: try connection.decode(row[3], "clock"),
                    at: Instant(milliseconds: row[4]),
                    newRows: row[5], runID: row[6], taskID: row[7])
                return StoredDatasetEvent(sequence: row[0], event: event)
            }
        }
    }
}

extension Connection {
    func applyToTriggers(_ change: RunChange) throws {
        switch change {
        case .setCursor(let pipelineID, let trigger, let instant):
            try run(
                """
                INSERT INTO trigger_cursor (pipeline, trigger_key, fired_ms) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET fired_ms = excluded.fired_ms
                """, [pipelineID, trigger, instant.milliseconds])
        case .setDatasetCursor(let pipelineID, let trigger, let sequence):
            try run(
                """
                INSERT INTO dataset_cursor (pipeline, trigger_key, sequence) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET sequence = excluded.sequence
                """, [pipelineID, trigger, sequence])
        case .addDatasetEvent(let event):
            try run(
                """
                INSERT INTO dataset_event (id, name, clock, at_ms, new_rows, run, task) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """,
                [
                    event.id, event.name, event.clock.rawValue, event.at.milliseconds, event.newRows, event.runID,
                    event.taskID,
                ])
        default: break
        }
    }
}
