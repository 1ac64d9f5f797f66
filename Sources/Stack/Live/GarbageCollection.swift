import Logging
import Registry
import Scheduling
import Storage

/// Removes files that no record names, at the start and once a day: of uploads that died, of records that were purged.
///
/// A folder that the database does not know stays for some days before it goes, because it may be the database that is
/// wrong: one that was put back from before the folder was made.
struct GarbageCollection: Sendable {
    /// Between two looks.
    static let interval = Duration.seconds(24 * 3600)

    let store: SQLiteStore
    let artifacts: any SearchableArtifactStore
    let clock: any Clock
    let logger: Logger

    /// - Returns: what was found.
    @discardableResult
    func look() async throws -> GarbageReport {
        let report = try await store.removeGarbage(in: artifacts)
        if report.removed > 0 {
            logger.notice("files that no record names were removed", metadata: ["folders": "\(report.removed)"])
        }
        if report.failed > 0 {
            logger.warning(
                "files that no record names could not be removed: look whose they are; the next look tries again",
                metadata: ["folders": "\(report.failed)"])
        }
        if report.new > 0 {
            logger.warning(
                """
                this database does not know some folders of artefacts; they are removed after \(SQLiteStore.garbageDays) days. \
                If an older database was put back, put the newer one in its place, or copy the folders away
                """, metadata: ["folders": "\(report.kept)", "new": "\(report.new)"])
        }
        return report
    }

    /// Looks once a day, until the task is cancelled.
    /// - Parameter isNew: nobody has looked yet since the start.
    func run(isNew: Bool) async {
        if isNew { await lookOrSay() }
        while !Task.isCancelled {
            try? await clock.sleep(for: Self.interval)
            if !Task.isCancelled { await lookOrSay() }
        }
    }

    /// `look`, for whom it is no reason to end that something cannot be looked at.
    func lookOrSay() async {
        do {
            try await look()
        } catch is CancellationError {
        } catch {
            logger.warning("files that no record names could not be looked for: \(ErrorText(error).oneLine)")
        }
    }
}
