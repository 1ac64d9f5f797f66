import GRDB
import Registry

extension Connection {
    /// Keeps points with the models on which they were measured; the same moment of the same run is kept once.
    func log(_ metrics: [ModelMetric], run number: Int64) throws {
        var models: [String: Int64] = [:]
        for point in metrics {
            let model = try models[point.modelID] ?? loggedModelNumber(point.modelID)
            models[point.modelID] = model
            let (metric, isNaN) = (point.metric, point.metric.value.isNaN)
            try run(
                """
                INSERT INTO logged_model_metric
                    (model, key, time_ms, step, run, value, is_nan, dataset_name, dataset_digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
                [
                    model, metric.key, metric.timestampMilliseconds, metric.step, number, isNaN ? 0 : metric.value,
                    isNaN, point.datasetName, point.datasetDigest,
                ])
        }
    }

    /// By the models' numbers, those of each by key and time.
    func modelMetrics(of numbers: [Int64]) throws -> [Int64: [ModelMetric]] {
        let points = try rows(
            """
            SELECT x.model, x.key, x.value, x.is_nan, x.time_ms, x.step, m.id, r.id, x.dataset_name, x.dataset_digest
            FROM logged_model_metric x JOIN logged_model m ON m.number = x.model JOIN run r ON r.number = x.run
            WHERE x.model IN (SELECT value FROM json_each(?)) ORDER BY x.model, x.key, x.time_ms, x.step, x.run
            """, [Self.list(numbers)]
        ) { row in
            (
                row[0] as Int64,
                ModelMetric(
                    modelID: row[6], runID: row[7],
                    metric: Self.metric(key: row[1], value: row[2], isNaN: row[3], time: row[4], step: row[5]),
                    datasetName: row[8], datasetDigest: row[9])
            )
        }
        return Dictionary(grouping: points, by: \.0).mapValues { $0.map(\.1) }
    }
}
