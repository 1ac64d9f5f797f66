import Registry
import Scheduling
import Storage
import TestKit
import Testing

struct ResetTests {
    /// What one simulated day leaves behind.
    private static func day(_ number: Int, in store: SQLiteStore) async throws -> ModelVersion {
        let run = Sample.run("daily-\(number)")
        try await store.apply([
            .createRun(run, tasks: Sample.tasks(of: run.id, ["a"])),
            .setCursor(pipelineID: "daily", trigger: "@daily/replay", Instant(seconds: Int64(number))),
            .setPaused(pipelineID: "other", true), .savePipelineSource(version: "v1", text: "id: daily"),
        ])
        let tags = [SQLiteStore.pipelineRunTag: run.id]
        let tracked = try await store.createRun(
            RunRequest(id: "t-\(number)", experimentID: "0", startTimeMilliseconds: 0, tags: tags))
        try await store.log("m", 1, to: tracked.id)
        try await store.logDatasetInputs(
            [DatasetInput(name: "d\(number)", digest: "1", sourceType: "local", source: "/d")], to: tracked.id)
        let model = try await store.createLoggedModel(
            experimentID: "0", name: "als", modelType: "", sourceRunID: tracked.id, params: [], tags: [:])
        let version = try await store.createVersion(
            ModelVersionRequest(
                name: "movies", source: "models:/\(model.id)", tags: tags, createModel: true, key: run.id))
        try await store.setAlias(
            "production", to: version.version, of: "movies", actor: "pipeline:\(run.id)", reason: "better")
        return version
    }

    @Test func `a reset takes what pipelines made and keeps what people made`() async throws {
        try await StorageFixture.withStore { store in
            let own = try await store.makeRun(id: "mine").id
            try await store.log("m", 1, to: own)
            _ = try await store.createVersion(
                ModelVersionRequest(name: "own", source: "runs:/mine/m", createModel: true))
            try await store.setAlias("production", to: 1, of: "own", actor: "cli", reason: "")
            for number in 1...3 { _ = try await Self.day(number, in: store) }
            try await store.deleteVersion(2, of: "movies", actor: "api")

            let report = try await store.removeEverythingMadeByPipelines(settings: ["clock": "start"])
            #expect(report.pipelineRuns == 3 && report.trackingRuns == 3 && report.loggedModels == 3)
            #expect(report.artifacts.map(\.description).contains("0/t-1") && report.artifacts.count == 6)

            #expect(try await store.runs(of: nil, limit: 9, before: nil).isEmpty)
            #expect(try await store.cursor(pipelineID: "daily", trigger: "@daily/replay") == nil)
            #expect(try await store.searchRuns(RunQuery(experimentIDs: ["0"], view: .all)).items.map(\.id) == ["mine"])
            #expect(try await store.version(alias: "production", of: "own").version == 1)
            #expect(try await store.run(id: own).metrics.count == 1)
            #expect(try await store.pausedPipelines() == ["other"])
            #expect(try await store.pipelineSource(version: "v1") != nil)
            #expect(try await store.value(forKey: "clock") == "start")
        }
    }

    @Test func `the first version after a reset is number 1 again`() async throws {
        try await StorageFixture.withStore { store in
            for number in 1...2 { _ = try await Self.day(number, in: store) }
            _ = try await store.removeEverythingMadeByPipelines()
            await #expect(throws: RegistryError.self) { try await store.registeredModel(named: "movies") }
            #expect(try await Self.day(1, in: store).version == 1)
            #expect(try await store.aliasHistory(of: "movies", alias: "production", limit: 9).count == 1)
        }
    }

    @Test func `numbers go on after a version that a person registered`() async throws {
        try await StorageFixture.withStore { store in
            _ = try await Self.day(1, in: store)
            try await store.makeVersion()
            _ = try await Self.day(2, in: store)
            let report = try await store.removeEverythingMadeByPipelines()
            #expect(report.modelVersions == 2 && report.registeredModels == 0)
            #expect(try await Self.day(1, in: store).version == 3)
        }
    }

    @Test func `a reset may open the days of feedback again in the same step`() async throws {
        try await StorageFixture.withStore { store in
            _ = try await store.appendFeedback([
                FeedbackEvent(
                    user: "1", item: "2", rating: nil, timestampSeconds: 0, receivedAtMilliseconds: 0, type: "click")
            ])
            _ = try await store.assignPendingFeedback(to: Instant(seconds: 9))
            #expect(try await store.removeEverythingMadeByPipelines().feedback == 0)
            #expect(try await store.removeEverythingMadeByPipelines(reopeningFeedbackDays: true).feedback == 1)
            #expect(try await store.pendingFeedbackCount() == 1)
        }
    }
}
