import Registry
import Testing

@Suite struct RunPromises {
    @Test(arguments: StoreUnderTest.allCases)
    func `a run without a name gets one, and the tag with it`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let run = try await store.makeRun()
            #expect(run.name.split(separator: "-").count == 3)
            #expect(run.tags == [RunName.tag: run.name])
            #expect(run.id.count == 32 && run.status == .running)
            #expect(run.artifactURI == "mlflow-artifacts:/0/\(run.id)/artifacts")
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the name and its tag follow each other`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun(tags: [RunName.tag: "first"]).id
            #expect(try await store.run(id: id).name == "first")
            try await store.log(RunBatch(tags: [RunName.tag: "second"]), to: id)
            #expect(try await store.run(id: id).name == "second")
            let renamed = try await store.updateRun(id: id, status: nil, endTimeMilliseconds: nil, name: "third")
            #expect(renamed.name == "third" && renamed.tags[RunName.tag] == "third")
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `creating a run twice with one id makes one run`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let first = try await store.makeRun(id: "daily-1", start: 5)
            try await store.log("m", 1, to: "daily-1")
            let second = try await store.makeRun(id: "daily-1", start: 9, tags: ["x": "y"])
            #expect(second.startTimeMilliseconds == 5 && second.name == first.name)
            #expect(second.tags == first.tags && second.metrics.count == 1)
            #expect(try await store.searchRuns(RunQuery(experimentIDs: ["0"])).items.count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `ending a run twice with the same status changes nothing`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun().id
            let ended = try await store.updateRun(id: id, status: .finished, endTimeMilliseconds: 10, name: nil)
            #expect(ended.status == .finished && ended.endTimeMilliseconds == 10)
            let again = try await store.updateRun(id: id, status: .finished, endTimeMilliseconds: 99, name: nil)
            #expect(again == ended)
            let resumed = try await store.updateRun(id: id, status: .running, endTimeMilliseconds: nil, name: nil)
            #expect(resumed.status == .running && resumed.endTimeMilliseconds == nil)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a deleted run is readable and restorable, not writable, and hidden`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun().id
            try await store.setRunLifecycle(.deleted, id: id)
            try await store.setRunLifecycle(.deleted, id: id)
            #expect(try await store.run(id: id).lifecycleStage == .deleted)
            for write in [
                { try await store.log("m", 1, to: id) },
                { try await store.deleteTag(RunName.tag, from: id) },
                { _ = try await store.updateRun(id: id, status: .failed, endTimeMilliseconds: nil, name: nil) },
                { try await store.addOutputs(modelIDs: [], to: id) },
                { try await store.logDatasetInputs([], to: id) },
            ] as [() async throws -> Void] {
                await #expect(
                    throws: RegistryError.invalid(
                        "The run \(id) must be in the 'active' state. Current state is deleted.")
                ) { try await write() }
            }
            #expect(try await store.searchRuns(RunQuery(experimentIDs: ["0"])).items.isEmpty)
            #expect(try await store.searchRuns(RunQuery(experimentIDs: ["0"], view: .deletedOnly)).items.count == 1)
            try await store.setRunLifecycle(.active, id: id)
            try await store.log("m", 1, to: id)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `runs are found by experiment, latest start first, page by page`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let other = try await store.createExperiment(name: "other", tags: [:])
            for (id, start) in [("b", 1), ("a", 1), ("d", 3), ("c", 2)] {
                _ = try await store.makeRun(id: id, start: Int64(start))
            }
            _ = try await store.createRun(RunRequest(id: "z", experimentID: other, startTimeMilliseconds: 2))
            var query = RunQuery(experimentIDs: ["0"], maxResults: 3)
            let first = try await store.searchRuns(query)
            #expect(first.items.map(\.id) == ["d", "c", "a"])
            query.search.pageToken = first.nextPageToken
            let second = try await store.searchRuns(query)
            #expect(second.items.map(\.id) == ["b"] && second.nextPageToken == nil)
            let both = try await store.searchRuns(RunQuery(experimentIDs: ["0", other]))
            #expect(both.items.map(\.id) == ["d", "c", "z", "a", "b"])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a page of runs carries each run's own metrics, params and tags`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for index in 0..<3 {
                let id = try await store.makeRun(id: "r\(index)", start: Int64(-index), tags: ["i": "\(index)"]).id
                try await store.log(RunBatch(params: [Param(key: "p", value: "\(index)")]), to: id)
                try await store.log("m", Double(index), to: id)
            }
            let runs = try await store.searchRuns(RunQuery(experimentIDs: ["0"])).items
            #expect(runs.map { $0.tags["i"] } == ["0", "1", "2"])
            #expect(runs.map { $0.params.map(\.value) } == [["0"], ["1"], ["2"]])
            #expect(runs.map { $0.metrics.map(\.value) } == [[0], [1], [2]])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a missing run and a missing tag are said with MLflow's phrases`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            await #expect(throws: RegistryError.notFound("Run with id=x not found")) { try await store.run(id: "x") }
            await #expect(throws: RegistryError.notFound("Run with id=x not found")) {
                try await store.log("m", 1, to: "x")
            }
            let id = try await store.makeRun().id
            await #expect(throws: RegistryError.notFound("No tag with name: t in run with id \(id)")) {
                try await store.deleteTag("t", from: id)
            }
            try await store.log(RunBatch(tags: ["t": "1"]), to: id)
            try await store.deleteTag("t", from: id)
            #expect(try await store.run(id: id).tags["t"] == nil)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `dataset inputs come back as they were logged, once`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun().id
            let input = DatasetInput(
                name: "demo", digest: "abc", sourceType: "local", source: "/d", schema: "{}", tags: ["context": "train"]
            )
            let other = DatasetInput(name: "demo", digest: "abd", sourceType: "local", source: "/d")
            try await store.logDatasetInputs([input, other], to: id)
            try await store.logDatasetInputs([input], to: id)
            #expect(try await store.datasetInputs(of: id) == [input, other])
            await #expect(throws: RegistryError.self) {
                try await store.logDatasetInputs(
                    [DatasetInput(name: "", digest: "a", sourceType: "local", source: "/d")], to: id)
            }
        }
    }
}
