import Registry
import Serving

/// Removes deleted experiments and runs for good: the records first, then the files.
struct ExperimentPurge: Purger {
    let store: any PurgingStore
    let artifacts: any ArtifactStore

    func purge(isDryRun: Bool, actor: String) async throws -> (plan: PurgePlan, bytes: Int64) {
        // Counted before, because afterwards there is nothing to count. What comes in between is removed all the same.
        var bytes: Int64 = 0
        for folder in ExperimentPurge.outermost(try await store.purge(isDryRun: true, actor: actor).folders) {
            bytes += try await size(of: folder)
        }
        let plan = try await store.purge(isDryRun: isDryRun, actor: actor)
        if !isDryRun {
            // What cannot be removed now is nobody's, and is collected at the next start.
            for folder in ExperimentPurge.outermost(plan.folders) { try? await artifacts.delete(folder) }
        }
        return (plan, bytes)
    }

    /// Without those that lie in another.
    private static func outermost(_ folders: [ArtifactPath]) -> [ArtifactPath] {
        let whole = Set(folders.filter { $0.components.count == 1 }.map(\.description))
        return folders.filter { $0.components.count == 1 || !whole.contains($0.components[0]) }
    }

    private func size(of folder: ArtifactPath) async throws -> Int64 {
        var (bytes, waiting): (Int64, [ArtifactPath]) = (0, [folder])
        while let next = waiting.popLast() {
            for entry in try await artifacts.list(next) {
                if entry.isDirectory {
                    waiting.append(try next.appending(entry.name))
                } else {
                    bytes += entry.byteCount ?? 0
                }
            }
        }
        return bytes
    }
}
