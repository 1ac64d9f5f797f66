import Registry
import Scheduling
import Storage
import TestKit
import Testing

struct PurgeTests {
    @Test func `what was deleted goes for good and frees its name, what was not stays`() async throws {
        try await StorageFixture.withStore { store in
            let id = try await store.createExperiment(name: "trial", tags: ["a": "b"])
            let run = try await store.createRun(RunRequest(experimentID: id, startTimeMilliseconds: 0)).id
            try await store.log("m", 1, to: run)
            try await store.logDatasetInputs(
                [DatasetInput(name: "d", digest: "1", sourceType: "local", source: "/d")], to: run)
            let model = try await store.createLoggedModel(
                experimentID: id, name: "m", modelType: "", sourceRunID: run, params: [], tags: [:])
            let (gone, alive) = (try await store.makeRun(id: "gone").id, try await store.makeRun(id: "alive").id)
            try await store.setRunLifecycle(.deleted, id: gone)
            try await store.setExperimentLifecycle(.deleted, id: id)

            let before = try await store.purge(isDryRun: true, actor: "cli:me")
            #expect(try await store.experiment(id: id).name == "trial")
            let plan = try await store.purge(isDryRun: false, actor: "cli:me")
            #expect(plan == before)
            #expect(plan.experiments == [PurgePlan.Experiment(id: id, name: "trial")])
            #expect((plan.runs, plan.loggedModels, plan.kept) == (2, 1, []))
            #expect(
                Set(plan.folders.map(\.description))
                    == [id, "\(id)/\(run)", "\(id)/models/\(model.id)", "0/gone"])
            let tracking: any TrackingStore = store
            await #expect(throws: RegistryError.self) { try await tracking.run(id: gone) }
            await #expect(throws: RegistryError.self) { try await store.loggedModel(id: model.id) }
            #expect(try await tracking.run(id: alive).id == alive)
            #expect(try await store.createExperiment(name: "trial", tags: [:]) != id)
            let audit = try await store.audit(of: nil, limit: 10)
            #expect(audit.map(\.action) == [.purge] && audit.first?.actor == "cli:me")
            #expect(try await store.purge(isDryRun: false, actor: "cli:me").experiments.isEmpty)
            #expect(try await store.audit(of: nil, limit: 10).count == 1)
        }
    }

    @Test func `what a version was made from stays until the version goes`() async throws {
        try await StorageFixture.withStore { store in
            let id = try await store.createExperiment(name: "trial", tags: [:])
            let run = try await store.createRun(RunRequest(experimentID: id, startTimeMilliseconds: 0)).id
            let other = try await store.createRun(RunRequest(experimentID: id, startTimeMilliseconds: 0)).id
            let model = try await store.createLoggedModel(
                experimentID: id, name: "m", modelType: "", sourceRunID: run, params: [], tags: [:])
            _ = try await store.createVersion(
                ModelVersionRequest(name: "movies", source: "models:/\(model.id)", createModel: true))
            try await store.setExperimentLifecycle(.deleted, id: id)
            let plan = try await store.purge(isDryRun: false, actor: "api")
            #expect(Set(plan.kept.map(\.id)) == [run, model.id])
            #expect(plan.kept.allSatisfy { ($0.model, $0.version) == ("movies", 1) })
            #expect((plan.experiments, plan.runs) == ([], 1))
            #expect(plan.folders.map(\.description) == ["\(id)/\(other)"])
            #expect(try await store.loggedModel(id: model.id).id == model.id)

            try await store.deleteVersion(1, of: "movies", actor: "api")
            let rest = try await store.purge(isDryRun: false, actor: "api")
            #expect((rest.experiments.count, rest.runs, rest.loggedModels, rest.kept) == (1, 1, 1, []))
        }
    }

    @Test func `logged models that were deleted go, and what holds a stored file goes once its version has`()
        async throws
    {
        try await StorageFixture.withStore { store in
            func make(_ name: String, _ tags: [String: String] = [:], isReady: Bool = true) async throws -> String {
                let id = try await store.createLoggedModel(
                    experimentID: "0", name: name, modelType: "", sourceRunID: nil, params: [], tags: tags
                ).id
                if isReady { _ = try await store.finishLoggedModel(id: id, status: LoggedModel.ready) }
                return id
            }
            let (deleted, alive) = (try await make("deleted"), try await make("alive"))
            try await store.deleteLoggedModel(id: deleted)
            let marker = [StoredFile.markerTag: "movies"]
            let (file, arriving) = (try await make("file", marker), try await make("file", marker, isReady: false))
            _ = try await store.createVersion(
                ModelVersionRequest(name: "movies", source: "models:/\(file)", createModel: true))
            let first = try await store.purge(isDryRun: false, actor: "api")
            #expect(first.folders.map(\.description) == ["0/models/\(deleted)"])
            try await store.deleteVersion(1, of: "movies", actor: "api")
            let second = try await store.purge(isDryRun: false, actor: "api")
            #expect(second.folders.map(\.description) == ["0/models/\(file)"])
            await #expect(throws: RegistryError.self) { try await store.loggedModel(id: deleted, allowDeleted: true) }
            for id in [alive, arriving] { #expect(try await store.loggedModel(id: id).id == id) }
        }
    }

    @Test func `the experiment Default stays, though its runs go`() async throws {
        try await StorageFixture.withStore { store in
            _ = try await store.makeRun(id: "gone")
            try await store.setExperimentLifecycle(.deleted, id: "0")
            let plan = try await store.purge(isDryRun: false, actor: "api")
            #expect((plan.experiments, plan.runs) == ([], 1))
            #expect(try await store.experiment(id: "0").name == "Default")
        }
    }
}
