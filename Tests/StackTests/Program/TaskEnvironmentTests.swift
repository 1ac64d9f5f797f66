import Foundation
import Testing

@testable import Stack

/// What of the environment that mlstack was started with reaches a shell task.
struct TaskEnvironmentTests {
    private static let pipeline = """
        pipeline: keys
        tasks:
          plain: {run: 'echo "region=$AWS_REGION" >> $MLSTACK_OUTPUT; echo "set=${AWS_ACCESS_KEY_ID-no}${AWS_SECRET_ACCESS_KEY-no}${AWS_SESSION_TOKEN-no}" >> $MLSTACK_OUTPUT'}
          asks:
            run: 'echo "key $AWS_ACCESS_KEY_ID, secret $AWS_SECRET_ACCESS_KEY"; echo "length=${#AWS_SECRET_ACCESS_KEY}" >> $MLSTACK_OUTPUT'
            env: {AWS_ACCESS_KEY_ID: "${env.AWS_ACCESS_KEY_ID}", AWS_SECRET_ACCESS_KEY: "${env.AWS_SECRET_ACCESS_KEY}"}
          last: {needs: [plain, asks], run: "true", trigger_rule: all_done}
        """

    @Test func `the keys of a bucket reach the task that asks for them, and no log`() async throws {
        try await RunningStack.withDataset(ratings: 300, days: 3) { folder in
            var configuration = RunningStack.configuration(folder)
            configuration.environment = [
                "PATH": "/usr/bin:/bin", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_SESSION_TOKEN": "passing",
            ]
            let pipelines = configuration.home.pipelines
            try FileManager.default.createDirectory(atPath: pipelines, withIntermediateDirectories: true)
            try Self.pipeline.write(toFile: pipelines + "/keys.yaml", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration) { stack in
                let started = try await stack.json("POST", "/api/v1/pipelines/keys/runs", body: #"{"params":{}}"#)
                let path = "/api/v1/pipelines/keys/runs/\(try #require(started["id"] as? String))"
                // Answers once the last task has ended.
                _ = try await stack.text("GET", path + "/tasks/last/logs?follow=true")
                let detail = try await stack.json("GET", path)
                let tasks = try #require(detail["tasks"] as? [[String: Any]], "\(detail)")
                func output(_ key: String, of task: String) -> String? {
                    (tasks.first { $0["id"] as? String == task }?["outputs"] as? [String: String])?[key]
                }
                let log = try await stack.text("GET", path + "/tasks/asks/logs")
                #expect(log.contains("key AKIDEXAMPLE, secret ***"))
                #expect(output("length", of: "asks") == "13")
                #expect(output("set", of: "plain") == "nonono")
                #expect(output("region", of: "plain") == "eu-central-1")
            }
        }
    }
}
