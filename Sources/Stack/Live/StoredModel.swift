import Foundation
import Registry
import Storage
import Training

/// The model in a version's folder, whoever made it: mlstack (`model.json`) or another program (`mlstack.json`).
struct StoredModel: Sendable {
    let recommender: any Recommender
    /// The simulated day after which it was trained; nil for what was trained elsewhere.
    let simulatedDate: String?
    /// Of every byte that it is made of; empty for what was trained elsewhere, of which nothing is derived.
    let contentHash: String

    static func isThere(_ folder: String) -> Bool {
        [ArtifactFile.description, FactorsFolder.manifest].contains { name in
            FileManager.default.fileExists(atPath: "\(folder)/\(name)")
        }
    }

    /// - Throws: `StackError`, `ArtifactError`, `FactorsError`, and what the store of artefacts throws.
    init(of version: ModelVersion, in artifacts: any ArtifactStore) async throws {
        let folder = try await artifacts.localFolder(of: try ArtifactPath(artifactURI: version.artifactURI))
        guard StoredModel.isThere(folder) else {
            throw StackError.notANativeModel(name: version.name, version: version.version)
        }
        self = try await Queues.files.perform { try StoredModel(reading: folder) }
    }

    /// Believes nothing that it reads. Blocks.
    /// - Throws: `ArtifactError`, `FactorsError`.
    init(reading folder: String) throws {
        if !FileManager.default.fileExists(atPath: "\(folder)/\(ArtifactFile.description)"),
            FileManager.default.fileExists(atPath: "\(folder)/\(FactorsFolder.manifest)")
        {
            recommender = try FactorsFolder(folder).model()
            (simulatedDate, contentHash) = (nil, "")
            return
        }
        let artifact = try ModelArtifact(reading: folder)
        recommender = artifact.model
        (simulatedDate, contentHash) = (artifact.description.lineage["simulated_date"], artifact.contentHash)
    }
}
