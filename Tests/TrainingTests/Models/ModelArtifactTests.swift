import Foundation
import Testing

@testable import Training

struct ModelArtifactTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.path("model") }

    private func fit() throws -> any Recommender {
        try TrainerCatalogue.trainer(named: "als", ["factors": .int(4), "iterations": .int(2)])
            .fit(Checkerboard.matrix, workers: InlineWorkers(), monitor: FitMonitor())
    }

    private func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")))
    }

    /// Changes a file and makes its checksum right again, as somebody who means harm would.
    private func forge(_ file: String, _ change: (inout [UInt8]) throws -> Void) throws {
        var content = try bytes(file)
        try change(&content)
        try Data(content).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
        var sums = try JSONDecoder().decode(ModelArtifact.Checksums.self, from: Data(bytes(ArtifactFile.checksums)))
        sums.files[file] = ModelArtifact.Checksums(of: [file: content]).files[file]
        try JSONEncoder().encode(sums).write(to: URL(fileURLWithPath: "\(path)/\(ArtifactFile.checksums)"))
    }

    private func forgeText(_ file: String, _ old: String, _ new: String) throws {
        try forge(file) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            try #require(text.contains(old))
            bytes = Array(text.replacingOccurrences(of: old, with: new).utf8)
        }
    }

    private func forgeTensors(_ change: (inout [String: Tensor]) throws -> Void) throws {
        try forge(ArtifactFile.tensors) { bytes in
            var tensors = try SafeTensors.decode(bytes, file: "")
            try change(&tensors)
            bytes = try SafeTensors.encode(tensors)
        }
    }

    private func readError() throws -> ArtifactError {
        do {
            _ = try ModelArtifact(reading: path)
        } catch {
            #expect(error.errorDescription?.isEmpty == false && error.recoverySuggestion?.isEmpty == false)
            return error
        }
        throw Unrefused()
    }
    private struct Unrefused: Error {}

    @Test func `the same model with the same facts is the same bytes`() throws {
        let facts = ModelFacts(metrics: ["ndcg_at_10": 0.25], lineage: ["dataset": "abc", "code": "0.1.0"])
        let first = try ModelArtifact.write(try fit(), facts: facts, to: path)
        let second = try ModelArtifact.write(try fit(), facts: facts, to: folder.path("other"))
        #expect(first == second)
        for file in Self.files {
            #expect(try FileManager.default.contents(atPath: folder.path("other") + "/" + file) == Data(bytes(file)))
        }
        let read = try ModelArtifact(reading: path)
        #expect(read.description.metrics == facts.metrics)
        #expect(read.description.lineage == facts.lineage)
        #expect(read.description.seed == 0)
        let interactions = Checkerboard.matrix.interactionCount
        #expect(read.description.counts == ModelDescription.Counts(users: 40, items: 30, interactions: interactions))
    }

    @Test func `writing over an older model leaves the new one and nothing else`() throws {
        try ModelArtifact.write(try fit(), to: path)
        let hash = try ModelArtifact.write(try fit(), facts: ModelFacts(metrics: ["mrr": 1]), to: path)
        #expect(try ModelArtifact(reading: path).contentHash == hash)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == ["model"])
    }

    @Test func `a folder that cannot be written is an error that names it, and leaves nothing behind`() throws {
        let file = folder.path("file")
        try Data().write(to: URL(fileURLWithPath: file))
        #expect(throws: ArtifactError.self) { try ModelArtifact.write(try fit(), to: file + "/model") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == ["file"])
    }

    private static let files = [
        ArtifactFile.mlmodel, ArtifactFile.description, ArtifactFile.tensors, ArtifactFile.users, ArtifactFile.items,
        ArtifactFile.loader, ArtifactFile.requirements, ArtifactFile.pythonEnvironment, ArtifactFile.condaEnvironment,
        ArtifactFile.inputExample, ArtifactFile.servingExample, ArtifactFile.checksums,
    ]

    @Test(arguments: files)
    func `a missing file and a changed byte are found out`(file: String) throws {
        try ModelArtifact.write(try fit(), to: path)
        if file != ArtifactFile.checksums {
            var content = try bytes(file)
            content[content.count / 2] ^= 1
            try Data(content).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
            #expect(try readError() == .wrongChecksum(file: file))
            content.removeLast()
            try Data(content).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
            #expect(try readError() == .wrongSize(file: file, bytes: content.count, expected: content.count + 1))
        }
        try FileManager.default.removeItem(atPath: "\(path)/\(file)")
        #expect(try readError() == .missingFile(folder: path, file: file))
    }

    @Test func `a model that an older program wrote, without an example and an environment, is read`() throws {
        try ModelArtifact.write(try fit(), to: path)
        var sums = try JSONDecoder().decode(ModelArtifact.Checksums.self, from: Data(bytes(ArtifactFile.checksums)))
        for file in ArtifactFile.later {
            try FileManager.default.removeItem(atPath: "\(path)/\(file)")
            sums.files[file] = nil
        }
        try JSONEncoder().encode(sums).write(to: URL(fileURLWithPath: "\(path)/\(ArtifactFile.checksums)"))
        #expect(try ModelArtifact(reading: path).model.items.count == 30)
    }

    @Test func `another format is refused with what to do`() throws {
        try ModelArtifact.write(try fit(), to: path)
        try forgeText(ArtifactFile.description, "\"format_version\" : 1", "\"format_version\" : 2")
        #expect(try readError() == .unknownFormat(version: 2, known: 1))
    }

    @Test func `an algorithm or a setting from elsewhere is refused`() throws {
        try ModelArtifact.write(try fit(), to: path)
        try forgeText(ArtifactFile.description, "\"alpha\"", "\"alhpa\"")
        guard case .training(.unknownHyperparameter("alhpa", "als", "alpha", _)) = try readError() else {
            Issue.record("the misspelt setting was not named")
            return
        }
        try forgeText(ArtifactFile.description, "\"algorithm\" : \"als\"", "\"algorithm\" : \"xyz\"")
        guard case .training(.unknownAlgorithm("xyz", nil, _)) = try readError() else {
            Issue.record("the unknown algorithm was not named")
            return
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `a value that is not finite is refused`(value: Float) throws {
        try ModelArtifact.write(try fit(), to: path)
        try forgeTensors { tensors in
            guard case .float32(var values) = try #require(tensors["item_factors"]).values else { return }
            values[7] = value
            tensors["item_factors"]?.values = .float32(values)
        }
        #expect(try readError() == .nonFinite(tensor: "item_factors"))
    }

    @Test func `a wrong shape and a missing tensor are refused`() throws {
        try ModelArtifact.write(try fit(), to: path)
        try forgeTensors { $0["item_factors"]?.shape = [4, 30] }
        #expect(try readError() == .wrongShape(tensor: "item_factors", found: "[4, 30]", expected: "[30, 4]"))
        try forgeTensors { $0["item_factors"] = nil }
        #expect(try readError() == .missingTensor("item_factors"))
    }

    @Test func `interactions that point outside the catalogue are refused`() throws {
        try ModelArtifact.write(try fit(), to: path)
        try forgeTensors { tensors in
            guard case .int32(var values) = try #require(tensors["seen_items"]).values else { return }
            values[values.count - 1] = 30
            tensors["seen_items"]?.values = .int32(values)
        }
        guard case .corrupt(ArtifactFile.tensors, _) = try readError() else {
            Issue.record("an item beyond the catalogue got in")
            return
        }
    }

    @Test func `ids that repeat, are out of order or too few are refused`() throws {
        for (old, new) in [("\"3\"", "\"2\""), ("\"3\"", "\"300\""), (",\n  \"3\"", "")] {
            try ModelArtifact.write(try fit(), to: path)
            try forgeText(ArtifactFile.items, old, new)
            guard case .corrupt(ArtifactFile.items, _) = try readError() else {
                Issue.record("\(old) -> \(new) got in")
                return
            }
        }
    }

    @Test func `a file of absurd size is not read`() throws {
        try ModelArtifact.write(try fit(), to: path)
        try Data(count: 1 << 17).write(to: URL(fileURLWithPath: "\(path)/\(ArtifactFile.checksums)"))
        #expect(try readError() == .tooLarge(file: ArtifactFile.checksums, bytes: 1 << 17, limit: 1 << 16))
    }
}
