import Foundation
import Registry
import Scheduling
import Serving
import Storage
import Training

/// Loads what an alias names into the slot, one load at a time.
actor Deployment: Deployer {
    private let registry: any ModelRegistry
    private let artifacts: FileArtifactStore
    private let slot: ModelSlot
    private let clock: any Clock
    private let publish: @Sendable (StackEvent) -> Void
    private var loading: Task<LiveModel, any Error>?

    init(
        registry: any ModelRegistry, artifacts: FileArtifactStore, slot: ModelSlot, clock: any Clock,
        publish: @escaping @Sendable (StackEvent) -> Void
    ) {
        (self.registry, self.artifacts, self.slot) = (registry, artifacts, slot)
        (self.clock, self.publish) = (clock, publish)
    }

    func reload(model: String, alias: String) async throws -> LiveModel {
        let former = loading
        let load = Task {
            _ = await former?.result
            return try await self.load(model, alias)
        }
        loading = load
        return try await load.value
    }

    private func load(_ name: String, _ alias: String) async throws -> LiveModel {
        let version: ModelVersion
        do {
            version = try await registry.version(alias: alias, of: name)
        } catch RegistryError.notFound, RegistryError.invalid {
            throw StackError.noVersion(model: name, alias: alias)
        }
        if let live = slot.model, live.name == name, live.version == version.version, live.alias == alias {
            return live
        }
        let folder = try await artifacts.localFolder(of: try ArtifactPath(artifactURI: version.artifactURI))
        guard FileManager.default.fileExists(atPath: "\(folder)/\(ArtifactFile.description)") else {
            throw StackError.notANativeModel(name: name, version: version.version)
        }
        let artifact = try await Queues.files.perform { try ModelArtifact(reading: folder) }
        let live = LiveModel(
            name: name, version: version.version, alias: alias, recommender: artifact.model, runID: version.runID,
            simulatedDate: artifact.description.lineage["simulated_date"], loadedAtMilliseconds: clock.now.milliseconds)
        slot.swap(in: live)
        publish(.serving)
        return live
    }
}
