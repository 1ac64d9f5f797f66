import Foundation
import TestKit
import Testing

@testable import Stack

struct WarmStartAliasTests {
    /// An alias of one's own is known to the registry alone.
    @Test func `a warm start from a misspelt alias fails once there is what was meant, and is not tried again`()
        async throws
    {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            let file = try #require(DefaultPipelines.files.first { $0.name == "daily.yaml" })
            let changed = file.text
                .replacing("warm_start: production", with: "warm_start: stagin")
                .replacing("policy: newest", with: "policy: newest, alias: staging")
            let folder = configuration.home.pipelines
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try changed.write(toFile: folder + "/daily.yaml", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration) { stack in
                // The history has been learned when the clock first stands still; then comes a day.
                _ = try await stack.step()
                // A model that does not exist yet has no alias at all.
                let first = try await training(stack, \.last)
                #expect(first.state == "success", "\(first)")
                let task = try await training(stack, \.first)
                #expect(task.state == "failed")
                #expect(task.attempt == 1)
                #expect(
                    task.message == "with.warm_start: movies has no alias `stagin`. Did you mean staging?")
            }
        }
    }

    private func training(
        _ stack: RunningStack, _ which: KeyPath<[Answers.Run], Answers.Run?>
    ) async throws -> Answers.Task {
        let runs = try await stack.client.get("/api/v1/pipelines/daily/runs", as: Answers.Runs.self).runs
        let id = try #require(runs[keyPath: which]).id
        let run = try await stack.client.get("/api/v1/pipelines/daily/runs/\(id)", as: Answers.Run.self)
        return try #require(run.tasks?.first { $0.id == "train_als" })
    }
}
