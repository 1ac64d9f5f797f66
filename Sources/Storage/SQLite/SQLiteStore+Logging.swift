import GRDB
package import Registry

extension SQLiteStore {
    package func log(_ batch: RunBatch, to runID: String) async throws {
        let batch = try batch.checked()
        try await registryWrite { connection in
            let number = try connection.activeRun(runID)
            for param in batch.params { try connection.log(param, run: number, id: runID) }
            try connection.log(batch.metrics, run: number)
            try connection.log(batch.modelMetrics, run: number)
            if !batch.tags.isEmpty { try connection.setRunTags(batch.tags, of: number) }
        }
    }

    /// By timestamp, step and value.
    package func metricHistory(
        runID: String, key: String, maxResults: Int, pageToken: String?
    ) async throws -> Page<Metric> {
        let stretch = try Stretch(token: pageToken, maxResults: maxResults, atMost: Int(Int32.max))
        return try await registryRead { connection in
            guard let number: Int64 = try connection.value("SELECT number FROM run WHERE id = ?", [runID]) else {
                throw Self.noRun(runID)
            }
            return stretch.page(
                try connection.rows(
                    """
                    SELECT value, is_nan, time_ms, step FROM metric WHERE run = ? AND key = ?
                    ORDER BY time_ms, step, value, is_nan LIMIT ? OFFSET ?
                    """, [number, key] + stretch.arguments
                ) { Connection.metric(key: key, value: $0[0], isNaN: $0[1], time: $0[2], step: $0[3]) })
        }
    }
}

extension Connection {
    fileprivate func log(_ param: Param, run number: Int64, id: String) throws {
        let added = try run(
            "INSERT INTO param (run, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [number, param.key, param.value])
        if added > 0 { return }
        let present: String? = try value("SELECT value FROM param WHERE run = ? AND key = ?", [number, param.key])
        guard present == param.value else {
            throw RegistryError.invalid(
                "Changing param values is not allowed. Param with key='\(param.key)' was already logged with "
                    + "value='\(present ?? "")' for run ID='\(id)'. Attempted logging new value '\(param.value)'.")
        }
    }

    /// Adds points to their histories, and for each key the last of them to the latest points, if it is.
    fileprivate func log(_ metrics: [Metric], run number: Int64) throws {
        var rest = metrics[...]
        while !rest.isEmpty {
            let count = rest.count >= Self.rowsAtOnce ? Self.rowsAtOnce : 1
            var values: [(any DatabaseValueConvertible)?] = []
            values.reserveCapacity(6 * count)
            for metric in rest.prefix(count) { values += Self.columns(of: metric, run: number) }
            try runUnchecked(count == 1 ? Self.oneRow : Self.manyRows, values)
            rest = rest.dropFirst(count)
        }
        let latest = Dictionary(metrics.map { ($0.key, $0) }, uniquingKeysWith: Self.later)
        for metric in latest.values.sorted(by: { $0.key < $1.key }) {
            try run(
                """
                INSERT INTO latest_metric (run, key, time_ms, step, value, is_nan) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    time_ms = excluded.time_ms, step = excluded.step, value = excluded.value, is_nan = excluded.is_nan
                WHERE (excluded.step, excluded.time_ms, excluded.value, excluded.is_nan) > (step, time_ms, value, is_nan)
                """, StatementArguments(Self.columns(of: metric, run: number)))
        }
    }

    /// A statement with many rows costs little more than one with one: a large batch takes a third of the time.
    private static let rowsAtOnce = 50
    private static let oneRow = insertion(rows: 1)
    private static let manyRows = insertion(rows: rowsAtOnce)

    private static func insertion(rows: Int) -> String {
        "INSERT INTO metric (run, key, time_ms, step, value, is_nan) VALUES "
            + Array(repeating: "(?, ?, ?, ?, ?, ?)", count: rows).joined(separator: ", ") + " ON CONFLICT DO NOTHING"
    }

    private static func columns(of metric: Metric, run number: Int64) -> [(any DatabaseValueConvertible)?] {
        let isNaN = metric.value.isNaN
        return [number, metric.key, metric.timestampMilliseconds, metric.step, isNaN ? 0 : metric.value, isNaN]
    }

    /// Of two points of one key the later, in the order that the tables keep: a NaN counts as 0, and after it.
    private static func later(_ one: Metric, _ other: Metric) -> Metric {
        func rank(_ metric: Metric) -> (Int64, Int64, Double, Int) {
            let isNaN = metric.value.isNaN
            return (metric.step, metric.timestampMilliseconds, isNaN ? 0 : metric.value, isNaN ? 1 : 0)
        }
        return rank(one) < rank(other) ? other : one
    }
}
