import Registry
import Scheduling
import Storage
import Synchronization
import TestKit
import Testing

@testable import Serving

/// What a plain MLflow client can do to production when it runs in a shell task of a research run.
@Suite struct ResearchFaceTests {
    private static let face = "/research/api/2.0/mlflow/"

    /// A model with one version made by a production run, which its alias names, and one made by nobody in particular.
    private static func withProduction(
        _ body: @Sendable (_ world: MLflowWorld, _ runID: String) async throws -> Void
    ) async throws {
        try await MLflowWorld.run { world in
            let run = try await world.store.createRun(
                RunRequest(
                    experimentID: "0", startTimeMilliseconds: 1, tags: [ProductionGuard.tag: ProductionGuard.production]
                ))
            for name in ["model/weights.bin", "model/MLmodel"] {
                let path = "/api/2.0/mlflow-artifacts/artifacts/0/\(run.id)/artifacts/\(name)"
                #expect(try await world.raw("PUT", path, [], [1, 2, 3]).status == 200)
            }
            _ = try await world.store.createRegisteredModel(name: "m", description: "", tags: [:])
            for _ in 1...2 {
                _ = try await world.store.createVersion(
                    ModelVersionRequest(name: "m", source: "runs:/\(run.id)/model", runID: run.id))
            }
            try await world.store.setAlias("production", to: 1, of: "m", actor: "test", reason: "")
            try await body(world, run.id)
        }
    }

