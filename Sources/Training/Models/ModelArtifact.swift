import Foundation

/// The names of the files in a model's folder.
package enum ArtifactFile {
    package static let mlmodel = "MLmodel"
    package static let description = "model.json"
    package static let tensors = "factors.safetensors"
    package static let users = "users.json"
    package static let items = "items.json"
    package static let loader = "code/mlstack_model.py"
    package static let checksums = "checksums.json"
    package static let requirements = "requirements.txt"
    package static let pythonEnvironment = "python_env.yaml"
    package static let condaEnvironment = "conda.yaml"
    package static let inputExample = "input_example.json"
    package static let servingExample = "serving_input_example.json"

    /// What models written by older programs do not have.
    static let later: Set<String> = [
        requirements, pythonEnvironment, condaEnvironment, inputExample, servingExample,
    ]
}

/// A model at rest: a folder that describes itself and holds no pickled code.
///
/// - `MLmodel`: lets `mlflow.pyfunc.load_model` open the folder, by the loader in `code/`, which needs numpy and
///   nothing of ours. `requirements.txt`, `python_env.yaml` and `conda.yaml` say so, and `input_example.json` and
///   `serving_input_example.json` show what it predicts for (`MLflowFiles`).
/// - `model.json`: the algorithm, its settings, counts, metrics and lineage (`ModelDescription`).
/// - `factors.safetensors`: `popularity` (F32, items) and the training interactions `seen_offsets` (I64, users + 1)
///   and `seen_items` (I32) of every model; what else there is depends on the algorithm: `user_factors` and `item_factors`
///   (F32, rows x factors; those of `bpr` end in a bias), `mean`, `user_bias`, `item_bias`, `liked_*` (as `seen_*`),
///   `weights` over `active_items`, `neighbour_*`, `encoder_*` and `decoder*`. The
///   interactions are there so that predictions far from here leave out what a user has seen, as serving does.
/// - `users.json`, `items.json`: ids in the order of rows.
/// - `checksums.json`: SHA-256 and length of each of the other files.
///
/// The same model with the same facts gives the same bytes: nothing here knows the time.
package struct ModelArtifact: Sendable {
    package let model: any Recommender
    package let description: ModelDescription
    package let digest: ArtifactDigest
    /// SHA-256 of `checksums.json`, and so of every byte.
    package var contentHash: String { digest.contentHash }

    /// Writes the folder, whole or not at all; an older one of that name is replaced.
    /// - Returns: the content hash.
    /// - Throws: `ArtifactError.cannotWrite`.
    @discardableResult
    package static func write(
        _ model: any Recommender, facts: ModelFacts = ModelFacts(), to folder: String
    ) throws(ArtifactError) -> String {
        let (files, digest) = try complete(model, facts: facts, writingTo: folder)
        try DurableFolder.write(files, to: folder)
        return digest.contentHash
    }

    /// What `write` would write, without writing it.
    /// - Throws: `ArtifactError.cannotWrite`.
    package static func digest(of model: any Recommender, facts: ModelFacts) throws(ArtifactError) -> ArtifactDigest {
        try complete(model, facts: facts, writingTo: "a digest").digest
    }

    private static func complete(
        _ model: any Recommender, facts: ModelFacts, writingTo folder: String
    ) throws(ArtifactError) -> (files: [String: [UInt8]], digest: ArtifactDigest) {
        do {
            var files = try contents(of: model, facts: facts)
            var sums = Checksums(of: files)
            let mlmodel = Array(MLflowFiles.mlmodel(uuid: SHA256.hex(of: try encoded(sums))).utf8)
            files[ArtifactFile.mlmodel] = mlmodel
            sums.add(mlmodel, as: ArtifactFile.mlmodel)
            let bytes = try encoded(sums)
            files[ArtifactFile.checksums] = bytes
            return (files, ArtifactDigest(files: sums.files.mapValues(\.sha256), contentHash: SHA256.hex(of: bytes)))
        } catch {
            throw .cannotWrite(path: folder, problem: "\(error)")
        }
    }

    private static func contents(of model: any Recommender, facts: ModelFacts) throws -> [String: [UInt8]] {
        let content = model.artifactContent()
        let seed: Int? = if case .int(let value) = content.settings.values["seed"] { value } else { nil }
        let description = ModelDescription(
            formatVersion: ModelDescription.currentFormat, algorithm: content.algorithm,
            parameters: content.settings.values, seed: seed,
            counts: ModelDescription.Counts(
                users: content.users.count, items: content.items.count, interactions: content.interactionCount),
            metrics: facts.metrics, lineage: facts.lineage)
        let files = [
            ArtifactFile.loader: Array(PythonLoader.source.utf8),
            ArtifactFile.description: try encoded(description),
            ArtifactFile.tensors: try SafeTensors.encode(content.tensors),
            ArtifactFile.users: try encoded(content.users.all),
            ArtifactFile.items: try encoded(content.items.all),
        ]
        let others = try MLflowFiles.besides(exampleUser: content.users.all.first).mapValues { Array($0.utf8) }
        return files.merging(others) { own, _ in own }
    }

    private static func encoded(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// What `checksums.json` holds, by file name.
    struct Checksums: Codable, Equatable {
        struct File: Codable, Equatable {
            var bytes: Int
            var sha256: String
        }
        var files: [String: File]

        init(of files: [String: [UInt8]]) {
            self.files = files.mapValues { File(bytes: $0.count, sha256: SHA256.hex(of: $0)) }
        }

        mutating func add(_ bytes: [UInt8], as name: String) {
            files[name] = File(bytes: bytes.count, sha256: SHA256.hex(of: bytes))
        }
    }
}

/// What tells two models at rest apart.
package struct ArtifactDigest: Sendable, Equatable {
    /// SHA-256 by file name.
    package let files: [String: String]
    package let contentHash: String

    /// The files that the two do not have alike, by name.
    package func differences(from other: ArtifactDigest) -> [String] {
        Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
    }
}
