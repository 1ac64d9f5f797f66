import GRDB
package import Scheduling

extension SQLiteStore {
    package nonisolated(nonsending) func apply(_ changes: [RunChange]) async throws {
        if changes.isEmpty { return }
        try await write { connection in
            for change in changes { try connection.apply(change) }
        }
    }

    package func unfinishedRuns() async throws -> [StoredRun] {
        try await read { connection in
            let runs = try connection.dagRuns(where: "state IN ('queued', 'running') ORDER BY sequence", [])
            let tasks = try connection.dagTasks(of: runs.map(\.id))
            return runs.map { StoredRun(run: $0, tasks: tasks[$0.id] ?? []) }
        }
    }

    package func run(id: String) async throws -> StoredRun? {
        try await read { connection in
            guard let run = try connection.dagRuns(where: "id = ?", [id]).first else { return nil }
            return StoredRun(run: run, tasks: try connection.dagTasks(of: [id])[id] ?? [])
        }
    }

    /// - Throws: `StorageError.unknownRecord` for a `before` that names no run.
    package func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun] {
        guard limit >= 0 else { throw StorageError.invalid("the limit \(limit) is negative.") }
        return try await read { connection in
            let bound = try connection.sequence(ofRunBefore: before)
            if let pipelineID {
                return try connection.dagRuns(
                    where: "pipeline = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?", [pipelineID, bound, limit])
            }
            return try connection.dagRuns(where: "sequence < ? ORDER BY sequence DESC LIMIT ?", [bound, limit])
        }
    }

    package func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]] {
        try await read { try $0.dagTasks(of: runIDs) }
    }

    package func scheduledRun(of pipelineID: String, before logicalDate: Instant) async throws -> StoredRun? {
        try await read { connection in
            let condition = """
                pipeline = ? AND logical_ms < ? AND cause IN ('schedule', 'backfill')
                ORDER BY logical_ms DESC, sequence DESC LIMIT 1
                """
            let found = try connection.dagRuns(where: condition, [pipelineID, logicalDate.milliseconds]).first
            guard let run = found else { return nil }
            return StoredRun(run: run, tasks: try connection.dagTasks(of: [run.id])[run.id] ?? [])
        }
    }

    package func prune(endedBefore moment: Instant, limit: Int) async throws -> [String] {
        guard limit > 0 else { throw StorageError.invalid("the limit \(limit) is not positive.") }
        return try await write { connection in
            try connection.rows(
                """
                DELETE FROM dag_run WHERE sequence IN (
                    SELECT sequence FROM dag_run
                    WHERE state IN ('success', 'failed', 'cancelled') AND ended_ms < ? ORDER BY sequence LIMIT ?)
                RETURNING id
                """, [moment.milliseconds, limit]
            ) { $0[0] as String }
        }
    }

    package func pausedPipelines() async throws -> Set<String> {
        try await read { Set(try $0.rows("SELECT pipeline FROM paused_pipeline") { $0[0] as String }) }
    }

    package func pipelineSource(version: String) async throws -> String? {
        try await read { try $0.value("SELECT text FROM pipeline_source WHERE version = ?", [version]) }
    }
}

extension Connection {
    fileprivate func apply(_ change: RunChange) throws {
        switch change {
        case .createRun(let run, let tasks): try create(run, tasks)
        case .updateRun(let run): try update(run)
        case .updateTask(let task): try update(task)
        case .addTasks(let tasks): try add(tasks)
        case .setCursor, .setDatasetCursor, .addDatasetEvent: try applyToTriggers(change)
        case .addNotification(let notification): try add(notification)
        case .addAudit(let entry): try add(entry)
        case .setPaused(let pipelineID, let isPaused):
            try run(
                isPaused
                    ? "INSERT INTO paused_pipeline (pipeline) VALUES (?) ON CONFLICT DO NOTHING"
                    : "DELETE FROM paused_pipeline WHERE pipeline = ?", [pipelineID])
        case .savePipelineSource(let version, let text):
            try run(
                "INSERT INTO pipeline_source (version, text) VALUES (?, ?) ON CONFLICT DO NOTHING", [version, text])
        }
    }

    private func create(_ dagRun: DAGRun, _ tasks: [TaskInstance]) throws {
        let added = try run(
            """
            INSERT INTO dag_run
                (id, pipeline, pipeline_version, cause, clock, logical_ms, interval_start_ms, interval_end_ms, params,
                 state, message, parent_run, created_ms, started_ms, ended_ms, event)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """, [dagRun.id] + (try DAGColumns.values(of: dagRun)))
        if added == 0 { return }
        for (position, task) in tasks.enumerated() { try insert(task, at: position) }
    }

    /// Tasks that `foreach` made, after those of the file.
    private func add(_ tasks: [TaskInstance]) throws {
        guard let runID = tasks.first?.runID else { return }
        let last: Int = try value("SELECT max(position) FROM dag_task WHERE run = ?", [runID]) ?? 0
        for (number, task) in tasks.enumerated() { try insert(task, at: last + 1 + number) }
    }

    private func insert(_ task: TaskInstance, at position: Int) throws {
        try run(
            """
            INSERT INTO dag_task
                (run, task, position, state, attempt, failures, outputs, message, scheduled_ms, started_ms,
                 ended_ms, retry_ms, process, queued_ms, measures, item, mapped_from)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (run, task) DO UPDATE SET state = excluded.state, attempt = excluded.attempt,
                failures = excluded.failures, outputs = excluded.outputs, message = excluded.message,
                scheduled_ms = excluded.scheduled_ms, started_ms = excluded.started_ms, ended_ms = excluded.ended_ms,
                retry_ms = excluded.retry_ms, process = excluded.process, queued_ms = excluded.queued_ms,
                measures = excluded.measures, item = excluded.item, mapped_from = excluded.mapped_from
            """, [task.runID, task.taskID, position] + (try DAGColumns.values(of: task)))
    }

