import Foundation
import Scheduling
import TestKit
import Testing
import Transfer

@testable import Stack

/// A whole stack whose models live in a bucket.
struct BucketStackTests {
    private static func configuration(_ folder: String, _ server: BucketServer) -> Configuration {
        var configuration = RunningStack.configuration(folder)
        configuration.project.artifacts = .init(place: "s3://\(BucketServer.bucket)/p", endpoint: server.url)
        configuration.environment = ["AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"]
        return configuration
    }

    @Test func `models go to the bucket and are served from there, also after a start with an empty cache`()
        async throws
    {
        let server = try BucketServer()
        try await RunningStack.withDataset { folder in
            var configuration = Self.configuration(folder, server)
            let done = try await RunningStack.replay(configuration, until: "2024-07-18")
            #expect(done.versions > 0)
            #expect(server.keys.filter { $0.hasSuffix("/artifacts/model.json") }.count == done.versions)
            #expect(!server.keys.contains { $0.contains("/pending/") })
            #expect(try FileManager.default.contentsOfDirectory(atPath: configuration.home.artifacts).isEmpty)
            try FileManager.default.removeItem(atPath: configuration.home.cache)
            configuration.until = "2024-07-23"
            try await RunningStack.run(configuration) { stack in
                #expect(try await stack.recommendations("1").model.version == done.versions)
                // A store that fails later leaves what answers in its place, and the day says why it failed.
                server.suffer(Array(repeating: .status(403, code: "AccessDenied"), count: 1_000), on: "p/")
                _ = try await stack.step()
                #expect(try await stack.recommendations("1").model.version == done.versions)
                server.recover()
                let before = server.keys.filter { $0.hasSuffix("/model.json") }
                _ = try await stack.client.post("/api/v1/replay", ["action": "reset"])
                // The story begins again with its first model.
                #expect(before.count > 1 && server.keys.filter { $0.hasSuffix("/model.json") }.count <= 1)
            }
        }
    }

    @Test func `a prefix that belongs to another home is refused`() async throws {
        let server = try BucketServer()
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(Self.configuration(folder, server)) { _ in }
            var other = RunningStack.configuration(folder, home: "other")
            let first = Self.configuration(folder, server)
            (other.project, other.environment) = (first.project, first.environment)
            await #expect(
                throws: StackError.placeOfAnotherHome(place: "s3://models/p at \(server.url)", key: "p/.mlstack/home")
            ) { try await RunningStack.run(other) { _ in } }
            try await RunningStack.run(first) { _ in }
        }
    }

    @Test func `a bucket that cannot be used stops the start with the reason, and doctor says the same`() async throws {
        let server = try BucketServer()
        try await RunningStack.withDataset { folder in
            let configuration = Self.configuration(folder, server)
            server.suffer(Array(repeating: .status(403, code: "InvalidAccessKeyId"), count: 10), on: "/models")
            await #expect(throws: BucketError.unknownKey(keyID: "key", server: server.url)) {
                try await RunningStack.run(configuration) { _ in }
            }
            try Data("artifacts: {place: \"s3://models/p\", endpoint: \"\(server.url)\"}\n".utf8)
                .write(to: URL(filePath: configuration.home.projectFile))
            let doctor = Doctor(home: configuration.home, port: 0, environment: configuration.environment)
            let finding = try #require(await doctor.examine().first { $0.subject == "artifacts" })
            #expect(!finding.isWell && finding.text.contains("does not know the access key key"), "\(finding.text)")
            #expect(finding.remedy?.contains("AWS_ACCESS_KEY_ID") == true)
            // To look is not to move in.
            let other = Home(folder + "/other")
            try other.prepare()
            try Data("artifacts: {place: \"s3://models/p\", endpoint: \"\(server.url)\"}\n".utf8)
                .write(to: URL(filePath: other.projectFile))
            server.recover()
            let look = await Doctor(home: other, port: 0, environment: configuration.environment).examine()
            #expect(look.contains { $0.subject == "artifacts" && $0.isWell })
            #expect(!FileManager.default.fileExists(atPath: other.bucketID))
            #expect(server.keys.isEmpty)
            let without = Doctor(home: configuration.home, port: 0, environment: [:])
            #expect(await without.examine().contains { $0.text.contains("AWS_SECRET_ACCESS_KEY") })
        }
    }
}
