import Registry
import Testing

@Suite struct ExperimentPromises {
    @Test(arguments: StoreUnderTest.allCases)
    func `the experiment Default with id 0 is always there`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let experiment = try await store.experiment(id: "0")
            #expect(experiment.name == "Default" && experiment.lifecycleStage == .active)
            #expect(experiment.artifactLocation == "mlflow-artifacts:/0")
            #expect(try await store.experiment(named: "Default") == experiment)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an experiment is found by id and by name, with its tags`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.createExperiment(name: "movies", tags: ["a": "1"])
            try await store.setExperimentTag("b", to: "2", on: id)
            try await store.setExperimentTag("a", to: "3", on: id)
            let experiment = try await store.experiment(named: "movies")
            #expect(experiment.id == id && experiment.tags == ["a": "3", "b": "2"])
            #expect(experiment.lastUpdateTimeMilliseconds > experiment.creationTimeMilliseconds)
            #expect(try await store.experiment(id: id) == experiment)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `what is not there is said with MLflow's phrase`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            await #expect(throws: RegistryError.notFound("No Experiment with id=77 exists")) {
                try await store.experiment(id: "77")
            }
            await #expect(throws: RegistryError.notFound("Could not find experiment with name 'x'")) {
                try await store.experiment(named: "x")
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a name is taken once, by a deleted experiment too`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.createExperiment(name: "movies", tags: [:])
            await #expect(throws: RegistryError.alreadyExists("Experiment(name=movies) already exists.")) {
                try await store.createExperiment(name: "movies", tags: [:])
            }
            try await store.setExperimentLifecycle(.deleted, id: id)
            await #expect(throws: RegistryError.self) { try await store.createExperiment(name: "movies", tags: [:]) }
            #expect(try await store.experiment(named: "movies").lifecycleStage == .deleted)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a deleted experiment is readable, not writable, and takes its runs along`(_ kind: StoreUnderTest) async throws
    {
        try await kind.with { store in
            let id = try await store.createExperiment(name: "movies", tags: [:])
            let kept = try await store.createRun(RunRequest(experimentID: id, startTimeMilliseconds: 0)).id
            let deletedBefore = try await store.createRun(RunRequest(experimentID: id, startTimeMilliseconds: 0)).id
            try await store.setRunLifecycle(.deleted, id: deletedBefore)
            try await store.setExperimentLifecycle(.deleted, id: id)
            #expect(try await store.run(id: kept).lifecycleStage == .deleted)
            for write in [
                { try await store.setExperimentTag("a", to: "1", on: id) },
                { try await store.renameExperiment(id: id, to: "b") },
                { _ = try await store.createRun(RunRequest(experimentID: id, startTimeMilliseconds: 0)) },
                { try await store.log("m", 1, to: kept) },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: RegistryError.self) { try await write() }
                #expect(error?.errorDescription?.contains("must be in the 'active' state") == true)
            }
            try await store.setExperimentLifecycle(.active, id: id)
            #expect(try await store.run(id: kept).lifecycleStage == .active)
            #expect(try await store.run(id: deletedBefore).lifecycleStage == .deleted)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a search shows the stages that were asked for, newest first, page by page`(_ kind: StoreUnderTest)
        async throws
    {
        try await kind.with { store in
            var ids: [String] = []
            for index in 0..<5 { ids.append(try await store.createExperiment(name: "e\(index)", tags: [:])) }
            try await store.setExperimentLifecycle(.deleted, id: ids[1])
            var found: [String] = []
            var token: String?
            repeat {
                let page = try await store.searchExperiments(
                    ExperimentQuery(SearchQuery(maxResults: 2, pageToken: token)))
                #expect(page.items.count <= 2)
                found += page.items.map(\.id)
                token = page.nextPageToken
            } while token != nil
            #expect(found == [ids[4], ids[3], ids[2], ids[0], "0"])
            let deleted = try await store.searchExperiments(
                ExperimentQuery(view: .deletedOnly, SearchQuery(maxResults: 9)))
            #expect(deleted.items.map(\.id) == [ids[1]])
            let all = try await store.searchExperiments(ExperimentQuery(view: .all, SearchQuery(maxResults: 9)))
            #expect(all.items.count == 6)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a garbage token and a silly page size are refused`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for (size, token) in [(0, nil), (-1, nil), (50_001, nil), (5, "garbage")] as [(Int, String?)] {
                let error = await #expect(throws: RegistryError.self) {
                    try await store.searchExperiments(
                        ExperimentQuery(view: .all, SearchQuery(maxResults: size, pageToken: token)))
                }
                guard case .invalid = error else { Issue.record("\(String(describing: error))"); return }
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a new name must be free`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.createExperiment(name: "a", tags: [:])
            await #expect(throws: RegistryError.self) { try await store.renameExperiment(id: id, to: "Default") }
            try await store.renameExperiment(id: id, to: "b")
            try await store.renameExperiment(id: id, to: "b")
            #expect(try await store.experiment(id: id).name == "b")
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a summary counts the runs that are not deleted and tells of the last`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.createExperiment(name: "movies", tags: [:])
            let empty = try await store.createExperiment(name: "empty", tags: [:])
            for (name, start, pipeline) in [("old", 1, nil), ("last", 5, "daily"), ("gone", 9, nil)] {
                _ = try await store.createRun(
                    RunRequest(
                        id: name, experimentID: id, name: name, userID: "ann", startTimeMilliseconds: Int64(start),
                        tags: pipeline.map { ["mlstack.pipeline": $0] } ?? [:]))
            }
            _ = try await store.updateRun(id: "old", status: .failed, endTimeMilliseconds: 3, name: nil)
            try await store.setRunLifecycle(.deleted, id: "gone")

            let summaries = try await store.experimentSummaries(.activeOnly, id: nil, limit: 10)
            #expect(summaries.map(\.id) == [id, empty, "0"])
            let first = try #require(summaries.first)
            #expect((first.runs, first.running, first.failed) == (2, 1, 1))
            #expect((first.lastRun?.id, first.lastRun?.pipelineID, first.lastRun?.userID) == ("last", "daily", "ann"))
            #expect(summaries[1].lastRun == nil && summaries[1].runs == 0)
            #expect(try await store.experimentSummaries(.activeOnly, id: nil, limit: 1).count == 1)

            try await store.setExperimentLifecycle(.deleted, id: id)
            #expect(try await store.experimentSummaries(.activeOnly, id: id, limit: 1).isEmpty)
            let deleted = try await store.experimentSummaries(.deletedOnly, id: nil, limit: 10)
            #expect(deleted.map(\.id) == [id] && deleted.first?.runs == 3)
        }
    }
}
