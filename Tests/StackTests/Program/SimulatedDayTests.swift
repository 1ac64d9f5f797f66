import Foundation
import TestKit
import Testing

@testable import Stack

/// What a person sees who starts the stack and lets days go by, over the real HTTP surface.
struct SimulatedDayTests {
    @Test func `one day goes from ratings to recommendations of a production model`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let clock = try await stack.step()
                #expect(clock.day == 1)

                let people = try await stack.client.get("/api/v1/users?limit=1", as: People.self)
                let person = try #require(people.users.first)
                let answer = try await stack.recommendations(person.user)
                #expect(answer.known)
                #expect(answer.model.version == 2)
                #expect(answer.items.count == 10)
                #expect(answer.items.allSatisfy { $0.title?.isEmpty == false })

                let runs = try await stack.client.get("/api/v1/pipelines/daily/runs", as: Answers.Runs.self).runs
                // The first run learns what is there before the first simulated day.
                #expect(runs.map(\.state) == ["success", "success"])
                let model = try await stack.movies()
                #expect(model.versions.map(\.version) == [2, 1])
                #expect(model.versions.map(\.aliases) == [["production"], []])
            }
        }
    }

    @Test func `a replay from the very first day on begins without a failure`() async throws {
        try await RunningStack.withDataset { folder in
            var configuration = RunningStack.configuration(folder)
            configuration.history = 0
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step(4)
                let runs = try await stack.client.get("/api/v1/pipelines/daily/runs", as: Answers.Runs.self).runs
                #expect(runs.map(\.state) == Array(repeating: "success", count: 5))
                let answer = try await stack.recommendations("1")
                #expect(answer.items.count == 10)
            }
        }
    }

    @Test func `production is tested on each new day, beside popularity`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step(3)
                let curve = try await stack.client.get("/api/v1/quality", as: Quality.self).points
                #expect(curve.count == 3)
                #expect(curve.allSatisfy { $0.production != nil && $0.popularity != nil })
                #expect(curve.allSatisfy { $0.decayedPopularity != nil })
                #expect(curve.map { $0.running["ndcg_at_10"]?.standardError == nil } == [true, false, false])
            }
        }
    }

    @Test func `each day's drift is told, and is still there after a restart`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            var before: [Drift.Point] = []
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step(3)
                before = try await stack.client.get("/api/v1/drift", as: Drift.self).points
                // The day before the first simulated one is there too: the first run tells of it.
                #expect(before.count == 4)
                #expect(before.allSatisfy { $0.ratings > 0 && $0.itemPsi != nil && $0.activityPsi != nil })
                let last = try await stack.client.get("/api/v1/drift?days=1", as: Drift.self).points
                #expect(last == [before[3]])
                let runs = try await stack.client.get("/api/v1/pipelines/daily/runs", as: Answers.Runs.self).runs
                let model = try await stack.client.get("/api/v1/models/movies")
                #expect(runs.count == 4)
                #expect(model.contains("drift/item_psi"))
            }
            try await RunningStack.run(configuration) { stack in
                let after = try await stack.client.get("/api/v1/drift", as: Drift.self).points
                #expect(after == before)
            }
        }
    }

    @Test func `a version that does not say what it has learned is not tested`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let body = #"{"name": "movies", "version": "2", "key": "mlstack.simulated_date"}"#
                let answer = try await HTTPClient(port: URL(string: stack.url)?.port ?? 0).send(
                    "DELETE", "/api/2.0/mlflow/model-versions/delete-tag",
                    headers: [("content-type", "application/json")], body: Array(body.utf8))
                #expect(answer.status == 200)
                _ = try await stack.step()
                // The first version says, and takes the test in the second's place.
                let run = try #require(
                    try await stack.client.get("/api/v1/pipelines/daily/runs", as: Answers.Runs.self).runs.first)
                let log = try await stack.client.get(
                    "/api/v1/pipelines/daily/runs/\(run.id)/tasks/test_production/logs")
                #expect(log.contains("version 1 on"))
            }
        }
    }

    @Test func `feedback of today is part of tomorrow's training`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let items = try await stack.recommendations("newcomer").items
                #expect(try await stack.recommendations("newcomer").known == false)
                for item in items.prefix(3) {
                    _ = try await stack.client.post(
                        "/api/v1/feedback", ["user": "newcomer", "item": item.item, "rating": 5, "id": item.item])
                }
                _ = try await stack.step()
                let answer = try await stack.recommendations("newcomer")
                #expect(answer.known)
                #expect(Set(answer.items.map(\.item)).isDisjoint(with: items.prefix(3).map(\.item)))
            }
        }
    }

    @Test func `rolling back changes who answers, and the next day goes on`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                _ = try await stack.client.post("/api/v1/models/movies/rollback")
                #expect(try await stack.recommendations("1").model.version == 1)
                _ = try await stack.client.post("/api/v1/models/movies/promote", ["version": 2])
                #expect(try await stack.recommendations("1").model.version == 2)
                _ = try await stack.step()
                #expect(try await stack.recommendations("1").model.version == 3)
            }
        }
    }

    @Test func `a task that fails ends its run, and the days go on`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try FileManager.default.createDirectory(
                atPath: configuration.home.pipelines, withIntermediateDirectories: true)
            try """
            pipeline: nightly
            triggers:
              - {cron: "@daily", clock: replay}
            tasks:
              breaks: {run: "echo about to break; exit 3"}
            """.write(toFile: configuration.home.pipelines + "/nightly.yaml", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration) { stack in
                #expect(try await stack.step(2).day == 2)
                // The days' own pipelines came to the home all the same.
                let answer = try await stack.recommendations("1")
                #expect(answer.model.version == 3)
                let run = try #require(
                    try await stack.client.get("/api/v1/pipelines/nightly/runs", as: Answers.Runs.self).runs.first)
                #expect(run.state == "failed")
                let log = try await stack.client.get("/api/v1/pipelines/nightly/runs/\(run.id)/tasks/breaks/logs")
                #expect(log.contains("about to break"))
                #expect(log.contains("3"))
            }
        }
    }

    @Test func `the pipeline's run is a tracked run with its lineage, for MLflow's client too`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let version = try await stack.client.get("/api/2.0/mlflow/model-versions/get?name=movies&version=1")
                let runID = try #require(version.firstMatch(of: /"run_id": ?"([0-9a-f]{32})"/)?.1)
                let run = try await stack.client.get("/api/2.0/mlflow/runs/get?run_id=\(runID)")
                for fact in ["FINISHED", "mlstack.code_version", "seed", "matrix_hash", "ndcg_at_10", "factors"] {
                    #expect(run.contains(fact), "\(fact)")
                }
            }
        }
    }

    private struct People: Decodable {
        struct Person: Decodable { let user: String }
        let users: [Person]
    }

    private struct Drift: Decodable {
        struct Point: Decodable, Equatable {
            struct Alert: Decodable, Equatable { let measure: String, value, limit: Double }
            let date: String
            let ratings: Double
            let itemPsi, activityPsi: Double?
            let alerts: [Alert]
        }
        let points: [Point]
    }

    private struct Quality: Decodable {
        struct Point: Decodable {
            struct Running: Decodable { let mean: Double, standardError: Double? }
            let production, popularity, decayedPopularity: Double?
            let running: [String: Running]
        }
        let points: [Point]
    }
}
