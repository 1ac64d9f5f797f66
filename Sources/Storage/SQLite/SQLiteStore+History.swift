import GRDB
package import Scheduling

/// Many runs at once, for pictures of them.
extension SQLiteStore {
    /// - Throws: `StorageError.unknownRecord` for a `before` that names no run.
    package func grid(of pipelineID: String, limit: Int, before: String?) async throws -> RunGrid {
        // One row for each run and one letter for each task: 20,000 rows with their outputs would take ten times as long.
        // In the order of the table's key, because sorting them by position here would take as long as reading them.
        let sql = """
            SELECT r.id, r.state, r.cause, r.logical_ms, r.created_ms, r.started_ms, r.ended_ms, t.tasks, t.letters
            FROM dag_run r LEFT JOIN (
                SELECT run, group_concat(position || ' ' || task, char(10)) AS tasks,
                    group_concat(\(TaskLetters.sql), '') AS letters
                FROM dag_task
                WHERE mapped_from IS NULL AND run IN (
                    SELECT id FROM dag_run WHERE pipeline = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3)
                GROUP BY run) t ON t.run = r.id
            WHERE r.pipeline = ?1 AND r.sequence < ?2 ORDER BY r.sequence DESC LIMIT ?3
            """
        return try await read { connection in
            let bound = try connection.sequence(ofRunBefore: before)
            var lists: [String: TaskOrder] = [:]
            let rows = try connection.rows(sql, [pipelineID, bound, limit]) { row in
                let names = (row[7] as String?) ?? ""
                let order = lists[names] ?? TaskOrder(names)
                lists[names] = order
                let states = try TaskLetters.states((row[8] as String?) ?? "")
                return RunGrid.Row(
                    id: row[0], state: try connection.decode(row[1], "state"),
                    cause: try connection.decode(row[2], "cause"), logicalDate: Instant(milliseconds: row[3]),
                    createdAt: Instant(milliseconds: row[4]),
                    startedAt: (row[5] as Int64?).map(Instant.init(milliseconds:)),
                    endedAt: (row[6] as Int64?).map(Instant.init(milliseconds:)), tasks: order.tasks,
                    states: order.places.map { states[$0] })
            }
            return RunGrid(rows: rows)
        }
    }

    package func latestRuns(of pipelineIDs: [String], limit: Int) async throws -> [String: [DAGRun]] {
        try await read { connection in
            var runs: [String: [DAGRun]] = [:]
            for id in pipelineIDs {
                let found = try connection.dagRuns(where: "pipeline = ? ORDER BY sequence DESC LIMIT ?", [id, limit])
                if !found.isEmpty { runs[id] = found }
            }
            return runs
        }
    }

    package func failures(of runIDs: [String]) async throws -> [String: RunFailure] {
        guard !runIDs.isEmpty else { return [:] }
        return try await read { connection in
            var failures: [String: RunFailure] = [:]
            for id in runIDs {
                failures[id] = try connection.rows(
                    """
                    SELECT task, attempt, message FROM dag_task WHERE run = ? AND state = 'failed'
                    ORDER BY mapped_from IS NULL, position LIMIT 1
                    """, [id]
                ) { row in RunFailure(taskID: row[0], attempt: row[1], message: row[2]) }.first
            }
            return failures
        }
    }

    package func results(of pipelineID: String, from: Instant, to: Instant) async throws -> [RunResult] {
        try await read { connection in
            try connection.rows(
                """
                SELECT id, logical_ms, state FROM dag_run
                WHERE pipeline = ? AND logical_ms >= ? AND logical_ms < ? ORDER BY logical_ms, sequence
                """, [pipelineID, from.milliseconds, to.milliseconds]
            ) { row in
                RunResult(
                    id: row[0], logicalDate: Instant(milliseconds: row[1]),
                    state: try connection.decode(row[2], "state"))
            }
        }
    }

    package func versions(of pipelineID: String) async throws -> [PipelineVersionUse] {
        try await read { connection in
            try connection.rows(
                """
                SELECT pipeline_version, count(*), min(created_ms), max(created_ms) FROM dag_run
                WHERE pipeline = ? GROUP BY pipeline_version ORDER BY max(sequence) DESC
                """, [pipelineID]
            ) { row in
                PipelineVersionUse(
                    version: row[0], runs: row[1], firstUsedAt: Instant(milliseconds: row[2]),
                    lastUsedAt: Instant(milliseconds: row[3]))
            }
        }
    }

    package func pipelineText(of pipelineID: String, version: String) async throws -> PipelineText? {
        try await read { connection in
            let text: String? = try connection.value(
                """
                SELECT text FROM pipeline_source WHERE version = ?1
                AND EXISTS (SELECT 1 FROM dag_run WHERE pipeline = ?2 AND pipeline_version = ?1)
                """, [version, pipelineID])
            return text.map(PipelineText.init(stored:))
        }
    }

    package func relatives(of run: DAGRun) async throws -> RunRelatives {
        try await read { connection in
            let tracked = try connection.row(
                """
                SELECT run.experiment, run.id FROM run_tag JOIN run ON run.number = run_tag.run
                WHERE run_tag.key = ? AND run_tag.value = ? LIMIT 1
                """, [SQLiteStore.pipelineRunTag, run.id])
            return RunRelatives(
                parent: try run.parentRunID.flatMap { try connection.dagRuns(where: "id = ?", [$0]).first },
                // No index knows parents; but a child is younger than its parent.
                children: try connection.dagRuns(
                    where: """
                        sequence > (SELECT sequence FROM dag_run WHERE id = ?1) AND parent_run = ?1 ORDER BY sequence
                        """, [run.id]),
                tracked: tracked.map { .init(experimentID: String($0[0] as Int64), runID: $0[1]) })
        }
    }
}

/// The tasks of a run in the order of its file. Runs of one version share it.
private struct TaskOrder {
    var tasks: [String]
    /// Where each stands in the order of the table.
    var places: [Int]

    /// - Parameter list: `position task`, a line each.
    init(_ list: String) {
        let entries = list.split(separator: "\n").enumerated().map { place, line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return (position: Int(parts[0]) ?? 0, task: parts.count > 1 ? String(parts[1]) : "", place: place)
        }.sorted { $0.position < $1.position }
        (tasks, places) = (entries.map(\.task), entries.map(\.place))
    }
}

/// A task's state as one letter, so that those of a run are one text.
private enum TaskLetters {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz".unicodeScalars)
    private static let all = TaskState.allCases

    static let sql =
        "CASE state "
        + zip(all, letters).map { "WHEN '\($0.rawValue)' THEN '\($1)'" }.joined(separator: " ") + " END"

    static func states(_ text: String) throws -> [TaskState] {
        try text.unicodeScalars.map { letter in
            guard let place = letters.firstIndex(of: letter), all.indices.contains(place) else {
                throw StorageError.invalid("no task state is written as \(letter).")
            }
            return all[place]
        }
    }
}
