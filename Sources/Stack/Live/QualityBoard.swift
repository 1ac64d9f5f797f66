import Registry
import Scheduling
import Serving
import Storage
import Synchronization

/// The quality curve, kept as metric histories of one tracked run for each model: step = day since 1970, time = that day.
///
/// A point logged twice is stored once, so that testing a day again after a crash changes nothing.
final class QualityBoard: QualitySource, Sendable {
    private let store: SQLiteStore
    private let latestPoint = Mutex<QualityPoint?>(nil)

    /// What a point is made of.
    private static let keys = [
        "ndcg_at_10", "recall_at_20", "popularity_ndcg_at_10", "popularity_recall_at_20", "cases", "known_cases",
        "new_cases",
    ]

    init(store: SQLiteStore) { self.store = store }

    /// The last point recorded by this process.
    var latest: QualityPoint? { latestPoint.withLock { $0 } }

    func record(_ point: QualityPoint, model: String) async throws {
        let day = try Day(text: point.date, option: "date")
        let tracking: any TrackingStore = store
        _ = try await tracking.createRun(
            RunRequest(
                id: runID(model), experimentID: "0", name: "prequential test of \(model)", userID: "mlstack",
                startTimeMilliseconds: day.start.milliseconds, tags: [SQLiteStore.pipelineRunTag: "prequential"]))
        let metrics = point.values.sorted { $0.key < $1.key }.map {
            Metric(
                key: $0.key, value: $0.value, timestampMilliseconds: day.start.milliseconds,
                step: day.start.milliseconds / 86_400_000)
        }
        try await store.log(RunBatch(metrics: metrics), to: runID(model))
        latestPoint.withLock { $0 = point }
    }

    func quality(model: String) async throws -> [QualityPoint] {
        var points: [Int64: QualityPoint] = [:]
        for key in QualityBoard.keys {
            let history: [Metric]
            do {
                history = try await store.metricHistory(
                    runID: runID(model), key: key, maxResults: 25_000, pageToken: nil
                ).items
            } catch RegistryError.notFound {
                return []
            }
            for metric in history {
                let date = Day(containing: .init(milliseconds: metric.timestampMilliseconds)).description
                points[metric.step, default: QualityPoint(date: date, values: [:])].values[key] = metric.value
            }
        }
        return points.sorted { $0.key < $1.key }.map(\.value)
    }

    func clear() { latestPoint.withLock { $0 = nil } }

    private func runID(_ model: String) -> String { StableHash.hex("prequential \(model)", digits: 32) }
}