    private func update(_ dagRun: DAGRun) throws {
        let changed = try run(
            """
            UPDATE dag_run SET pipeline = ?, pipeline_version = ?, cause = ?, clock = ?, logical_ms = ?,
                interval_start_ms = ?, interval_end_ms = ?, params = ?, state = ?, message = ?, parent_run = ?,
                created_ms = ?, started_ms = ?, ended_ms = ?, event = ?
            WHERE id = ?
            """, (try DAGColumns.values(of: dagRun)) + [dagRun.id])
        guard changed > 0 else { throw StorageError.unknownRecord(kind: "run", id: dagRun.id) }
    }

    private func update(_ task: TaskInstance) throws {
        let changed = try run(
            """
            UPDATE dag_task SET state = ?, attempt = ?, failures = ?, outputs = ?, message = ?, scheduled_ms = ?,
                started_ms = ?, ended_ms = ?, retry_ms = ?, process = ?, queued_ms = ?, measures = ?, item = ?,
                mapped_from = ?
            WHERE run = ? AND task = ?
            """, (try DAGColumns.values(of: task)) + [task.runID, task.taskID])
        guard changed > 0 else {
            throw StorageError.unknownRecord(kind: "task", id: "\(task.runID)/\(task.taskID)")
        }
    }

    /// The place in the order of creation at which a page of runs ends; the end of all for nil.
    /// - Throws: `StorageError.unknownRecord` for an id that names no run.
    func sequence(ofRunBefore id: String?) throws -> Int64 {
        guard let id else { return Int64.max }
        guard let sequence: Int64 = try value("SELECT sequence FROM dag_run WHERE id = ?", [id]) else {
            throw StorageError.unknownRecord(kind: "run", id: id)
        }
        return sequence
    }

    func dagRuns(where condition: String, _ arguments: StatementArguments) throws -> [DAGRun] {
        try rows("SELECT \(DAGColumns.run) FROM dag_run WHERE \(condition)", arguments) { row in
            DAGRun(
                id: row[0], pipelineID: row[1], pipelineVersion: row[2], cause: try decode(row[3], "cause"),
                clock: try decode(row[4], "clock"), logicalDate: Instant(milliseconds: row[5]),
                dataInterval: DataInterval(start: Instant(milliseconds: row[6]), end: Instant(milliseconds: row[7])),
                params: try JSONText.decode(from: row[8]), state: try decode(row[9], "state"), message: row[10],
                parentRunID: row[11], createdAt: Instant(milliseconds: row[12]),
                startedAt: DAGColumns.instant(row[13]), endedAt: DAGColumns.instant(row[14]),
                event: try JSONText.decode(from: row[15]))
        }
    }

    fileprivate func dagTasks(of runIDs: [String]) throws -> [String: [TaskInstance]] {
        let tasks = try rows(
            """
            SELECT \(DAGColumns.task) FROM dag_task WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, position
            """, [try JSONText.encode(runIDs)]
        ) { row in
            TaskInstance(
                runID: row[0], taskID: row[1], state: try decode(row[2], "state"), attempt: row[3], failures: row[4],
                outputs: try JSONText.decode(from: row[5]), message: row[6], scheduledAt: DAGColumns.instant(row[7]),
                startedAt: DAGColumns.instant(row[8]), endedAt: DAGColumns.instant(row[9]),
                retryAt: DAGColumns.instant(row[10]),
                process: try (row[11] as String?).map { (text: String) in try JSONText.decode(from: text) },
                queuedAt: DAGColumns.instant(row[12]),
                measures: try (row[13] as String?).map { (text: String) in try JSONText.decode(from: text) },
                item: row[14], mappedFrom: row[15])
        }
        return Dictionary(grouping: tasks, by: \.runID)
    }
}

/// The columns of `dag_run` and `dag_task` in the order in which they are read and written.
private enum DAGColumns {
    static let run = """
        id, pipeline, pipeline_version, cause, clock, logical_ms, interval_start_ms, interval_end_ms, params, state,
        message, parent_run, created_ms, started_ms, ended_ms, event
        """
    static let task = """
        run, task, state, attempt, failures, outputs, message, scheduled_ms, started_ms, ended_ms, retry_ms, process,
        queued_ms, measures, item, mapped_from
        """

    /// All but `id`.
    static func values(of run: DAGRun) throws -> StatementArguments {
        [
            run.pipelineID, run.pipelineVersion, run.cause.rawValue, run.clock.rawValue, run.logicalDate.milliseconds,
            run.dataInterval.start.milliseconds, run.dataInterval.end.milliseconds, try JSONText.encode(run.params),
            run.state.rawValue, run.message, run.parentRunID, run.createdAt.milliseconds, run.startedAt?.milliseconds,
            run.endedAt?.milliseconds, try JSONText.encode(run.event),
        ]
    }

    /// All but `run` and `task`.
    static func values(of task: TaskInstance) throws -> StatementArguments {
        [
            task.state.rawValue, task.attempt, task.failures, try JSONText.encode(task.outputs), task.message,
            task.scheduledAt?.milliseconds, task.startedAt?.milliseconds, task.endedAt?.milliseconds,
            task.retryAt?.milliseconds, try task.process.map { try JSONText.encode($0) }, task.queuedAt?.milliseconds,
            try task.measures.map { try JSONText.encode($0) }, task.item, task.mappedFrom,
        ]
    }

    static func instant(_ milliseconds: Int64?) -> Instant? { milliseconds.map(Instant.init(milliseconds:)) }
}
