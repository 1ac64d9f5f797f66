/// Where experiments and runs are kept. Every call that returns has been committed.
///
/// Conformers: `SQLiteStore` in Storage; a fault-injecting one in the tests.
/// - Throws: `RegistryError` from every call.
package protocol TrackingStore: Sendable {
    func createExperiment(name: String, tags: [String: String]) async throws -> String
    func experiment(id: String) async throws -> Experiment
    /// Also finds a deleted one, as MLflow does.
    func experiment(named name: String) async throws -> Experiment
    func searchExperiments(_ query: ExperimentQuery) async throws -> Page<Experiment>
    func setExperimentTag(_ key: String, to value: String, on experimentID: String) async throws
    func deleteExperimentTag(_ key: String, from experimentID: String) async throws
    func setExperimentLifecycle(_ stage: LifecycleStage, id: String) async throws
    func renameExperiment(id: String, to name: String) async throws

    /// - Parameter id: given by a caller that wants the creation to be idempotent (a pipeline run); otherwise random.
    func createRun(_ request: RunRequest) async throws -> Run
    func run(id: String) async throws -> Run
    /// Changes what is given; leaves the rest. Ending a run twice with the same status changes nothing.
    func updateRun(id: String, status: RunStatus?, endTimeMilliseconds: Int64?, name: String?) async throws -> Run
    func setRunLifecycle(_ stage: LifecycleStage, id: String) async throws
    /// Params, then metrics, then tags in one transaction: all or nothing.
    func log(_ batch: RunBatch, to runID: String) async throws
    func deleteTag(_ key: String, from runID: String) async throws
    /// Adds a model that an older client logged, a JSON object, to the list that the run keeps of them as a tag.
    func logModel(_ json: String, to runID: String) async throws
    func metricHistory(runID: String, key: String, maxResults: Int, pageToken: String?) async throws -> Page<Metric>
    func searchRuns(_ query: RunQuery) async throws -> Page<Run>
    func logDatasetInputs(_ inputs: [DatasetInput], to runID: String) async throws
    func datasetInputs(of runID: String) async throws -> [DatasetInput]
    /// The same for many runs at once, by their ids; a run without inputs has no entry.
    func datasetInputs(ofRuns ids: [String]) async throws -> [String: [DatasetInput]]
    /// The same metric of several runs at chosen steps, by run, step and timestamp; of an unknown run there is nothing.
    func sampledHistory(_ query: HistorySample) async throws -> [RunMetric]
    /// What the runs of some experiments read, each dataset once for each of its contexts.
    func datasetSummaries(experimentIDs: [String]) async throws -> [DatasetSummary]
    /// What experiments hold, the one with the newest run first.
    /// - Parameter id: of the only one to be told of; nil: all of `view`.
    func experimentSummaries(_ view: ViewType, id: String?, limit: Int) async throws -> [ExperimentSummary]
}

/// Which points of a metric are wanted, when there are more than can be drawn.
package struct HistorySample: Sendable {
    package var runIDs: [String]
    package var key: String
    /// nil: all.
    package var steps: ClosedRange<Int64>?
    /// Of steps; the first and the last of each run come on top.
    package var maxSteps: Int
    package init(runIDs: [String], key: String, steps: ClosedRange<Int64>?, maxSteps: Int) {
        (self.runIDs, self.key, self.steps, self.maxSteps) = (runIDs, key, steps, maxSteps)
    }
}

/// A point of a metric, and whose it is.
package struct RunMetric: Sendable, Equatable {
    package var runID: String
    package var metric: Metric
    package init(runID: String, metric: Metric) { (self.runID, self.metric) = (runID, metric) }
}

/// A dataset that runs of an experiment read.
package struct DatasetSummary: Sendable, Equatable {
    package var experimentID: String
    package var name: String
    package var digest: String
    /// What for: `training`, `eval`.
    package var context: String?
    package init(experimentID: String, name: String, digest: String, context: String?) {
        (self.experimentID, self.name, self.digest, self.context) = (experimentID, name, digest, context)
    }
}

package struct RunRequest: Sendable {
    package var id: String?
    package var experimentID: String
    package var name: String?
    package var userID: String
    package var startTimeMilliseconds: Int64
    package var tags: [String: String]
    package init(
        id: String? = nil, experimentID: String, name: String? = nil, userID: String = "",
        startTimeMilliseconds: Int64, tags: [String: String] = [:]
    ) {
        (self.id, self.experimentID, self.name, self.userID) = (id, experimentID, name, userID)
        (self.startTimeMilliseconds, self.tags) = (startTimeMilliseconds, tags)
    }
}

package struct RunBatch: Sendable {
    package var params: [Param]
    package var metrics: [Metric]
    /// Those among the metrics that were measured on a logged model, which keeps them too.
    package var modelMetrics: [ModelMetric]
    package var tags: [String: String]
    package init(
        params: [Param] = [], metrics: [Metric] = [], modelMetrics: [ModelMetric] = [], tags: [String: String] = [:]
    ) {
        (self.params, self.metrics, self.modelMetrics, self.tags) = (params, metrics, modelMetrics, tags)
    }
}

/// A dataset that a run read, as MLflow's `log_input` records it.
package struct DatasetInput: Sendable, Equatable {
    package var name: String
    package var digest: String
    package var sourceType: String
    package var source: String
    package var schema: String?
    package var profile: String?
    package var tags: [String: String]
    package init(
        name: String, digest: String, sourceType: String, source: String, schema: String? = nil, profile: String? = nil,
        tags: [String: String] = [:]
    ) {
        (self.name, self.digest, self.sourceType, self.source) = (name, digest, sourceType, source)
        (self.schema, self.profile, self.tags) = (schema, profile, tags)
    }
}
