import Registry
import Scheduling
import Storage

/// Figures of simulated days, kept as metric histories of one tracked run: step = day since 1970, time = that day.
///
/// A figure logged twice is stored once, so that a day done again after a crash changes nothing.
struct DailyFigures: Sendable {
    let store: SQLiteStore
    /// The tracked run's name and what it is for, in one word.
    let name: String
    let purpose: String

    private var runID: String { StableHash.hex(name, digits: 32) }

    func log(_ values: [String: Double], on date: String, runName: String) async throws {
        let day = try Day(text: date, option: "date")
        let tracking: any TrackingStore = store
        _ = try await tracking.createRun(
            RunRequest(
                id: runID, experimentID: "0", name: runName, userID: "mlstack",
                startTimeMilliseconds: day.start.milliseconds, tags: [SQLiteStore.pipelineRunTag: purpose]))
        let metrics = values.sorted { $0.key < $1.key }.map {
            Metric(
                key: $0.key, value: $0.value, timestampMilliseconds: day.start.milliseconds,
                step: day.start.milliseconds / 86_400_000)
        }
        try await store.log(RunBatch(metrics: metrics), to: runID)
    }

    /// Oldest first; empty when nothing was logged.
    func all(_ keys: [String]) async throws -> [(date: String, values: [String: Double])] {
        var days: [Int64: (date: String, values: [String: Double])] = [:]
        for key in keys {
            let history: [Metric]
            do {
                history = try await store.metricHistory(runID: runID, key: key, maxResults: 25_000, pageToken: nil)
                    .items
            } catch RegistryError.notFound {
                return []
            }
            for metric in history {
                let date = Day(containing: .init(milliseconds: metric.timestampMilliseconds)).description
                days[metric.step, default: (date, [:])].values[key] = metric.value
            }
        }
        return days.sorted { $0.key < $1.key }.map(\.value)
    }
}
