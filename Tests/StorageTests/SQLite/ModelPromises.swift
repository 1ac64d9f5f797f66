import Registry
import Testing

@Suite struct ModelPromises {
    @Test(arguments: StoreUnderTest.allCases)
    func `a registered model's name is taken once`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let model = try await store.createRegisteredModel(name: "movies", description: "d", tags: ["a": "1"])
            #expect(try await store.registeredModel(named: "movies") == model)
            #expect(model.tags == ["a": "1"] && model.description == "d")
            await #expect(throws: RegistryError.alreadyExists("Registered Model (name=movies) already exists.")) {
                try await store.createRegisteredModel(name: "movies", description: "", tags: [:])
            }
            await #expect(throws: RegistryError.notFound("Registered Model with name=x not found")) {
                try await store.registeredModel(named: "x")
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `version numbers begin at 1 and are never used again`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for _ in 0..<3 { try await store.makeVersion() }
            try await store.deleteVersion(3, of: "movies", actor: "api")
            #expect(try await store.makeVersion().version == 4)
            let left = try await store.versions(of: "movies", runID: nil, maxResults: 10, pageToken: nil).items
            #expect(left.map(\.version) == [4, 2, 1])
            await #expect(throws: RegistryError.notFound("Model Version (name=movies, version=3) not found")) {
                try await store.version(3, of: "movies")
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a request with a key that was used answers the version made then`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let first = try await store.makeVersion(key: "run-1/register")
            let again = try await store.makeVersion(key: "run-1/register")
            #expect(again == first)
            #expect(try await store.makeVersion(key: "run-2/register").version == 2)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a version needs its model unless it may make it`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            await #expect(throws: RegistryError.notFound("Registered Model with name=m not found")) {
                try await store.createVersion(ModelVersionRequest(name: "m", source: "s3://b/m"))
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a source inside a run is resolved to its files`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let run = try await store.makeRun(id: "r1")
            func make(_ source: String, run: String? = nil, model: String? = nil) async throws -> ModelVersion {
                try await store.createVersion(
                    ModelVersionRequest(name: "m", source: source, runID: run, modelID: model, createModel: true))
            }
            let version = try await make("runs:/r1/model", run: "r1")
            #expect(version.artifactURI == run.artifactURI + "/model" && version.source == "runs:/r1/model")
            #expect(try await make("mlflow-artifacts:/0/r1/artifacts/model").runID == "r1")
            let copy = try await make("models:/m/1")
            #expect(copy.artifactURI == version.artifactURI && copy.runID == "r1")
            for (source, run) in [
                ("runs:/none/model", nil), ("runs:/r1/model", "r2"), ("mlflow-artifacts:/0/r1/model", nil),
                ("mlflow-artifacts:/0/r2/artifacts/model", nil), ("mlflow-artifacts:/1/r1/artifacts/model", nil),
                ("models:/m/99", nil), ("/etc/passwd", nil), ("models:/m@nobody", nil),
            ] as [(String, String?)] {
                await #expect(throws: RegistryError.self, "\(source)") { try await make(source, run: run) }
            }
            #expect(try await store.versions(of: nil, runID: "r1", maxResults: 9, pageToken: nil).items.count == 3)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a logged model's version takes its files and its run`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            _ = try await store.makeRun(id: "r1")
            let model = try await store.createLoggedModel(
                experimentID: "0", name: "als", modelType: "", sourceRunID: "r1", params: [], tags: [:])
            for source in ["models:/\(model.id)", "runs:/r1/als", model.artifactURI] {
                let version = try await store.createVersion(
                    ModelVersionRequest(name: "m", source: source, createModel: true))
                #expect(version.artifactURI == model.artifactURI, "\(source)")
                #expect(version.runID == "r1" && version.modelID == model.id, "\(source)")
            }
            await #expect(throws: RegistryError.self) {
                try await store.createVersion(
                    ModelVersionRequest(name: "m", source: "models:/\(model.id)", modelID: "m-other", createModel: true)
                )
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the latest versions are the newest of each stage`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for _ in 0..<4 { try await store.makeVersion() }
            _ = try await store.transition(1, of: "movies", to: "staging", archiveExisting: false, actor: "api")
            _ = try await store.transition(2, of: "movies", to: "STAGING", archiveExisting: false, actor: "api")
            let latest = try await store.registeredModel(named: "movies").latestVersions
            #expect(Set(latest.map { "\($0.stage) \($0.version)" }) == ["Staging 2", "None 4"])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `tags and descriptions change, and removing a missing tag is fine`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            try await store.makeVersion()
            try await store.setVersionTag("a:b", to: "1\n", version: 1, of: "movies")
            try await store.setVersionTag("none", to: nil, version: 1, of: "movies")
            try await store.setModelTag("t", to: "2", of: "movies")
            #expect(try await store.updateVersion(1, of: "movies", description: "d").tags == ["a:b": "1\n"])
            #expect(try await store.updateRegisteredModel(named: "movies", description: "e").tags == ["t": "2"])
            try await store.setVersionTag("a:b", to: nil, version: 1, of: "movies")
            try await store.setModelTag("t", to: nil, of: "movies")
            #expect(try await store.version(1, of: "movies").tags.isEmpty)
            #expect(try await store.registeredModel(named: "movies").tags.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `deleting a model takes everything of it along`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            try await store.makeVersion()
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli", reason: "")
            try await store.deleteRegisteredModel(named: "movies", actor: "api")
            await #expect(throws: RegistryError.self) { try await store.version(1, of: "movies") }
            await #expect(throws: RegistryError.self) {
                try await store.deleteRegisteredModel(named: "movies", actor: "api")
            }
            #expect(try await store.versions(of: "movies", runID: nil, maxResults: 9, pageToken: nil).items.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `lists are by name, page by page, and leave prompts out`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for name in ["c", "a", "b"] {
                _ = try await store.createRegisteredModel(name: name, description: "", tags: [:])
            }
            _ = try await store.createRegisteredModel(
                name: "prompt", description: "", tags: [RegisteredModel.promptTag: "true"])
            _ = try await store.createVersion(ModelVersionRequest(name: "prompt", source: "s3://b/p"))
            let first = try await store.registeredModels(maxResults: 2, pageToken: nil)
            let second = try await store.registeredModels(maxResults: 2, pageToken: first.nextPageToken)
            #expect((first.items + second.items).map(\.name) == ["a", "b", "c"] && second.nextPageToken == nil)
            #expect(try await store.searchVersions(SearchQuery(maxResults: 9)).items.isEmpty)
            let all = try await store.versions(of: nil, runID: nil, maxResults: 9, pageToken: nil).items
            #expect(all.map(\.name) == ["prompt"])
        }
    }
}
