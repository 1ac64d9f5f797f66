import Registry
import Storage
import TestKit
import Testing

@Suite struct LoggedModelPromises {
    @Test(arguments: StoreUnderTest.allCases)
    func `a logged model is pending until it is finished`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let model = try await store.createLoggedModel(
                experimentID: "0", name: "", modelType: "als", sourceRunID: nil, params: [Param(key: "k", value: "64")],
                tags: ["a": "1"])
            #expect(model.id.hasPrefix("m-") && model.id.count == 34 && !model.name.isEmpty)
            #expect(model.artifactURI == "mlflow-artifacts:/0/models/\(model.id)/artifacts")
            #expect(model.status == "LOGGED_MODEL_PENDING" && model.params == [Param(key: "k", value: "64")])
            let ready = try await store.finishLoggedModel(id: model.id, status: "LOGGED_MODEL_READY")
            #expect(ready.status == "LOGGED_MODEL_READY")
            try await store.setLoggedModelTags(["a": "2", "b": "3"], id: model.id)
            #expect(try await store.loggedModel(id: model.id).tags == ["a": "2", "b": "3"])
            await #expect(throws: RegistryError.self) { try await store.finishLoggedModel(id: model.id, status: "OK") }
            await #expect(throws: RegistryError.notFound("Logged model with ID 'm-x' not found.")) {
                try await store.loggedModel(id: "m-x")
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `logged models are found by run and name, newest first`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            var ids: [String] = []
            for (name, run) in [("a", "r1"), ("b", "r1"), ("a", "r2")] {
                ids.append(
                    try await store.createLoggedModel(
                        experimentID: "0", name: name, modelType: "", sourceRunID: run, params: [], tags: [:]
                    ).id)
            }
            func find(_ filter: String) async throws -> [String] {
                let filter = try SearchParser.condition(filter, in: .loggedModels)
                return try await store.searchLoggedModels(
                    LoggedModelQuery(experimentIDs: ["0"], SearchQuery(filter: filter, maxResults: 9))
                ).items.map(\.id)
            }
            #expect(try await find("") == ids.reversed())
            #expect(try await find("name = 'a'") == [ids[2], ids[0]])
            #expect(try await find("source_run_id = 'r1'") == [ids[1], ids[0]])
            #expect(try await find("name = 'b' AND source_run_id = 'r2'").isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `outputs of a run keep their order and are there once`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let run = try await store.makeRun().id
            var ids: [String] = []
            for name in ["b", "a"] {
                ids.append(
                    try await store.createLoggedModel(
                        experimentID: "0", name: name, modelType: "", sourceRunID: run, params: [], tags: [:]
                    ).id)
            }
            try await store.addOutputs(modelIDs: ids, to: run)
            try await store.addOutputs(modelIDs: [ids[0]], to: run)
            #expect(try await store.outputs(of: run) == ids)
            await #expect(throws: RegistryError.self) { try await store.addOutputs(modelIDs: ["m-x"], to: run) }
        }
    }

    @Test(arguments: ["a/b", "a:b", "a.b", "50%", "a\"", "it's"])
    func `a name that could not stand in a URI is refused`(_ name: String) async throws {
        try await StoreUnderTest.sqlite.with { store in
            await #expect(throws: RegistryError.self) {
                try await store.createLoggedModel(
                    experimentID: "0", name: name, modelType: "", sourceRunID: nil, params: [], tags: [:])
            }
        }
    }

    @Test func `a logged model made twice under one id is one, and lists the versions made of it`() async throws {
        try await StorageFixture.withStore { store in
            func make() async throws -> LoggedModel {
                try await store.createLoggedModel(
                    id: "m-1", experimentID: "0", name: "model", modelType: "", sourceRunID: nil,
                    params: [Param(key: "k", value: "64")], tags: [:])
            }
            let first = try await make()
            #expect(first.id == "m-1")
            #expect(try await make() == first)
            for (name, key) in [("movies", "a"), ("movies", "a"), ("films", "b")] {
                _ = try await store.createVersion(
                    ModelVersionRequest(
                        name: name, source: "models:/m-1", modelID: "m-1", createModel: true, key: key))
                try await store.tagRegistrations(ofLoggedModel: "m-1")
            }
            #expect(
                try await store.loggedModel(id: "m-1").tags[LoggedModel.registrationsTag]
                    == #"[{"name":"films","version":"1"},{"name":"movies","version":"1"}]"#)
        }
    }
}
