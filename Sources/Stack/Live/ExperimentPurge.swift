import Logging
import Registry
import Serving

/// Removes deleted experiments and runs for good: the records first, then the files.
struct ExperimentPurge: Purger {
    let store: any PurgingStore
    let artifacts: any ArtifactStore
    let logger: Logger

    func purge(isDryRun: Bool, actor: String) async throws -> PurgeOutcome {
        // Counted before, because afterwards there is nothing to count. What comes in between is removed all the same.
        let folders = ExperimentPurge.outermost(try await store.purge(isDryRun: true, actor: actor).folders)
        let bytes = try await BucketArtifactStore.eachOf(folders) { try await artifacts.byteCount(below: $0) }
        var outcome = PurgeOutcome(
            plan: try await store.purge(isDryRun: isDryRun, actor: actor), bytes: bytes.reduce(0, +))
        if isDryRun { return outcome }
        for folder in ExperimentPurge.outermost(outcome.plan.folders) {
            do {
                try await artifacts.delete(folder)
            } catch {
                // It is nobody's any more; the store has noted it for the next look for garbage.
                outcome.unremoved += 1
                logger.warning(
                    "purged files could not be removed yet: \(ErrorText(error).oneLine)",
                    metadata: ["folder": "\(folder)"])
            }
        }
        return outcome
    }

    /// Without those that lie in another.
    private static func outermost(_ folders: [ArtifactPath]) -> [ArtifactPath] {
        let whole = Set(folders.filter { $0.components.count == 1 }.map(\.description))
        return folders.filter { $0.components.count == 1 || !whole.contains($0.components[0]) }
    }
}
