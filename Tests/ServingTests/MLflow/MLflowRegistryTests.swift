import Storage
import Testing

@testable import Serving

@Suite struct MLflowRegistryTests {
    /// A model `movies` with `count` versions, each of a run of its own; answers the runs' ids.
    private static func fill(_ world: MLflowWorld, versions count: Int) async throws -> [String] {
        _ = try await world.post("registered-models/create", ["name": "movies"])
        var runs: [String] = []
        for _ in 0..<count {
            let run = try await world.newRun()
            let made = try await world.post(
                "model-versions/create",
                [
                    "name": "movies", "source": .string("runs:/\(run)/model"), "run_id": .string(run),
                    "tags": [["key": "a", "value": "b"]],
                ])
            #expect(made.status == 200, "\(made.message)")
            runs.append(run)
        }
        return runs
    }

    @Test func `a version tells its source, its run and its state`() async throws {
        try await MLflowWorld.run { world in
            let run = try await Self.fill(world, versions: 1)[0]
            let version = try await world.get("model-versions/get?name=movies&version=1").body["model_version"]
            #expect(version?["version"] == "1")
            #expect(version?["source"] == .string("runs:/\(run)/model"))
            #expect(version?["run_id"] == .string(run))
            #expect(version?["status"] == "READY")
            #expect(version?["current_stage"] == "None")
            #expect(version?["tags"] == [["key": "a", "value": "b"]])
            #expect(version?["creation_timestamp"]?.integer != nil)
            for absent in ["aliases", "model_id"] { #expect(version?[absent] == nil) }
            for empty in ["description", "run_link"] { #expect(version?[empty] == "") }
            let uri = try await world.get("model-versions/get-download-uri?name=movies&version=1")
            #expect(uri.body == ["artifact_uri": .string("mlflow-artifacts:/0/\(run)/artifacts/model")])
        }
    }

    @Test func `registering a name twice has the code that the client looks for`() async throws {
        try await MLflowWorld.run { world in
            _ = try await world.post("registered-models/create", ["name": "movies"])
            let again = try await world.post("registered-models/create", ["name": "movies"])
            #expect(again.summary == "400 RESOURCE_ALREADY_EXISTS")
            #expect(again.message.contains("Registered Model (name=movies) already exists"))
            let missing = try await world.get("registered-models/get?name=none")
            #expect(missing.summary == "404 RESOURCE_DOES_NOT_EXIST")
            #expect(missing.message.contains("Registered Model with name=none not found"))
            let version = try await world.get("model-versions/get?name=movies&version=7")
            #expect(version.message.contains("Model Version (name=movies, version=7) not found"))
            for text in ["0", "-1"] {
                #expect(
                    try await world.get("model-versions/get?name=movies&version=\(text)").summary
                        == "404 RESOURCE_DOES_NOT_EXIST")
            }
            for text in ["one", "1.5", ""] {
                #expect(
                    try await world.get("model-versions/get?name=movies&version=\(text)").summary
                        == "400 INVALID_PARAMETER_VALUE")
            }
        }
    }

    @Test func `an alias names one version, moves, is told to listeners, and is gone after its removal`() async throws {
        try await MLflowWorld.run { world in
            _ = try await Self.fill(world, versions: 2)
            let before = world.events.lastID
            for version in ["1", "2", "2"] {
                let reply = try await world.post(
                    "registered-models/alias", ["name": "movies", "alias": "champion", "version": .string(version)])
                #expect(reply.body == [:])
            }
            #expect(world.events.lastID == before + 2)
            let named = try await world.get("registered-models/alias?name=movies&alias=champion")
            #expect(named.body.at("model_version.version") == "2")
            #expect(named.body.at("model_version.aliases") == ["champion"])
            let model = try await world.get("registered-models/get?name=movies").body["registered_model"]
            #expect(model?["aliases"] == [["alias": "champion", "version": "2"]])
            #expect(model?.at("latest_versions[0].version") == "2")
            for _ in 1...2 {
                let gone = try await world.send(
                    "DELETE", "registered-models/alias", ["name": "movies", "alias": "champion"])
                #expect(gone.body == [:])
            }
            let unknown = try await world.get("registered-models/alias?name=movies&alias=champion")
            #expect(unknown.summary == "400 INVALID_PARAMETER_VALUE")
            #expect(unknown.message.contains("Registered model alias champion not found."))
            let version = try await world.post(
                "registered-models/alias", ["name": "movies", "alias": "champion", "version": "9"])
            #expect(version.summary == "404 RESOURCE_DOES_NOT_EXIST")
        }
    }

