import Registry
import TestKit
import Testing

/// Searches of small random worlds, against an answer that looks at every record.
@Suite struct SearchPromises {
    private static let numbers: [SearchOperator] = [.equal, .notEqual, .greater, .greaterOrEqual, .less, .lessOrEqual]
    private static let texts: [SearchOperator] = [.equal, .notEqual, .like, .ilike]
    private static let lists: [SearchOperator] = [.oneOf, .noneOf]
    private static let words = ["a", "A", "ab", "aB", "a%b", "a_b", "*", "[a]", "é", "É", "", "it's", "a\nb"]
    private static let values: [Double] = [-1, 0, 0.5, 1, 2, 1e300]

    private typealias Store = any TrackingStore & ModelRegistry & LoggedModelStore

    /// Every page, asked for with a size of its own.
    private static func pages<Item>(
        _ query: SearchQuery, _ random: inout SeededNumbers, _ ask: (SearchQuery) async throws -> Page<Item>
    ) async throws -> [Item] {
        var query = query
        query.maxResults = random.pick([2, 7, 50])
        var items: [Item] = []
        repeat {
            let page = try await ask(query)
            #expect(page.items.count <= query.maxResults)
            items += page.items
            query.pageToken = page.nextPageToken
        } while query.pageToken != nil
        return items
    }