    @Test(arguments: [
        ("POST", "registered-models/alias", #"{"name":"m","alias":"production","version":"2"}"#),
        ("DELETE", "registered-models/alias", #"{"name":"m","alias":"production"}"#),
        (
            "POST", "model-versions/transition-stage",
            #"{"name":"m","version":"2","stage":"Production","archive_existing_versions":true}"#
        ),
        ("POST", "model-versions/transition-stage", #"{"name":"m","version":"1","stage":"Archived"}"#),
        ("DELETE", "model-versions/delete", #"{"name":"m","version":"1"}"#),
        ("DELETE", "model-versions/delete", #"{"name":"m","version":"2"}"#),
        ("DELETE", "registered-models/delete", #"{"name":"m"}"#),
        (
            "POST", "model-versions/set-tag",
            #"{"name":"m","version":"1","key":"mlstack.environment","value":"research"}"#
        ),
        ("POST", "runs/set-tag", #"{"run_id":"RUN","key":"mlstack.environment","value":"research"}"#),
        ("POST", "runs/log-metric", #"{"run_id":"RUN","key":"a","value":1,"timestamp":1}"#),
        ("POST", "runs/delete", #"{"run_id":"RUN"}"#),
        ("POST", "experiments/delete", #"{"experiment_id":"0"}"#),
    ])
    func `research cannot move or change what is production's`(
        method: String, path: String, body: String
    ) async throws {
        try await Self.withProduction { world, run in
            let text = body.replacing("RUN", with: run)
            let answer = try await world.raw(
                method, Self.face + path, [("Content-Type", "application/json")], Array(text.utf8))
            #expect(answer.status == 403, "\(answer.text)")
            #expect(answer.text.contains("PERMISSION_DENIED"))
            #expect(answer.text.contains("environment: production"))
            #expect(answer.text.contains("mlstack pipeline apply"))
            #expect(try await world.store.version(alias: "production", of: "m").version == 1)
            #expect(try await world.store.run(id: run).tags[ProductionGuard.tag] == ProductionGuard.production)
        }
    }

    @Test(arguments: ["artifacts/model/weights.bin", "artifacts/model", "artifacts", ""])
    func `research cannot overwrite or remove artefacts of production`(below: String) async throws {
        try await Self.withProduction { world, run in
            let root = "/research/api/2.0/mlflow-artifacts/artifacts/0/\(run)"
            let path = below.isEmpty ? root : "\(root)/\(below)"
            #expect(try await world.raw("DELETE", path).status == 403)
            #expect(try await world.raw("PUT", path, [], [9]).status == 403)
            let kept = try await world.raw("GET", "\(root)/artifacts/model/weights.bin")
            #expect(kept.status == 200 && kept.body == [1, 2, 3])
        }
    }

    @Test func `research logs, uploads and registers its own, which says so`() async throws {
        try await Self.withProduction { world, _ in
            let json = [("Content-Type", "application/json")]
            let made = try await world.raw(
                "POST", Self.face + "runs/create", json, Array(#"{"experiment_id":"0"}"#.utf8))
            let run = try #require(try JSONParser.parse(made.text).at("run.info.run_id")?.string)
            let artifacts = "/research/api/2.0/mlflow-artifacts/artifacts/0/\(run)/artifacts"
            #expect(try await world.raw("PUT", artifacts + "/model/w.bin", [], [7]).status == 200)
            let version = try await world.raw(
                "POST", Self.face + "model-versions/create", json,
                Array(#"{"name":"m","source":"runs:/\#(run)/model","run_id":"\#(run)"}"#.utf8))
            #expect(version.status == 200, "\(version.text)")
            #expect(try await world.store.version(3, of: "m").tags[ProductionGuard.tag] == ProductionGuard.research)
            #expect(try await world.store.run(id: run).tags[ProductionGuard.tag] == ProductionGuard.research)
            let alias = try await world.raw(
                "POST", Self.face + "registered-models/alias", json,
                Array(#"{"name":"m","alias":"candidate","version":"3"}"#.utf8))
            #expect(alias.status == 200, "\(alias.text)")
            #expect(try await world.raw("DELETE", artifacts).status == 200)
        }
    }

    @Test func `a model that is called a prompt is protected as any other`() async throws {
        try await Self.withProduction { world, _ in
            let json = [("Content-Type", "application/json")]
            // Searches leave prompts out, and one version with that tag makes its model one.
            let made = try await world.raw(
                "POST", Self.face + "model-versions/create", json,
                Array(
                    #"{"name":"m","source":"models:/m/1","tags":[{"key":"mlflow.prompt.is_prompt","value":"true"}]}"#
                        .utf8))
            #expect(made.status == 200, "\(made.text)")
            let gone = try await world.raw(
                "DELETE", Self.face + "registered-models/delete", json, Array(#"{"name":"m"}"#.utf8))
            #expect(gone.status == 403, "\(gone.text)")
        }
    }

    @Test func `what production serves is protected whoever made it`() async throws {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            let path = "api/2.0/mlflow-artifacts/artifacts/0/\(run)/artifacts/model/w.bin"
            #expect(try await world.raw("PUT", "/" + path, [], [1]).status == 200)
            _ = try await world.store.createVersion(
                ModelVersionRequest(name: "m", source: "runs:/\(run)/model", runID: run, createModel: true))
            #expect(try await world.raw("PUT", "/research/" + path, [], [2]).status == 200)
            try await world.store.setAlias("production", to: 1, of: "m", actor: "test", reason: "")
            #expect(try await world.raw("PUT", "/research/" + path, [], [3]).status == 403)
            #expect(try await world.raw("PUT", "/" + path, [], [4]).status == 200)
        }
    }
}

/// Orders of research to pipelines and to what all share.
@Suite struct ResearchOrderTests {
    @Test(arguments: [
        ("daily/runs", true, 403), ("daily/pause", true, 403), ("daily/runs/daily-1/cancel", true, 403),
        ("daily/runs", false, 201), ("daily/pause", false, 200),
    ])
    func `a production pipeline takes no orders from research`(
        path: String, isProduction: Bool, status: Int
    ) async throws {
        let world = World.ready
        world.orchestrator.environment.withLock { $0 = isProduction ? .production : .research }
        try await world.serve { port in
            let answer = try await HTTPClient(port: port).send("POST", "/research/api/v1/pipelines/" + path)
            #expect(answer.status == status, "\(answer.text)")
            if status == 403 { #expect(answer.text.contains("environment: production")) }
            // Without the mark, and to look at it, everybody may.
            #expect(try await HTTPClient(port: port).send("POST", "/api/v1/pipelines/daily/pause").status == 200)
            #expect(try await HTTPClient(port: port).send("GET", "/research/api/v1/pipelines/daily").status == 200)
        }
    }

    @Test(arguments: ["replay", "serving/reload", "pipelines"])
    func `what all share takes no orders from research`(path: String) async throws {
        try await World.ready.serve { port in
            let answer = try await HTTPClient(port: port).send(
                "POST", "/research/api/v1/" + path, headers: [("Content-Type", "application/json")],
                body: Array(#"{"action":"play"}"#.utf8))
            #expect(answer.status == 403, "\(answer.text)")
        }
    }
}
