import Synchronization
import TestKit
import Testing

@testable import Serving

/// What is told of one version, and what ends it.
@Suite struct ModelVersionTests {
    @Test(arguments: [
        Scenario.get(
            "the list says what serves and, when asked, what could", "/api/v1/models?files=true", 200,
            [
                "models[0].served = true", "models[0].newest.version = 3", "models[0].newest.servable = true",
                "models[0].updated_at = 1970-01-01T00:00:00Z",
            ]),
        .get("without being asked it looks at no files", "/api/v1/models", 200, ["models[0].newest.servable = absent"]),
        .get(
            "a model's versions have sizes when asked", "/api/v1/models/movies?files=true", 200,
            [
                "versions[0].bytes = 42", "versions[0].servable = true", "versions[1].bytes = 0",
                "versions[1].servable = false", "served = true", "rollback.version = 2",
            ]),
        .get(
            "the next page begins before a version", "/api/v1/models/movies?before=3", 200,
            ["versions[0].version = 2", "versions[0].bytes = absent"]),
        .get(
            "a version tells its story", "/api/v1/models/movies/versions/3", 200,
            [
                "version = 3", "name = movies", "run.id = run3", "run.experiment_id = 0", "pipeline = daily",
                "pipeline_run = daily-1", "params.algorithm = als", "metrics.ndcg_at_10 = 0.125",
                "datasets[0].context = training", #"datasets[0].profile = {"num_rows":7}"#, "bytes = 42",
                "files[0].path = code/a b.py",
                "files[0].url = /api/2.0/mlflow-artifacts/artifacts/0/run3/artifacts/model/code/a%20b.py",
                "files[1].path = model.json", "servable = true", "logged_model = null",
                "warm_start.content_hash = cd", "warm_start.version = null", "changes[0].version = 3",
                "changes[1] = absent",
            ]),
        .get(
            "a version whose run is gone has what is left", "/api/v1/models/movies/versions/2", 200,
            ["run = null", "params = {0}", "datasets = []", "warm_start = null", "changes[1].version = 2"]),
        .get("an unknown version is not found", "/api/v1/models/movies/versions/9", 404),
        .get("a version has a number", "/api/v1/models/movies/versions/x", 422),
        .post(
            "another version is archived without a word to serving", "/api/v1/models/movies/versions/1/stage",
            #"{"stage":"archived"}"#, 200,
            ["versions[0].aliases = [\"production\"]", "aliases.production = 3", "serving.version = 3"]),
        .post(
            "a version comes to production by promotion", "/api/v1/models/movies/versions/1/stage",
            #"{"stage":"Production"}"#, 422, ["error.remedy = promote it instead."]),
        .post("a stage is one of four", "/api/v1/models/movies/versions/1/stage", #"{"stage":"best"}"#, 422),
    ])
    func `a version`(_ scenario: Scenario) async throws { try await scenario.check() }

    @Test func `archiving what production names takes the alias, is told, and what answers goes on`() async throws {
        let world = World.ready
        let listener = world.events.listen()
        try await world.serve { port in
            let answer = try await HTTPClient(port: port).send(
                "POST", "/api/v1/models/movies/versions/3/stage", headers: [("Content-Type", "application/json")],
                body: Array(#"{"stage":"archived"}"#.utf8))
            let model = try JSONParser.parse(answer.text)
            #expect(model.at("versions[0].stage")?.plain == "Archived", "\(answer.text)")
            #expect(model.at("aliases.production") == nil)
            #expect(model.at("serving.version") == 3)
        }
        #expect(world.deployer.orders.withLock { $0 } == ["movies@production"])
        #expect(listener.heard + 1 == world.events.lastID)
    }

    @Test func `an alias is taken away once`() async throws {
        let world = World.ready
        try await world.serve { port in
            let client = HTTPClient(port: port)
            let first = try JSONParser.parse(
                try await client.send("DELETE", "/api/v1/models/movies/aliases/production").text)
            #expect(first.at("aliases.production") == nil)
            let second = try await client.send("DELETE", "/api/v1/models/movies/aliases/production")
            #expect(second.status == 404)
        }
    }

    @Test func `a deleted version is gone with its aliases`() async throws {
        let world = World.ready
        try await world.serve { port in
            let client = HTTPClient(port: port)
            let model = try JSONParser.parse(try await client.send("DELETE", "/api/v1/models/movies/versions/3").text)
            #expect(model.at("aliases.production") == nil)
            #expect(model.at("versions[0].version") == 2)
            #expect(try await client.send("GET", "/api/v1/models/movies/versions/3").status == 404)
        }
    }
}
