/// Whether a record can be written to, or only read and restored.
package enum LifecycleStage: String, Sendable, Codable {
    case active, deleted
}

/// Which lifecycle stages a search looks at.
package enum ViewType: String, Sendable {
    case activeOnly = "ACTIVE_ONLY"
    case deletedOnly = "DELETED_ONLY"
    case all = "ALL"
}

/// A named group of runs.
package struct Experiment: Sendable, Equatable {
    /// Decimal; the experiment `Default` is always `"0"`.
    package var id: String
    package var name: String
    /// `mlflow-artifacts:/<id>`.
    package var artifactLocation: String
    package var lifecycleStage: LifecycleStage
    package var creationTimeMilliseconds: Int64
    package var lastUpdateTimeMilliseconds: Int64
    package var tags: [String: String]

    package init(
        id: String, name: String, artifactLocation: String, lifecycleStage: LifecycleStage,
        creationTimeMilliseconds: Int64, lastUpdateTimeMilliseconds: Int64, tags: [String: String]
    ) {
        (self.id, self.name, self.artifactLocation, self.lifecycleStage) = (id, name, artifactLocation, lifecycleStage)
        (self.creationTimeMilliseconds, self.lastUpdateTimeMilliseconds, self.tags) = (
            creationTimeMilliseconds, lastUpdateTimeMilliseconds, tags
        )
    }
}

package enum RunStatus: String, Sendable, Codable {
    case running = "RUNNING"
    case scheduled = "SCHEDULED"
    case finished = "FINISHED"
    case failed = "FAILED"
    case killed = "KILLED"

    /// A run ends once.
    package var isTerminal: Bool { self == .finished || self == .failed || self == .killed }
}

/// One execution of somebody's code, with what went in and what came out.
package struct Run: Sendable, Equatable {
    /// 32 hexadecimal digits.
    package var id: String
    package var experimentID: String
    package var name: String
    package var userID: String
    package var status: RunStatus
    package var startTimeMilliseconds: Int64
    package var endTimeMilliseconds: Int64?
    /// `mlflow-artifacts:/<experiment>/<run>/artifacts`.
    package var artifactURI: String
    package var lifecycleStage: LifecycleStage
    /// The latest point of each metric: the largest (step, timestamp, value).
    package var metrics: [Metric]
    package var params: [Param]
    package var tags: [String: String]

    package init(
        id: String, experimentID: String, name: String, userID: String, status: RunStatus,
        startTimeMilliseconds: Int64, endTimeMilliseconds: Int64?, artifactURI: String,
        lifecycleStage: LifecycleStage, metrics: [Metric], params: [Param], tags: [String: String]
    ) {
        (self.id, self.experimentID, self.name, self.userID) = (id, experimentID, name, userID)
        (self.status, self.startTimeMilliseconds, self.endTimeMilliseconds, self.artifactURI) = (
            status, startTimeMilliseconds, endTimeMilliseconds, artifactURI
        )
        (self.lifecycleStage, self.metrics, self.params, self.tags) = (lifecycleStage, metrics, params, tags)
    }
}

extension Run {
    /// Where clients older than logged models keep what they logged: a JSON list.
    package static let loggedModelsTag = "mlflow.log-model.history"
}

/// One point of a metric's history.
package struct Metric: Sendable, Equatable {
    package var key: String
    /// May be NaN; infinities are clamped to the largest finite double.
    package var value: Double
    package var timestampMilliseconds: Int64
    package var step: Int64

    package init(
        key: String, value: Double, timestampMilliseconds: Int64, step: Int64
    ) {
        (self.key, self.value, self.timestampMilliseconds, self.step) = (key, value, timestampMilliseconds, step)
    }
}

/// A point of a metric that a run measured on a logged model.
package struct ModelMetric: Sendable, Equatable {
    package var modelID: String
    /// Empty until it has been stored.
    package var runID: String
    package var metric: Metric
    /// The dataset on which it was measured.
    package var datasetName: String?
    package var datasetDigest: String?

    package init(
        modelID: String, runID: String = "", metric: Metric, datasetName: String? = nil, datasetDigest: String? = nil
    ) {
        (self.modelID, self.runID, self.metric) = (modelID, runID, metric)
        (self.datasetName, self.datasetDigest) = (datasetName, datasetDigest)
    }
}

/// A write-once input of a run.
package struct Param: Sendable, Equatable {
    package var key: String
    package var value: String

    package init(
        key: String, value: String
    ) {
        (self.key, self.value) = (key, value)
    }
}

/// A page of results and the opaque token of the next one.
package struct Page<Element: Sendable>: Sendable {
    package var items: [Element]
    package var nextPageToken: String?

    package init(
        items: [Element], nextPageToken: String?
    ) {
        (self.items, self.nextPageToken) = (items, nextPageToken)
    }
}
