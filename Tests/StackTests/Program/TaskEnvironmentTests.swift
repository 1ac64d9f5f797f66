import Foundation
import Testing

@testable import Stack

/// What of the environment that mlstack was started with reaches a shell task.
struct TaskEnvironmentTests {
    private static let pipeline = """
        pipeline: keys
        tasks:
          asks: {run: 'echo "key $AWS_ACCESS_KEY_ID, secret $AWS_SECRET_ACCESS_KEY"; echo "region=$AWS_REGION" >> $MLSTACK_OUTPUT'}
          last: {needs: [asks], run: "true", trigger_rule: all_done}
        """

    @Test func `without a bucket a task has the keys of whoever started it, and no log shows them`() async throws {
        try await RunningStack.withDataset(ratings: 300, days: 3) { folder in
            var configuration = RunningStack.configuration(folder)
            configuration.environment = [
                "PATH": "/usr/bin:/bin", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
            ]
            let pipelines = configuration.home.pipelines
            try FileManager.default.createDirectory(atPath: pipelines, withIntermediateDirectories: true)
            try Self.pipeline.write(toFile: pipelines + "/keys.yaml", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration) { stack in
                let started = try await stack.json("POST", "/api/v1/pipelines/keys/runs", body: #"{"params":{}}"#)
                let path = "/api/v1/pipelines/keys/runs/\(try #require(started["id"] as? String))"
                // Answers once the last task has ended.
                _ = try await stack.text("GET", path + "/tasks/last/logs?follow=true")
                #expect(try await stack.text("GET", path + "/tasks/asks/logs").contains("key AKIDEXAMPLE, secret ***"))
                let detail = try await stack.json("GET", path)
                let tasks = try #require(detail["tasks"] as? [[String: Any]], "\(detail)")
                let outputs = tasks.first { $0["id"] as? String == "asks" }?["outputs"] as? [String: String]
                #expect(outputs?["region"] == "eu-central-1")
            }
        }
    }
}
