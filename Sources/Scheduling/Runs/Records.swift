/// What a run of a DAG has come to.
package enum DAGRunState: String, Sendable, Codable, CaseIterable {
    case queued, running, success, failed, cancelled
    package var isTerminal: Bool { self == .success || self == .failed || self == .cancelled }
}

/// What a task of a run has come to; the words are Airflow's.
package enum TaskState: String, Sendable, Codable, CaseIterable {
    case none, scheduled, queued, running, success, failed, skipped, removed, cancelled
    case upForRetry = "up_for_retry"
    case upstreamFailed = "upstream_failed"

    package var isTerminal: Bool {
        switch self {
        case .success, .failed, .skipped, .upstreamFailed, .removed, .cancelled: true
        case .none, .scheduled, .queued, .running, .upForRetry: false
        }
    }
}

/// How a run came to be.
package enum RunCause: String, Sendable, Codable {
    case schedule, manual, pipeline, dataset, webhook, backfill
    /// The end of another pipeline's run.
    case after
}

/// One run of a pipeline over a data interval.
package struct DAGRun: Sendable, Equatable, Codable {
    /// Sortable by time of creation, e.g. `daily-20150109T000000-3f9a`.
    package var id: String
    package var pipelineID: String
    /// The content hash of the pipeline file that the run began with; it keeps that version to its end.
    package var pipelineVersion: String
    package var cause: RunCause
    package var clock: ClockName
    /// The moment the schedule fired, on the trigger's clock.
    package var logicalDate: Instant
    package var dataInterval: DataInterval
    /// Canonical text of each parameter's value.
    package var params: [String: String]
    package var state: DAGRunState
    /// One sentence on why it failed or was cancelled. On a run that has not ended: why it is being cancelled.
    package var message: String?
    /// The run that started this one by `pipeline/run`.
    package var parentRunID: String?
    /// Wall times.
    package var createdAt: Instant
    package var startedAt: Instant?
    package var endedAt: Instant?
    /// What a trigger saw when it fired: `${event.…}`.
    package var event: [String: String] = [:]

    package init(
        id: String, pipelineID: String, pipelineVersion: String, cause: RunCause, clock: ClockName,
        logicalDate: Instant, dataInterval: DataInterval, params: [String: String], state: DAGRunState,
        message: String? = nil, parentRunID: String? = nil, createdAt: Instant, startedAt: Instant? = nil,
        endedAt: Instant? = nil, event: [String: String] = [:]
    ) {
        self.event = event
        (self.id, self.pipelineID, self.pipelineVersion) = (id, pipelineID, pipelineVersion)
        (self.cause, self.clock, self.logicalDate, self.dataInterval) = (cause, clock, logicalDate, dataInterval)
        (self.params, self.state, self.message, self.parentRunID) = (params, state, message, parentRunID)
        (self.createdAt, self.startedAt, self.endedAt) = (createdAt, startedAt, endedAt)
    }

    /// Nothing more of it starts, and it ends once what is running has stopped; kept through a crash.
    package var isBeingCancelled: Bool { state == .running && message != nil }
}

/// What tasks hand to the tasks after them: at most 48 KiB of text per task; anything larger is a file.
package typealias TaskOutputs = [String: String]

/// One task of one run.
package struct TaskInstance: Sendable, Equatable, Codable {
    package var runID: String
    package var taskID: String
    package var state: TaskState
    /// Attempts begun, those lost to a crash or a shutdown included; logs are numbered by it.
    package var attempt: Int
    /// Attempts that ended in failure by the task's own doing; only these use up retries.
    package var failures: Int
    package var outputs: TaskOutputs
    /// Why it failed, was skipped or waits.
    package var message: String?
    /// Wall times: when it became ready, when the latest attempt began, when it ended, when the next attempt is due.
    package var scheduledAt: Instant?
    package var startedAt: Instant?
    package var endedAt: Instant?
    package var retryAt: Instant?
    /// Of the shell process of the running attempt: what a later start needs to make sure it is gone.
    package var process: ProcessMark?
    /// When it began to wait for a slot.
    package var queuedAt: Instant?
    /// Of the latest attempt that ended.
    package var measures: TaskMeasures?
    /// Of a task made by `foreach`: its item, and the task that it was made from.
    package var item: String?
    package var mappedFrom: String?

    package init(
        runID: String, taskID: String, state: TaskState = .none, attempt: Int = 0, failures: Int = 0,
        outputs: TaskOutputs = [:], message: String? = nil, scheduledAt: Instant? = nil, startedAt: Instant? = nil,
        endedAt: Instant? = nil, retryAt: Instant? = nil, process: ProcessMark? = nil, queuedAt: Instant? = nil,
        measures: TaskMeasures? = nil, item: String? = nil, mappedFrom: String? = nil
    ) {
        (self.queuedAt, self.measures, self.item, self.mappedFrom) = (queuedAt, measures, item, mappedFrom)
        (self.runID, self.taskID, self.state, self.attempt) = (runID, taskID, state, attempt)
        (self.failures, self.outputs, self.message, self.scheduledAt) = (failures, outputs, message, scheduledAt)
        (self.startedAt, self.endedAt, self.retryAt, self.process) = (startedAt, endedAt, retryAt, process)
    }
}

/// Names one process for as long as the machine is up, though its number may be given to another later.
package struct ProcessMark: Sendable, Equatable, Codable {
    /// Leader of its own process group.
    package var processID: Int32
    /// Field 22 of `/proc/<pid>/stat`: clock ticks after boot.
    package var startTicks: UInt64
    /// `/proc/sys/kernel/random/boot_id`.
    package var bootID: String
    package init(processID: Int32, startTicks: UInt64, bootID: String) {
        (self.processID, self.startTicks, self.bootID) = (processID, startTicks, bootID)
    }
}
