import GRDB
package import Registry

extension SQLiteStore {
    package func experimentSummaries(_ view: ViewType, id: String?, limit: Int) async throws -> [ExperimentSummary] {
        let number = try id.map { id throws(RegistryError) in try Identifiers.experimentNumber(id) }
        var scope = view.scope("e.lifecycle").map(\.sql)
        if number != nil { scope.append("e.id = ?1") }
        let condition = scope.isEmpty ? "TRUE" : scope.joined(separator: " AND ")
        return try await registryRead { connection in
            // The index by start finds the last run at once; only counting looks at all of them.
            try connection.rows(
                """
                WITH summary AS (
                    SELECT e.id AS experiment, e.name AS experiment_name, e.lifecycle AS stage, e.created_ms,
                        count(r.number) AS runs, coalesce(sum(r.status = 'RUNNING'), 0) AS running,
                        coalesce(sum(r.status = 'FAILED'), 0) AS failed,
                        (SELECT l.number FROM run l
                            WHERE l.experiment = e.id AND (l.lifecycle = 'active' OR e.lifecycle = 'deleted')
                            ORDER BY l.started_ms DESC, l.id LIMIT 1) AS last
                    FROM experiment e LEFT JOIN run r
                        ON r.experiment = e.id AND (r.lifecycle = 'active' OR e.lifecycle = 'deleted')
                    WHERE \(condition) GROUP BY e.id)
                SELECT s.experiment, s.experiment_name, s.stage, s.created_ms, s.runs, s.running, s.failed,
                    l.id, l.name, l.status, l.started_ms, l.ended_ms, l.user_id, t.value
                FROM summary s LEFT JOIN run l ON l.number = s.last
                    LEFT JOIN run_tag t ON t.run = l.number AND t.key = 'mlstack.pipeline'
                ORDER BY l.started_ms IS NULL, l.started_ms DESC, s.created_ms DESC, s.experiment LIMIT ?2
                """, [number, limit]
            ) { row in
                ExperimentSummary(
                    id: String(row[0] as Int64), name: row[1],
                    lifecycleStage: try connection.decode(row[2], "lifecycle"),
                    creationTimeMilliseconds: row[3], runs: row[4], running: row[5], failed: row[6],
                    lastRun: try (row[7] as String?).map { id in
                        ExperimentSummary.LastRun(
                            id: id, name: row[8], status: try connection.decode(row[9], "status"),
                            startTimeMilliseconds: row[10], endTimeMilliseconds: row[11], userID: row[12],
                            pipelineID: row[13])
                    })
            }
        }
    }
}
