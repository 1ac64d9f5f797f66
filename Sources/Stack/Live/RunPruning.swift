import Foundation
import Logging
import Scheduling

/// Removes runs of pipelines that ended long ago, if the configuration asks for it.
///
/// A run that has not ended is never touched. The records go first, a few at a time, then the folders: a crash in between
/// leaves a folder that nothing names, never a record whose log is gone without a word.
struct RunPruning: Sendable {
    /// Runs in one transaction.
    static let group = 100
    /// Between two looks.
    static let interval = Duration.seconds(3600)

    let store: any RunStore
    let clock: any Clock
    /// Folders that hold one named by the id of each run.
    let folders: [String]
    let kept: Duration
    let logger: Logger

    /// Removes all that is old enough now.
    /// - Returns: how many runs that were.
    @discardableResult
    func removeOld() async throws -> Int {
        let moment = clock.now.advanced(by: .zero - kept)
        var count = 0
        while true {
            let gone = try await store.prune(endedBefore: moment, limit: Self.group)
            count += gone.count
            let paths = gone.flatMap { id in folders.map { "\($0)/\(id)" } }
            // What cannot be removed is rubbish, not an error.
            try await Queues.files.perform { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
            if gone.count < Self.group || Task.isCancelled { break }
        }
        if count > 0 {
            logger.notice(
                "old runs removed with their logs", metadata: ["runs": "\(count)", "ended_before": "\(moment.rfc3339)"])
        }
        return count
    }

    /// Looks every hour, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                try await removeOld()
            } catch {
                logger.error("old runs could not be removed: \(ErrorText(error).oneLine)")
            }
            try? await clock.sleep(for: Self.interval)
        }
    }
}
