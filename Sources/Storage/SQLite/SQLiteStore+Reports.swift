import GRDB
package import Registry

/// What charts and tables ask of many runs at once.
extension SQLiteStore {
    /// How many points one answer holds, and how many datasets.
    private static let pointsAtOnce = 25_000
    private static let summariesAtOnce = 1_000

    package func sampledHistory(_ query: HistorySample) async throws -> [RunMetric] {
        let runIDs = try JSONText.encode(query.runIDs)
        return try await registryRead { connection in
            let ends = try connection.rows(
                """
                SELECT min(x.step), max(x.step) FROM metric x JOIN run r ON r.number = x.run
                WHERE r.id IN (SELECT value FROM json_each(?)) AND x.key = ? GROUP BY r.number
                """, [runIDs, query.key]
            ) { ($0[0] as Int64, $0[1] as Int64) }
            guard let first = ends.map(\.0).min(), let last = ends.map(\.1).max() else { return [] }
            let bounds = query.steps ?? first...last
            let steps = try connection.rows(
                """
                SELECT DISTINCT x.step FROM metric x JOIN run r ON r.number = x.run
                WHERE r.id IN (SELECT value FROM json_each(?)) AND x.key = ? AND x.step BETWEEN ? AND ? ORDER BY x.step
                """, [runIDs, query.key, bounds.lowerBound, bounds.upperBound]
            ) { $0[0] as Int64 }
            let chosen = Set(Self.sample(steps, query.maxSteps))
                .union(ends.flatMap { [$0.0, $0.1] }.filter(bounds.contains))
            return try connection.rows(
                """
                SELECT r.id, x.value, x.is_nan, x.time_ms, x.step FROM json_each(?) o
                    JOIN run r ON r.id = o.value JOIN metric x ON x.run = r.number
                WHERE x.key = ? AND x.step IN (SELECT value FROM json_each(?))
                ORDER BY o.key, x.step, x.time_ms LIMIT ?
                """, [runIDs, query.key, Connection.list(chosen.sorted()), Self.pointsAtOnce]
            ) { row in
                RunMetric(
                    runID: row[0],
                    metric: Connection.metric(
                        key: query.key, value: row[1], isNaN: row[2], time: row[3], step: row[4]))
            }
        }
    }

    /// At most `count` at equal distances, and the last.
    private static func sample(_ steps: [Int64], _ count: Int) -> [Int64] {
        guard steps.count > count, let last = steps.last else { return steps }
        return (0..<count).map { steps[$0 * steps.count / count] } + [last]
    }

    package func datasetSummaries(experimentIDs: [String]) async throws -> [DatasetSummary] {
        let experiments = try experimentIDs.map { id throws(RegistryError) in try Identifiers.experimentNumber(id) }
        return try await registryRead { connection in
            try connection.rows(
                """
                SELECT DISTINCT d.experiment, d.name, d.digest, t.value FROM dataset d
                    JOIN dataset_input i ON i.dataset = d.number
                    LEFT JOIN dataset_input_tag t ON t.input = i.number AND t.key = 'mlflow.data.context'
                WHERE d.experiment IN (SELECT value FROM json_each(?))
                ORDER BY d.experiment, d.name, d.digest, t.value LIMIT ?
                """, [Connection.list(experiments), Self.summariesAtOnce]
            ) { row in
                DatasetSummary(
                    experimentID: String(row[0] as Int64), name: row[1], digest: row[2], context: row[3])
            }
        }
    }

    package func logModel(_ json: String, to runID: String) async throws {
        try await registryWrite { connection in
            let number = try connection.activeRun(runID)
            let present: String? = try connection.value(
                "SELECT value FROM run_tag WHERE run = ? AND key = ?", [number, Run.loggedModelsTag])
            guard (present?.utf8.count ?? 0) + json.utf8.count <= Limits.loggedModelsTag else {
                throw RegistryError.invalid("The run \(runID) has logged more models than fit into its list.")
            }
            try connection.run(
                """
                INSERT INTO run_tag (run, key, value) VALUES (?1, ?2, json_array(json(?3)))
                ON CONFLICT DO UPDATE SET value = CASE
                    WHEN json_valid(run_tag.value) AND json_type(run_tag.value) = 'array'
                    THEN json_insert(run_tag.value, '$[#]', json(?3)) ELSE json_array(json(?3)) END
                """, [number, Run.loggedModelsTag, json])
        }
    }
}
