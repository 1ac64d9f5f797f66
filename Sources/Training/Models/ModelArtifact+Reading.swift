import Foundation

extension ModelArtifact {
    /// A larger model does not fit into this machine's memory: while it is opened, it is there three times.
    package static let tensorBytes = min(1 << 34, Int(ProcessInfo.processInfo.physicalMemory / 4))

    /// More than any model has; a larger file is a mistake or an attack.
    private static let limits: [String: Int] = [
        ArtifactFile.checksums: 1 << 16,
        ArtifactFile.description: 1 << 20,
        ArtifactFile.users: 1 << 29,
        ArtifactFile.items: 1 << 29,
        ArtifactFile.tensors: tensorBytes,
        ArtifactFile.mlmodel: 1 << 20,
        ArtifactFile.loader: 1 << 20,
    ].merging(ArtifactFile.later.map { ($0, 1 << 20) }) { own, _ in own }

    /// Opens a folder and believes nothing: sizes and checksums first, then formats, shapes and values.
    ///
    /// Files that `checksums.json` does not name are left alone.
    /// - Throws: `ArtifactError`.
    package init(reading folder: String) throws(ArtifactError) {
        let sumBytes = try Self.bytes(of: ArtifactFile.checksums, in: folder)
        let sums = try Self.decoded(Checksums.self, from: sumBytes, file: ArtifactFile.checksums)
        var files: [String: [UInt8]] = [:]
        // In a fixed order, so that the first error is always the same one.
        for file in Self.limits.keys.sorted() where file != ArtifactFile.checksums {
            guard let sum = sums.files[file] else {
                if ArtifactFile.later.contains(file) { continue }
                throw .corrupt(file: ArtifactFile.checksums, problem: "it does not name `\(file)`")
            }
            let bytes = try Self.bytes(of: file, in: folder)
            guard bytes.count == sum.bytes else {
                throw .wrongSize(file: file, bytes: bytes.count, expected: sum.bytes)
            }
            guard SHA256.hex(of: bytes) == sum.sha256 else { throw .wrongChecksum(file: file) }
            files[file] = bytes
        }
        let description = try Self.description(files[ArtifactFile.description] ?? [])
        let model = try Self.model(description, files: files)
        let digest = ArtifactDigest(files: sums.files.mapValues(\.sha256), contentHash: SHA256.hex(of: sumBytes))
        self.init(model: model, description: description, digest: digest)
    }

    private static func description(_ bytes: [UInt8]) throws(ArtifactError) -> ModelDescription {
        // The version alone first: a later format may differ in everything else.
        struct Version: Decodable {
            let format_version: Int
        }
        let version = try decoded(Version.self, from: bytes, file: ArtifactFile.description).format_version
        guard version == ModelDescription.currentFormat else {
            throw .unknownFormat(version: version, known: ModelDescription.currentFormat)
        }
        return try decoded(ModelDescription.self, from: bytes, file: ArtifactFile.description)
    }

    private static func model(
        _ description: ModelDescription, files: [String: [UInt8]]
    ) throws(ArtifactError) -> any Recommender {
        let trainer: any Trainer.Type
        let settings: Hyperparameters
        do throws(TrainingError) {
            trainer = try TrainerCatalogue.type(named: description.algorithm)
            settings = try Hyperparameters(description.parameters, for: trainer)
        } catch {
            throw .training(error)
        }
        guard description.counts.users >= 0, description.counts.items >= 0, description.counts.interactions >= 0 else {
            throw .corrupt(file: ArtifactFile.description, problem: "it counts less than nothing")
        }
        let content = ArtifactContent(
            algorithm: description.algorithm, settings: settings,
            users: try ids(ArtifactFile.users, files, count: description.counts.users),
            items: try ids(ArtifactFile.items, files, count: description.counts.items),
            interactionCount: description.counts.interactions,
            tensors: try SafeTensors.decode(files[ArtifactFile.tensors] ?? [], file: ArtifactFile.tensors))
        return try trainer.restore(content)
    }

    private static func ids(
        _ file: String, _ files: [String: [UInt8]], count: Int
    ) throws(ArtifactError) -> IDTable {
        let ids = try decoded([String].self, from: files[file] ?? [], file: file)
        guard ids.count == count else {
            throw .corrupt(file: file, problem: "it has \(ids.count) ids where model.json counts \(count)")
        }
        let table = IDTable(ids)
        guard table.all == ids else {
            throw .corrupt(file: file, problem: "its ids repeat or are out of order")
        }
        return table
    }

    private static func decoded<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], file: String
    ) throws(ArtifactError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .corrupt(file: file, problem: "it is no JSON of the expected form")
        }
    }

    private static func bytes(of file: String, in folder: String) throws(ArtifactError) -> [UInt8] {
        let path = "\(folder)/\(file)"
        guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(folder: folder, file: file) }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let size = (attributes[.size] as? NSNumber)?.intValue ?? .max
            let limit = limits[file] ?? 0
            if size > limit { throw ArtifactError.tooLarge(file: file, bytes: size, limit: limit) }
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch let error as ArtifactError {
            throw error
        } catch {
            throw .cannotRead(path: path, problem: error.localizedDescription)
        }
    }
}
