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
        // The points of a key are neighbours in the table, where one after the other is written twice as fast.
        let byKey = metrics.count > 1 ? Self.grouped(metrics) : [metrics]
        try insert(metrics.count > 1 ? byKey.flatMap(\.self) : metrics, run: number, .history)
        try insert(byKey.compactMap { $0.max(by: Self.isEarlier) }, run: number, .latest)
    }

    /// The points of each key, in the order of the keys.
    private static func grouped(_ metrics: [Metric]) -> [[Metric]] {
        var groups: [[Metric]] = []
        var places: [String: Int] = [:]
        for metric in metrics {
            if let place = places[metric.key] {
                groups[place].append(metric)
            } else {
                places[metric.key] = groups.count
                groups.append([metric])
            }
        }
        return groups.sorted { $0[0].key < $1[0].key }
    }

    private func insert(_ points: [Metric], run number: Int64, _ insertion: PointInsertion) throws {
        var rest = points[...]
        while !rest.isEmpty {
            let count = rest.count >= PointInsertion.rowsAtOnce ? PointInsertion.rowsAtOnce : 1
            try runDirectly(count == 1 ? insertion.oneRow : insertion.manyRows) { statement in
                for point in rest.prefix(count) {
                    statement.bind(number)
                    statement.bind(point.key)
                    statement.bind(point.timestampMilliseconds)
                    statement.bind(point.step)
                    statement.bind(point.value.isNaN ? 0 : point.value)
                    statement.bind(point.value.isNaN ? 1 : Int64(0))
                }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Of two points of one key, in the order that the tables keep: a NaN counts as 0, and after it.
    private static func isEarlier(_ one: Metric, _ other: Metric) -> Bool {
        func rank(_ metric: Metric) -> (Int64, Int64, Double, Int) {
            let isNaN = metric.value.isNaN
            return (metric.step, metric.timestampMilliseconds, isNaN ? 0 : metric.value, isNaN ? 1 : 0)
        }
        return rank(one) < rank(other)
    }
}

/// The INSERT of points into one of their two tables.
private struct PointInsertion {
    /// A statement with many rows costs little more than one with one: a large batch takes half of the time.
    static let rowsAtOnce = 50

    let oneRow: String
    let manyRows: String

    private init(into table: String, onConflict: String) {
        func insertion(rows: Int) -> String {
            "INSERT INTO \(table) (run, key, time_ms, step, value, is_nan) VALUES "
                + Array(repeating: "(?, ?, ?, ?, ?, ?)", count: rows).joined(separator: ", ")
                + " ON CONFLICT \(onConflict)"
        }
        (oneRow, manyRows) = (insertion(rows: 1), insertion(rows: Self.rowsAtOnce))
    }

    /// The same point is stored once.
    static let history = PointInsertion(into: "metric", onConflict: "DO NOTHING")
    static let latest = PointInsertion(
        into: "latest_metric",
        onConflict: """
            DO UPDATE SET
                time_ms = excluded.time_ms, step = excluded.step, value = excluded.value, is_nan = excluded.is_nan
            WHERE (excluded.step, excluded.time_ms, excluded.value, excluded.is_nan) > (step, time_ms, value, is_nan)
            """)
}