    @Test func `stages are understood in any letter case and keep the alias production in step`() async throws {
        try await MLflowWorld.run { world in
            _ = try await Self.fill(world, versions: 3)
            func move(_ version: String, _ stage: String, archive: Bool = false) async throws -> MLflowWorld.Reply {
                try await world.post(
                    "model-versions/transition-stage",
                    [
                        "name": "movies", "version": .string(version), "stage": .string(stage),
                        "archive_existing_versions": .bool(archive),
                    ])
            }
            #expect(try await move("1", "production").body.at("model_version.aliases") == ["production"])
            #expect(
                try await move("2", "PRODUCTION", archive: true).body.at("model_version.current_stage") == "Production")
            let latest = try await world.get(
                "registered-models/get-latest-versions?name=movies&stages=Production&stages=archived")
            let stages = latest.body["model_versions"]?.array?.map {
                "\($0["version"]?.plain ?? "") \($0["current_stage"]?.plain ?? "")"
            }
            #expect(stages == ["1 Archived", "2 Production"])
            let all = try await world.post("registered-models/get-latest-versions", ["name": "movies"])
            #expect(all.body["model_versions"]?.array?.count == 3)
            #expect(try await move("1", "Retired").summary == "400 INVALID_PARAMETER_VALUE")
            #expect(try await move("1", "Archived", archive: true).summary == "400 INVALID_PARAMETER_VALUE")
            #expect(
                try await world.post("registered-models/get-latest-versions", ["name": "movies", "stages": ["x"]])
                    .summary
                    == "400 INVALID_PARAMETER_VALUE")
        }
    }

    @Test func `versions are searched by name and by run`() async throws {
        try await MLflowWorld.run { world in
            let run = try await Self.fill(world, versions: 2)[0]
            for (filter, expected) in [
                ("name%3D%27movies%27", ["2", "1"]), ("name%20%3D%20%22movies%22", ["2", "1"]),
                ("name%3D%27none%27", []), ("run_id%3D%27\(run)%27", ["1"]),
                ("name%3D%27movies%27%20and%20run_id%3D%27\(run)%27", ["1"]), ("", ["2", "1"]),
            ] {
                let reply = try await world.get("model-versions/search?max_results=10&filter=\(filter)")
                let versions = reply.body["model_versions"]?.array ?? []
                #expect(versions.map { $0["version"]?.plain } == expected, "\(filter)")
            }
        }
    }

    @Test func `models are searched by name, and prompts are left out`() async throws {
        try await MLflowWorld.run { world in
            for name in ["b", "a"] { _ = try await world.post("registered-models/create", ["name": .string(name)]) }
            let tags: JSONValue = [["key": "mlflow.prompt.is_prompt", "value": "true"]]
            _ = try await world.post("registered-models/create", ["name": "prompt", "tags": tags])
            func names(_ query: String) async throws -> [String] {
                let reply = try await world.get("registered-models/search?\(query)")
                return (reply.body["registered_models"]?.array ?? []).map { $0["name"]?.plain ?? "" }
            }
            // As the client writes it: tag.`mlflow.prompt.is_prompt` != 'true'
            let added = "tag.%60mlflow.prompt.is_prompt%60%20!%3D%20%27true%27"
            #expect(try await names("filter=\(added)") == ["a", "b"])
            #expect(try await names("filter=name%3D%27a%27%20AND%20\(added)&max_results=100") == ["a"])
            #expect(try await names("filter=name%3D%27prompt%27") == [])
            #expect(try await names("filter=name%3D%27none%27") == [])
            #expect(try await names("max_results=1") == ["a"])
            #expect(try await names("filter=name%20LIKE%20%27a%25%27") == ["a"])
            #expect(try await names("order_by=name%20DESC") == ["b", "a"])
            #expect(try await names("filter=tag.%60mlflow.prompt.is_prompt%60%3D%27true%27") == ["prompt"])
        }
    }

    @Test func `descriptions and tags are changed and removed, and what is deleted is gone`() async throws {
        try await MLflowWorld.run { world in
            _ = try await Self.fill(world, versions: 1)
            let name: JSONValue = "movies"
            #expect(
                try await world.send("PATCH", "registered-models/update", ["name": name, "description": "films"]).body
                    .at("registered_model.description") == "films")
            #expect(
                try await world.send(
                    "PATCH", "model-versions/update", ["name": name, "version": "1", "description": "one"]
                ).body
                    .at("model_version.description") == "one")
            _ = try await world.post("registered-models/set-tag", ["name": name, "key": "k", "value": "v"])
            _ = try await world.post(
                "model-versions/set-tag", ["name": name, "version": "1", "key": "a", "value": "c"])
            let model = try await world.get("registered-models/get?name=movies").body["registered_model"]
            #expect(model?["tags"] == [["key": "k", "value": "v"]])
            #expect(model?.at("latest_versions[0].tags[0].value") == "c")
            for _ in 1...2 {
                #expect(
                    try await world.send("DELETE", "registered-models/delete-tag", ["name": name, "key": "k"]).body
                        == [:])
                #expect(
                    try await world.send(
                        "DELETE", "model-versions/delete-tag", ["name": name, "version": "1", "key": "a"]
                    ).body == [:])
            }
            #expect(
                try await world.get("model-versions/get?name=movies&version=1").body.at("model_version.tags") == nil)
            #expect(
                try await world.send("DELETE", "model-versions/delete", ["name": name, "version": "1"]).body == [:])
            #expect(try await world.get("model-versions/get?name=movies&version=1").status == 404)
            #expect(try await world.send("DELETE", "registered-models/delete", ["name": name]).body == [:])
            #expect(try await world.get("registered-models/get?name=movies").status == 404)
        }
    }

    @Test func `a source that is no place of this server's is refused`() async throws {
        try await MLflowWorld.run { world in
            _ = try await world.post("registered-models/create", ["name": "movies"])
            for source in [
                "file:///etc/passwd", "/etc/passwd", "runs:/x/../y", "mlflow-artifacts:/0/%252e%252e/x", "models:/",
                "x",
            ] {
                let reply = try await world.post(
                    "model-versions/create", ["name": "movies", "source": .string(source)])
                #expect(reply.summary == "400 INVALID_PARAMETER_VALUE", "\(source)")
            }
        }
    }

    @Test func `the tag that decides about files of a logged model is nobody's to set or to take`() async throws {
        try await MLflowWorld.run { world in
            let tags: JSONValue = ["tags": .array([["key": "mlstack.stored", "value": "m"]])]
            let made = try await world.post(
                "logged-models",
                ["experiment_id": "0", "tags": .array([["key": "mlstack.stored", "value": "m"]])])
            #expect(made.summary == "400 INVALID_PARAMETER_VALUE")
            let model = try await world.post("logged-models", ["experiment_id": "0"])
            let id = try #require(model.body.at("model.info.model_id")?.string)
            #expect(
                try await world.send("PATCH", "logged-models/\(id)/tags", tags).summary
                    == "400 INVALID_PARAMETER_VALUE")
            #expect(
                try await world.send("DELETE", "logged-models/\(id)/tags/mlstack.stored").summary
                    == "400 INVALID_PARAMETER_VALUE")
            // What is pending stays pending at the next start: somebody may go on with it.
            try await world.store.settleStoredFiles()
            #expect(try await world.get("logged-models/\(id)").status == 200)
        }
    }

    @Test func `a logged model is made, finished, tagged, found and registered`() async throws {
        try await MLflowWorld.run { world in
            let run = JSONValue.string(try await world.newRun())
            let made = try await world.post(
                "logged-models",
                [
                    "experiment_id": "0", "name": "als", "model_type": "recommender", "source_run_id": run,
                    "params": [["key": "factors", "value": "64"]], "tags": [["key": "t", "value": "1"]],
                ]
            ).body["model"]
            let id = made?.at("info.model_id")?.string ?? ""
            #expect(made?.at("info.status") == "LOGGED_MODEL_PENDING")
            #expect(made?.at("info.artifact_uri") == .string("mlflow-artifacts:/0/models/\(id)/artifacts"))
            #expect(made?.at("data.params") == [["key": "factors", "value": "64"]])
            let done = try await world.send(
                "PATCH", "logged-models/\(id)", ["model_id": .string(id), "status": "LOGGED_MODEL_READY"])
            #expect(done.body.at("model.info.status") == "LOGGED_MODEL_READY")
            #expect(
                try await world.send("PATCH", "logged-models/\(id)", ["status": 3]).body.at("model.info.status")
                    == "LOGGED_MODEL_UPLOAD_FAILED")
            #expect(
                try await world.send("PATCH", "logged-models/\(id)", ["status": 1]).summary
                    == "400 INVALID_PARAMETER_VALUE")
            #expect(
                try await world.send("PATCH", "logged-models/\(id)/tags", ["tags": [["key": "u", "value": "2"]]]).body
                    == [:])
            let read = try await world.get("logged-models/\(id)?allow_deleted=true")
            #expect(read.body.at("model.info.tags") == [["key": "t", "value": "1"], ["key": "u", "value": "2"]])
            for (filter, count) in [
                ("name = 'als'", 1), ("attributes.source_run_id = '\(run.plain)'", 1), ("name = 'x'", 0),
            ] {
                let found = try await world.post(
                    "logged-models/search", ["experiment_ids": ["0"], "filter": .string(filter), "max_results": 100])
                #expect((found.body["models"]?.array ?? []).count == count)
            }
            #expect(try await world.post("logged-models/search", ["filter": ""]).message.contains("'experiment_ids'"))
            _ = try await world.post("registered-models/create", ["name": "movies"])
            let version = try await world.post(
                "model-versions/create",
                ["name": "movies", "source": .string("models:/\(id)"), "model_id": .string(id)])
            #expect(version.body.at("model_version.model_id") == .string(id))
            #expect(version.body.at("model_version.run_id") == run)
            #expect(try await world.get("logged-models/m-0").summary == "404 RESOURCE_DOES_NOT_EXIST")
        }
    }
}
