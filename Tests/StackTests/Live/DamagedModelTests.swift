import Foundation
import TestKit
import Testing

@testable import Stack
@testable import Training

/// Versions that mlstack trained and that something happened to, over the real HTTP surface.
struct DamagedModelTests {
    @Test func `a damaged version is refused with its fault, and the former one goes on answering`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let upload = UploadedModel(stack)
                let good = try await stack.recommendations("1")
                let whole = try await files(of: good.model.version, stack)
                let tensors = ArtifactFile.tensors

                func refused(_ files: [String: [UInt8]], sparse: [String: Int] = [:], says: String) async throws {
                    let (status, refusal) = try await upload.promote(try await upload.register(files, sparse: sparse))
                    #expect(status == 409)
                    #expect(refusal?.message.contains(says) == true, "\(refusal?.message ?? "no refusal")")
                    let answer = try await stack.recommendations("1")
                    #expect(answer.model.version == good.model.version && answer.items.count == good.items.count)
                }

                var files = whole
                files[tensors] = whole[tensors].map { Array($0.dropLast(100)) }
                try await refused(files, says: "bytes where")
                files = whole
                files[tensors]?[5000] ^= 1
                try await refused(files, says: "SHA-256 differs")
                files = whole
                files[ArtifactFile.users] = nil
                try await refused(files, says: "lacks `users.json`")
                try await refused(
                    whole.filter { $0.key != tensors }, sparse: [tensors: 1 << 40], says: "more than")
                // With a checksum that is right, as somebody who means harm would make it.
                var changed = try SafeTensors.decode(try #require(whole[tensors]), file: tensors)
                for (name, tensor) in changed {
                    guard case .float32(let values) = tensor.values else { continue }
                    changed[name]?.values = .float32([Float](repeating: .nan, count: values.count))
                }
                files = whole
                files[tensors] = try SafeTensors.encode(changed)
                files[ArtifactFile.checksums] = nil
                files[ArtifactFile.checksums] = Array(try JSONEncoder().encode(ModelArtifact.Checksums(of: files)))
                try await refused(files, says: "not a finite number")
                // And the same files unharmed are as good as ever.
                let again = try await upload.register(whole)
                #expect(try await upload.promote(again).status == 200)
                #expect(try await stack.recommendations("1").items.map(\.item) == good.items.map(\.item))
            }
        }
    }

    @Test func `a version that could not be loaded is told until another load succeeds`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step()
                let upload = UploadedModel(stack)
                var files = try await files(of: 2, stack)
                #expect(try await stack.serving().lastLoadError == nil)
                files[ArtifactFile.tensors]?[5000] ^= 1
                #expect(try await upload.promote(try await upload.register(files)).status == 409)
                let told = try #require(try await stack.serving().lastLoadError)
                #expect(told.version == 3 && told.message.contains("SHA-256 differs"))
                #expect(told.remedy.contains("`mlstack model rollback movies`"))
                #expect(
                    try await stack.client.get("/readyz").contains(#""last_load_error":{"model":"movies","version":3"#))

                let wrong = try #require(await Doctor(home: stack.home, port: 0).examine().first { !$0.isWell })
                #expect(wrong.subject == "production" && wrong.text.contains("SHA-256 differs"))
                #expect(wrong.remedy?.contains("`mlstack model rollback movies`") == true)

                // The version that answers all the while is the one that the rollback names.
                _ = try await stack.client.post("/api/v1/models/movies/rollback")
                #expect(try await stack.serving().lastLoadError == nil)
                #expect(await Doctor(home: stack.home, port: 0).examine().allSatisfy(\.isWell))

                #expect(try await upload.promote(3).status == 409)
                #expect(try await stack.serving().lastLoadError != nil)
                _ = try await stack.client.post("/api/v1/models/movies/promote", ["version": 1])
                #expect(try await stack.serving().lastLoadError == nil)

                // And so do an alias and a version that go.
                for request in [
                    ("registered-models/alias", #"{"name":"movies","alias":"production"}"#),
                    ("model-versions/delete", #"{"name":"movies","version":"3"}"#),
                ] {
                    #expect(try await upload.promote(3).status == 409)
                    #expect(try await stack.serving().lastLoadError != nil)
                    #expect(try await upload.delete(request.0, request.1) == 200)
                    #expect(try await stack.serving().lastLoadError == nil)
                }
            }
        }
    }

    @Test func `a start whose production version is damaged says so wherever an answer is asked for`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step()
                let upload = UploadedModel(stack)
                let files = try await files(of: 2, stack).filter { $0.key != ArtifactFile.users }
                #expect(try await upload.promote(try await upload.register(files)).status == 409)
            }
            try await RunningStack.run(configuration) { stack in
                for path in ["/readyz", "/ping", "/api/v1/recommendations/1"] {
                    do {
                        _ = try await stack.client.get(path)
                        Issue.record("\(path) answered")
                    } catch let error as StackError {
                        let text = ErrorText(error)
                        #expect(
                            text.what.contains("version 3 of movies") && text.what.contains("lacks `users.json`"))
                        #expect(text.remedy?.contains("`mlstack model rollback movies`") == true)
                    }
                }
                let status = try await stack.client.get("/api/v1/status", as: Answers.Status.self).serving
                #expect(status.model == nil && status.lastLoadError?.version == 3)
                _ = try await stack.client.post("/api/v1/models/movies/rollback")
                #expect(try await stack.recommendations("1").model.version == 2)
                #expect(try await stack.serving().lastLoadError == nil)
            }
        }
    }

    private struct Version: Decodable {
        struct Content: Decodable { let modelId: String }
        let modelVersion: Content
    }

    /// By their path in the model's folder.
    private func files(of version: Int, _ stack: RunningStack) async throws -> [String: [UInt8]] {
        let model = try await stack.client.get(
            "/api/2.0/mlflow/model-versions/get?name=movies&version=\(version)", as: Version.self
        ).modelVersion.modelId
        let experiment = try FileManager.default.contentsOfDirectory(atPath: stack.home.artifacts).first {
            FileManager.default.fileExists(atPath: "\(stack.home.artifacts)/\($0)/models/\(model)")
        }
        let folder = "\(stack.home.artifacts)/\(try #require(experiment))/models/\(model)/artifacts"
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name != "code" {
            files[name] = Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        }
        return files
    }
}
