import Foundation
import Scheduling
import Testing

@testable import Stack

/// What a start says of the pipelines.
struct BannerTests {
    private static func banner(_ texts: [String: String]) async throws -> Banner {
        var banner: Banner?
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try configuration.home.prepare()
            // A project chooses its own pipelines.
            try "pools: {}\n".write(toFile: configuration.home.projectFile, atomically: true, encoding: .utf8)
            for (name, text) in texts {
                try text.write(
                    toFile: "\(configuration.home.pipelines)/\(name).yaml", atomically: true, encoding: .utf8)
            }
            try await RunningStack.run(configuration) { banner = $0.banner }
        }
        return try #require(banner)
    }

    @Test func `it names the pipeline that there is, and when that one runs`() async throws {
        let none = try await Self.banner([:])
        #expect(none.pipelines.isEmpty)
        let byHand = try await Self.banner(["mine": "pipeline: mine\ntasks: {a: {run: echo}}"])
        #expect(byHand.pipelines.map(\.next) == [.never])
        #expect(byHand.pipelines.first?.path.hasSuffix("/mine.yaml") == true)
        let ofTheDays = try await Self.banner([
            "a": "pipeline: a\ntasks: {a: {run: echo}}",
            "b": "pipeline: b\ntriggers: [{cron: '@daily', clock: replay}]\ntasks: {a: {run: echo}}",
        ])
        #expect(ofTheDays.pipelines.map(\.next) == [.replay])
    }
}
