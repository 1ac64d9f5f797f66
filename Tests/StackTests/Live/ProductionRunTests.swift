import Foundation
import Registry
import Scheduling
import Storage
import TestKit
import Testing

@testable import Stack

/// Which tracked runs research cannot touch.
struct ProductionRunTests {
    private static let pipeline = """
        pipeline: quiet
        environment: production
        tasks:
          tell: {uses: notify, with: {message: done}}
        """

    @Test func `a production run whose tasks log nothing is production's all the same`() async throws {
        try await RunningStack.withDataset(ratings: 300, days: 3) { folder in
            let configuration = RunningStack.configuration(folder)
            let pipelines = configuration.home.pipelines
            try FileManager.default.createDirectory(atPath: pipelines, withIntermediateDirectories: true)
            try Self.pipeline.write(toFile: pipelines + "/quiet.yaml", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration) { stack in
                let started = try await stack.json("POST", "/api/v1/pipelines/quiet/runs", body: #"{"params":{}}"#)
                let path = "/api/v1/pipelines/quiet/runs/\(try #require(started["id"] as? String))"
                // Answers once the task has ended.
                _ = try await stack.text("GET", path + "/tasks/tell/logs?follow=true")
                let experiment = try await stack.json(
                    "GET", "/api/2.0/mlflow/experiments/get-by-name?experiment_name=quiet")
                let id = try #require((experiment["experiment"] as? [String: Any])?["experiment_id"] as? String)
                let found = try await stack.text(
                    "POST", "/api/2.0/mlflow/runs/search",
                    body:
                        #"{"experiment_ids":["\#(id)"],"filter":"tags.`mlstack.environment` = 'production'"}"#)
                #expect(found.contains("mlstack.pipeline_run"), "\(found)")
            }
        }
    }

    @Test func `a tracked run that was made before its environment was known gets it`() async throws {
        try await StorageFixture.withFolder { folder in
            let store = try SQLiteStore(path: folder + "/mlstack.db", now: { Instant(seconds: 1) })
            let tracked = TrackedRuns(store: store)
            let run = DAGRun(
                id: "quiet-1", pipelineID: "quiet", pipelineVersion: "v1", cause: .manual, clock: .wall,
                logicalDate: Instant(seconds: 0),
                dataInterval: DataInterval(start: Instant(seconds: 0), end: Instant(seconds: 0)), params: [:],
                state: .running, createdAt: Instant(seconds: 0))
            #expect(try await tracked.ensure(run, nil).tags["mlstack.environment"] == nil)
            _ = try await tracked.ensure(run, .production)
            #expect(try await tracked.ensure(run, nil).tags["mlstack.environment"] == "production")
            try store.close()
        }
    }
}
