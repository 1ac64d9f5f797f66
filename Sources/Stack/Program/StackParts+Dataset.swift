import Foundation
import Logging
import Storage
import Training

extension StackParts {
    /// A dataset that is ready to be replayed.
    struct OpenDataset: Sendable {
        let name: String
        let path: String
        let log: RatingsLog
        let catalogue: ItemCatalogue
    }

    /// Setting: the path of the source that the home replays.
    static let sourceKey = "dataset_source"

    /// Finds the ratings (as asked for, else those of the home, else the demo), parses them if that was not done before, and opens the log.
    static func openDataset(
        _ configuration: Configuration, store: SQLiteStore, remembered: ReplayState?, threads: TrainingThreads,
        logger: Logger, onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> OpenDataset {
        let home = configuration.home
        let former = try await store.value(forKey: sourceKey)
        let wanted = configuration.dataset ?? former ?? "demo"
        let quarantine = QuarantineFile(home: home).path
        let options = ReadOptions(
            skipBadLines: configuration.skipsBadLines, quarantinePath: configuration.skipsBadLines ? quarantine : nil)
        let opened = try await threads.perform { workers in
            let found = try DatasetLocator(home: home).locate(wanted)
            let source = try DatasetSource(recognising: found.path)
            let (log, report) = try LogShelf(folder: home.ratings).open(
                source, options: options, workers: workers, progress: onProgress)
            return (
                OpenDataset(
                    name: found.name, path: found.path, log: log, catalogue: try ItemCatalogue(reading: source)),
                report
            )
        }
        if let report = opened.1, report.badLines > 0 {
            logger.warning("bad lines left out: \(report.badLines); they are in \(quarantine)")
        }
        try await store.setValue(opened.0.path, forKey: sourceKey)
        return opened.0
    }
}
