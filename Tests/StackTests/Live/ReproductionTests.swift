import Foundation
import TestKit
import Testing
import Training

@testable import Stack

/// Training a version again from its lineage, over the real HTTP surface.
struct ReproductionTests {
    private func reproduce(_ version: Int, _ stack: RunningStack) async throws -> Answers.Reproduction {
        try StackClient.decode(try await stack.client.post("/api/v1/models/movies/versions/\(version)/reproduce"))
    }

    /// Expects a refusal that says this.
    private func expectRefusal(of version: Int, says: String, _ stack: RunningStack) async throws {
        do {
            _ = try await reproduce(version, stack)
            Issue.record("version \(version) was not refused")
        } catch StackError.serverAnswered(let status, let message, let remedy) {
            #expect(status == 409 && message.contains(says) && !remedy.isEmpty, "\(status) \(message)")
        }
    }

    /// A daily pipeline whose training goes on from what is in production.
    private static func configuration(_ folder: String) throws -> Configuration {
        let configuration = RunningStack.configuration(folder)
        let file = try #require(DefaultPipelines.files.first { $0.name == "daily.yaml" })
        let warm = file.text.replacing("algorithm: als,", with: "algorithm: als, warm_start: production,")
            .replacing("needs: [train_als, train_popularity]", with: "needs: [train_als]")
        #expect(warm != file.text)
        try FileManager.default.createDirectory(atPath: configuration.home.pipelines, withIntermediateDirectories: true)
        try warm.write(toFile: configuration.home.pipelines + "/daily.yaml", atomically: true, encoding: .utf8)
        return configuration
    }

    @Test func `every version is made again to the byte, feedback and warm starts included`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(try Self.configuration(folder)) { stack in
                _ = try await stack.step()
                for item in try await stack.recommendations("newcomer").items.prefix(6) {
                    _ = try await stack.client.post(
                        "/api/v1/feedback", ["user": "newcomer", "item": item.item, "rating": 5])
                }
                _ = try await stack.step(2)
                // Given to no day yet: no version has learned it.
                _ = try await stack.client.post("/api/v1/feedback", ["user": "newcomer", "item": "1", "rating": 1])
                let versions = try await stack.movies().versions
                #expect(versions.count == 4)
                for version in versions {
                    let answer = try await reproduce(version.version, stack)
                    #expect(answer.equal && answer.differingFiles.isEmpty, "\(answer)")
                    #expect(answer.contentHash == answer.reproducedHash && answer.contentHash.count == 64)
                }
                _ = try await http(stack).send(
                    "DELETE", "/api/2.0/mlflow/model-versions/delete", headers: [("Content-Type", "application/json")],
                    body: Array(#"{"name":"movies","version":"2"}"#.utf8))
                try await expectRefusal(of: 3, says: "is not in the registry any more", stack)
                #expect(try await reproduce(4, stack).equal)
            }
        }
    }

    private func http(_ stack: RunningStack) -> HTTPClient { HTTPClient(port: URL(string: stack.url)?.port ?? 0) }

    @Test func `a version that cannot be trained as it was is refused with the reason`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let upload = UploadedModel(stack)
                let datasets = try await stack.client.get("/api/v1/datasets", as: Answers.Datasets.self).datasets
                let hash = try #require(datasets.first { $0.active }).contentHash
                let recipe =
                    #"{"holdout_share":0.2,"holdout_users":0.1,"min_item_interactions":1,"min_user_interactions":1,"#
                    + #""seed":7,"until":1721000000000}"#
                let whole = [
                    "dataset": "data", "dataset_hash": hash, "matrix_recipe": recipe, "matrix_hash": "another",
                    "code_version": Version.current,
                ]
                for (changes, says) in [
                    (["matrix_recipe": ""], "does not say how its matrix was built"),
                    (["code_version": "0.0.1"], "trained by mlstack 0.0.1"),
                    (["dataset_hash": "0123456789abcdef"], "(0123456789ab); this home replays"),
                    (["warm_start": "beef"], "is not in the registry any more"), ([:], "another matrix now"),
                ] {
                    let lineage = whole.merging(changes) { $1 }
                    let version = try await upload.register(try Self.files(lineage, folder))
                    try await expectRefusal(of: version, says: says, stack)
                }
                let foreign = try await upload.register([
                    "mlstack.json": Array(#"{"mlstack_format":"factors"}"#.utf8)
                ])
                try await expectRefusal(of: foreign, says: "was not trained by mlstack", stack)
                await #expect(throws: StackError.self) { try await reproduce(99, stack) }
            }
        }
    }

    /// A model of the dataset with a lineage that a test has made up.
    private static func files(_ lineage: [String: String], _ folder: String) throws -> [String: [UInt8]] {
        let path = folder + "/model"
        let matrix = try InteractionMatrix(
            readingRatings: folder + "/data", options: ReadOptions(), workers: InlineWorkers())
        let model = try TrainerCatalogue.trainer(named: "popularity").fit(
            matrix, workers: InlineWorkers(), monitor: FitMonitor())
        try ModelArtifact.write(model, facts: ModelFacts(lineage: lineage), to: path)
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
            if !isFolder.boolValue { files[name] = Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)"))) }
        }
        return files
    }
}