    // MARK: Runs

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `runs are found as if each had been looked at`(_ seed: UInt64) async throws {
        var random = SeededNumbers(seed: seed)
        try await StoreUnderTest.sqlite.with { store in
            for number in 0..<30 { try await Self.makeRun(number, store, &random) }
            let runs = try await store.searchRuns(RunQuery(experimentIDs: ["0"])).items
            let inputs = try await store.datasetInputs(ofRuns: runs.map(\.id))
            let records = runs.map { Self.record($0, inputs[$0.id] ?? []) }
            let searches = MadeUpSearches(
                fields: Self.attributes(["run_id", "run_name", "status", "user_id", "artifact_uri"], Self.texts)
                    + Self.attributes(["run_id"], Self.lists)
                    + Self.attributes(["start_time", "end_time"], Self.numbers)
                    + Self.keys(.metric, Self.numbers) + Self.keys(.metric, Self.numbers)
                    + Self.keys(.param, Self.texts + [.absent, .present])
                    + Self.keys(.tag, Self.texts + [.absent, .present])
                    + SearchFields.datasetKeys.map { (SearchField(.dataset, $0), false, Self.texts + Self.lists) },
                orders: ["start_time", "end_time", "run_name", "status"].map { SearchField(.attribute, $0) }
                    + [
                        SearchField(.metric, "k1"), SearchField(.metric, "k 2"), SearchField(.param, "k1"),
                        SearchField(.tag, "k 2"),
                    ],
                texts: Self.words + ["r3", "r1", "RUNNING", "n1"], numbers: Self.values + [3, 5])
            var tellingCount = 0
            for _ in 0..<100 {
                let (filter, order) = (searches.filter(&random), searches.order(&random))
                let found = try await Self.pages(SearchQuery(filter: filter, order: order, maxResults: 1), &random) {
                    try await store.searchRuns(RunQuery(experimentIDs: ["0"], $0))
                }
                #expect(
                    found.map(\.id) == SearchedRecord.answer(records, filter, SearchFields.runs.completed(order)),
                    "\(filter) \(order)")
                if !found.isEmpty, found.count < runs.count { tellingCount += 1 }
            }
            #expect(tellingCount > 20, "many searches must find some runs and leave some")
        }
    }

    private static func makeRun(_ number: Int, _ store: Store, _ random: inout SeededNumbers) async throws {
        let id = "r\(number)"
        _ = try await store.createRun(
            RunRequest(
                id: id, experimentID: "0", name: random.pick(["n1", "N1", "n2"]), userID: random.pick(["", "a"]),
                startTimeMilliseconds: random.pick([0, 3, 5])))
        var batch = RunBatch()
        for key in ["k1", "k 2"] {
            if random.oneIn(2) { batch.params.append(Param(key: key, value: random.pick(words))) }
            if random.oneIn(2) { batch.tags[key] = random.pick(words) }
            for step in 0..<random.pick([0, 1, 2]) {
                let value = random.oneIn(5) ? .nan : random.pick(values)
                batch.metrics.append(
                    Metric(key: key, value: value, timestampMilliseconds: 0, step: Int64(step)))
            }
        }
        try await store.log(batch, to: id)
        for _ in 0..<random.pick([0, 0, 1, 2]) {
            let input = DatasetInput(
                name: random.pick(["a", "ab"]), digest: random.pick(["a", "é"]), sourceType: "s", source: "s",
                tags: random.oneIn(2) ? ["mlflow.data.context": random.pick(["a", "A"])] : [:])
            try await store.logDatasetInputs([input], to: id)
        }
        if random.oneIn(3) {
            _ = try await store.updateRun(
                id: id, status: .finished, endTimeMilliseconds: random.pick([3, 5]), name: nil)
        }
    }

    private static func record(_ run: Run, _ inputs: [DatasetInput]) -> SearchedRecord {
        var record = SearchedRecord(id: run.id)
        record.attributes = [
            "run_id": .text(run.id), "run_name": .text(run.name), "status": .text(run.status.rawValue),
            "user_id": .text(run.userID), "artifact_uri": .text(run.artifactURI),
            "start_time": .number(Double(run.startTimeMilliseconds)),
        ]
        record.attributes["end_time"] = run.endTimeMilliseconds.map { .number(Double($0)) }
        record.rows[.metric] = run.metrics.map { ($0.key, .number($0.value)) }
        record.latest = Dictionary(run.metrics.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        record.rows[.param] = run.params.map { ($0.key, .text($0.value)) }
        record.rows[.tag] = run.tags.map { ($0.key, .text($0.value)) }
        record.rows[.dataset] = inputs.flatMap { input in
            [("name", .text(input.name)), ("digest", .text(input.digest))]
                + (input.tags["mlflow.data.context"].map { [("context", .text($0))] } ?? [])
        }
        return record
    }

    // MARK: Experiments and models

    @Test(arguments: [4, 5] as [UInt64])
    func `experiments are found as if each had been looked at`(_ seed: UInt64) async throws {
        var random = SeededNumbers(seed: seed)
        try await StoreUnderTest.sqlite.with { store in
            for number in 0..<12 {
                _ = try await store.createExperiment(
                    name: "\(random.pick(["a", "A", "b"]))\(number)", tags: Self.tags(&random))
            }
            let all = try await store.searchExperiments(ExperimentQuery(SearchQuery(maxResults: 50))).items
            let records = all.map { experiment in
                var record = SearchedRecord(id: experiment.id)
                record.attributes = [
                    "name": .text(experiment.name), "experiment_id": .text(experiment.id),
                    "creation_time": .number(Double(experiment.creationTimeMilliseconds)),
                ]
                record.rows[.tag] = experiment.tags.map { ($0.key, .text($0.value)) }
                return record
            }
            let searches = MadeUpSearches(
                fields: Self.attributes(["name"], Self.texts)
                    + Self.attributes(["experiment_id"], [.equal, .notEqual] + Self.lists)
                    + Self.attributes(["creation_time"], Self.numbers)
                    + Self.keys(.tag, Self.texts + [.absent, .present]),
                orders: [SearchField(.attribute, "name"), SearchField(.attribute, "creation_time")],
                texts: Self.words + ["a1", "3"], numbers: [Double(all[3].creationTimeMilliseconds)])
            for _ in 0..<80 {
                let (filter, order) = (searches.filter(&random), searches.order(&random))
                let found = try await Self.pages(SearchQuery(filter: filter, order: order, maxResults: 1), &random) {
                    try await store.searchExperiments(ExperimentQuery($0))
                }
                // One digit or two: as a text an id would be ordered otherwise.
                let complete = SearchFields.experiments.completed(order).filter { $0.field.key != "experiment_id" }
                let ties =
                    order.isEmpty
                    ? records.sorted { Int($0.id) ?? 0 < Int($1.id) ?? 0 }
                    : records.sorted { Int($0.id) ?? 0 > Int($1.id) ?? 0 }
                #expect(found.map(\.id) == SearchedRecord.answer(ties, filter, complete), "\(filter) \(order)")
            }
        }
    }

    @Test(arguments: [6, 7] as [UInt64])
    func `registered models and versions are found as if each had been looked at`(_ seed: UInt64) async throws {
        var random = SeededNumbers(seed: seed)
        try await StoreUnderTest.sqlite.with { store in
            for number in 0..<8 {
                let name = "\(random.pick(["a", "A", "b"]))\(number)"
                _ = try await store.createRegisteredModel(name: name, description: "", tags: Self.tags(&random))
                for _ in 0..<random.pick([0, 1, 3]) {
                    _ = try await store.createVersion(
                        ModelVersionRequest(
                            name: name, source: "s3://\(random.pick(["a", "A", "é"]))",
                            runID: random.pick([nil, "a", "ab"]), tags: Self.tags(&random)))
                }
            }
            let models = try await store.registeredModels(maxResults: 50, pageToken: nil).items
            let modelRecords = models.map { model in
                var record = SearchedRecord(id: model.name)
                record.attributes = [
                    "name": .text(model.name),
                    "last_updated_timestamp": .number(Double(model.lastUpdateTimeMilliseconds)),
                ]
                record.rows[.tag] = model.tags.map { ($0.key, .text($0.value)) }
                return record
            }
            let versions = try await store.searchVersions(SearchQuery(maxResults: 100)).items
            let versionRecords = versions.map { version in
                var record = SearchedRecord(id: "\(version.name)/\(version.version)")
                record.attributes = [
                    "name": .text(version.name), "source_path": .text(version.source),
                    "run_id": .text(version.runID ?? ""), "version_number": .number(Double(version.version)),
                    "creation_timestamp": .number(Double(version.creationTimeMilliseconds)),
                    "last_updated_timestamp": .number(Double(version.lastUpdateTimeMilliseconds)),
                ]
                record.rows[.tag] = version.tags.map { ($0.key, .text($0.value)) }
                return record
            }
            let forModels = MadeUpSearches(
                fields: Self.attributes(["name"], Self.texts + Self.lists) + Self.keys(.tag, Self.texts),
                orders: [SearchField(.attribute, "last_updated_timestamp"), SearchField(.attribute, "name")],
                texts: Self.words + ["a1", "A3"], numbers: [1])
            let forVersions = MadeUpSearches(
                fields: Self.attributes(["name", "run_id"], Self.texts + Self.lists)
                    + Self.attributes(["source_path"], Self.texts) + Self.attributes(["version_number"], Self.numbers)
                    + Self.keys(.tag, Self.texts),
                orders: ["name", "version_number", "last_updated_timestamp"].map { SearchField(.attribute, $0) },
                texts: Self.words + ["a1", "s3://a"], numbers: [1, 2, 3])
            for _ in 0..<60 {
                let (filter, order) = (forModels.filter(&random), forModels.order(&random))
                let found = try await Self.pages(SearchQuery(filter: filter, order: order, maxResults: 1), &random) {
                    try await store.searchRegisteredModels($0)
                }
                let complete = SearchFields.registeredModels.completed(order)
                #expect(
                    found.map(\.name) == SearchedRecord.answer(modelRecords, filter, complete), "\(filter) \(order)")
            }
            for _ in 0..<60 {
                let (filter, order) = (forVersions.filter(&random), forVersions.order(&random))
                let found = try await Self.pages(SearchQuery(filter: filter, order: order, maxResults: 1), &random) {
                    try await store.searchVersions($0)
                }.map { "\($0.name)/\($0.version)" }
                let complete = SearchFields.modelVersions.completed(order)
                #expect(found == SearchedRecord.answer(versionRecords, filter, complete), "\(filter) \(order)")
            }
        }
    }

    @Test(arguments: [8, 9] as [UInt64])
    func `logged models are found as if each had been looked at`(_ seed: UInt64) async throws {
        var random = SeededNumbers(seed: seed)
        try await StoreUnderTest.sqlite.with { store in
            for run in ["r1", "r2"] { _ = try await store.makeRun(id: run) }
            for _ in 0..<15 {
                let model = try await store.createLoggedModel(
                    experimentID: "0", name: random.pick(["a", "A", "ab"]), modelType: random.pick(["", "a"]),
                    sourceRunID: random.pick([nil, "r1"]), params: [Param(key: "k1", value: random.pick(Self.words))],
                    tags: Self.tags(&random))
                if random.oneIn(2) { _ = try await store.finishLoggedModel(id: model.id, status: LoggedModel.ready) }
                for step in 0..<random.pick([0, 1, 3]) {
                    let point = Metric(
                        key: random.pick(["k1", "k 2"]), value: random.oneIn(5) ? .nan : random.pick(Self.values),
                        timestampMilliseconds: random.pick([0, 1]), step: Int64(step))
                    let dataset = random.pick([nil, "d1", "d2"])
                    let measured = ModelMetric(
                        modelID: model.id, metric: point, datasetName: dataset, datasetDigest: dataset.map { "\($0)x" })
                    try await store.log(
                        RunBatch(metrics: [point], modelMetrics: [measured]), to: random.pick(["r1", "r2"]))
                }
            }
            let models = try await store.searchLoggedModels(
                LoggedModelQuery(experimentIDs: ["0"], SearchQuery(maxResults: 50))
            ).items
            let searches = MadeUpSearches(
                fields: Self.attributes(["name", "model_type", "status", "source_run_id"], Self.texts + Self.lists)
                    + Self.keys(.metric, Self.numbers) + Self.keys(.param, Self.texts + Self.lists)
                    + Self.keys(.tag, Self.texts + Self.lists),
                orders: [
                    SearchField(.attribute, "name"), SearchField(.attribute, "source_run_id"),
                    SearchField(.metric, "k1"), SearchField(.metric, "k 2"),
                ],
                texts: Self.words + ["r1", LoggedModel.ready], numbers: Self.values)
            for _ in 0..<100 {
                let (filter, order) = (searches.filter(&random), searches.order(&random))
                let datasets: [LoggedModelQuery.Dataset] = random.pick([
                    [], [.init(name: "d1")], [.init(name: "d1", digest: "d1x"), .init(name: "d2")],
                ])
                let asksForMetrics = filter.comparisons.contains { $0.field.entity == .metric }
                let records = models.filter { model in
                    datasets.isEmpty || asksForMetrics || model.metrics.contains { Self.isMeasured($0, on: datasets) }
                }.map { Self.record($0, datasets) }
                let found = try await Self.pages(SearchQuery(filter: filter, order: order, maxResults: 1), &random) {
                    try await store.searchLoggedModels(
                        LoggedModelQuery(experimentIDs: ["0"], $0, datasets: datasets))
                }
                let complete = SearchFields.loggedModels.completed(order)
                #expect(found.map(\.id) == SearchedRecord.answer(records, filter, complete), "\(filter) \(order)")
            }
        }
    }

    private static func isMeasured(_ point: ModelMetric, on datasets: [LoggedModelQuery.Dataset]) -> Bool {
        datasets.isEmpty
            || datasets.contains {
                $0.name == point.datasetName && ($0.digest == nil || $0.digest == point.datasetDigest)
            }
    }

    private static func record(_ model: LoggedModel, _ datasets: [LoggedModelQuery.Dataset]) -> SearchedRecord {
        var record = SearchedRecord(id: model.id)
        record.attributes = [
            "name": .text(model.name), "model_type": .text(model.modelType), "status": .text(model.status),
            "model_id": .text(model.id), "creation_timestamp_ms": .number(Double(model.creationTimeMilliseconds)),
        ]
        record.attributes["source_run_id"] = model.sourceRunID.map { .text($0) }
        record.rows[.metric] = model.metrics.filter { isMeasured($0, on: datasets) }
            .map { ($0.metric.key, .number($0.metric.value)) }
        record.rows[.param] = model.params.map { ($0.key, .text($0.value)) }
        record.rows[.tag] = model.tags.map { ($0.key, .text($0.value)) }
        // Of two points of one moment that of the run made first counts: `r1`.
        let points = model.metrics.sorted {
            ($0.metric.timestampMilliseconds, $0.metric.step, $1.runID)
                < ($1.metric.timestampMilliseconds, $1.metric.step, $0.runID)
        }
        for point in points { record.latest[point.metric.key] = point.metric.value }
        return record
    }

    // MARK: -

    private static func tags(_ random: inout SeededNumbers) -> [String: String] {
        var tags: [String: String] = [:]
        for key in ["k1", "k 2"] where random.oneIn(2) { tags[key] = random.pick(words) }
        return tags
    }

    private static func attributes(
        _ names: [String], _ signs: [SearchOperator]
    ) -> [(field: SearchField, isNumber: Bool, signs: [SearchOperator])] {
        names.map { (SearchField(.attribute, $0), signs == numbers, signs) }
    }

    private static func keys(
        _ entity: SearchField.Entity, _ signs: [SearchOperator]
    ) -> [(field: SearchField, isNumber: Bool, signs: [SearchOperator])] {
        ["k1", "k 2", "none"].map { (SearchField(entity, $0), entity == .metric, signs) }
    }
}
