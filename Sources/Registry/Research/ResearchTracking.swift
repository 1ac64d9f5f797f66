/// Experiments and runs as research runs see them: all of them to read, and what is not production's to change.
package struct ResearchTracking: TrackingStore {
    private let inner: any TrackingStore
    private let production: ProductionGuard

    package init(_ inner: any TrackingStore, production: ProductionGuard) {
        (self.inner, self.production) = (inner, production)
    }

    package func createExperiment(name: String, tags: [String: String]) async throws -> String {
        try await inner.createExperiment(name: name, tags: tags)
    }

    package func experiment(id: String) async throws -> Experiment { try await inner.experiment(id: id) }

    package func experiment(named name: String) async throws -> Experiment { try await inner.experiment(named: name) }

    package func searchExperiments(_ query: ExperimentQuery) async throws -> Page<Experiment> {
        try await inner.searchExperiments(query)
    }

    package func setExperimentTag(_ key: String, to value: String, on experimentID: String) async throws {
        try await inner.setExperimentTag(key, to: value, on: experimentID)
    }

    package func deleteExperimentTag(_ key: String, from experimentID: String) async throws {
        try await inner.deleteExperimentTag(key, from: experimentID)
    }

    package func setExperimentLifecycle(_ stage: LifecycleStage, id: String) async throws {
        try await production.check(experiment: id)
        try await inner.setExperimentLifecycle(stage, id: id)
    }

    package func renameExperiment(id: String, to name: String) async throws {
        try await production.check(experiment: id)
        try await inner.renameExperiment(id: id, to: name)
    }

    /// The run says that research made it, whatever the request says.
    package func createRun(_ request: RunRequest) async throws -> Run {
        var request = request
        request.tags[ProductionGuard.tag] = ProductionGuard.research
        return try await inner.createRun(request)
    }

    package func run(id: String) async throws -> Run { try await inner.run(id: id) }

    package func updateRun(
        id: String, status: RunStatus?, endTimeMilliseconds: Int64?, name: String?
    ) async throws -> Run {
        try await production.check(run: id)
        return try await inner.updateRun(
            id: id, status: status, endTimeMilliseconds: endTimeMilliseconds, name: name)
    }

    package func setRunLifecycle(_ stage: LifecycleStage, id: String) async throws {
        try await production.check(run: id)
        try await inner.setRunLifecycle(stage, id: id)
    }

    package func log(_ batch: RunBatch, to runID: String) async throws {
        for key in batch.tags.keys { try production.check(tag: key) }
        try await production.check(run: runID)
        try await inner.log(batch, to: runID)
    }

    package func deleteTag(_ key: String, from runID: String) async throws {
        try production.check(tag: key)
        try await production.check(run: runID)
        try await inner.deleteTag(key, from: runID)
    }

    package func metricHistory(
        runID: String, key: String, maxResults: Int, pageToken: String?
    ) async throws -> Page<Metric> {
        try await inner.metricHistory(runID: runID, key: key, maxResults: maxResults, pageToken: pageToken)
    }

    package func searchRuns(_ query: RunQuery) async throws -> Page<Run> { try await inner.searchRuns(query) }

    package func logDatasetInputs(_ inputs: [DatasetInput], to runID: String) async throws {
        try await production.check(run: runID)
        try await inner.logDatasetInputs(inputs, to: runID)
    }

    package func datasetInputs(of runID: String) async throws -> [DatasetInput] {
        try await inner.datasetInputs(of: runID)
    }
    package func datasetInputs(ofRuns ids: [String]) async throws -> [String: [DatasetInput]] {
        try await inner.datasetInputs(ofRuns: ids)
    }

    package func logModel(_ json: String, to runID: String) async throws {
        try await production.check(run: runID)
        try await inner.logModel(json, to: runID)
    }

    package func sampledHistory(_ query: HistorySample) async throws -> [RunMetric] {
        try await inner.sampledHistory(query)
    }

    package func datasetSummaries(experimentIDs: [String]) async throws -> [DatasetSummary] {
        try await inner.datasetSummaries(experimentIDs: experimentIDs)
    }

    package func experimentSummaries(_ view: ViewType, id: String?, limit: Int) async throws -> [ExperimentSummary] {
        try await inner.experimentSummaries(view, id: id, limit: limit)
    }
}
