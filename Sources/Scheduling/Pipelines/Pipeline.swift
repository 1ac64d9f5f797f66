/// A pipeline as its file means it: every name resolved, every duration a number, the graph proven acyclic.
///
/// Made only by the compiler in this folder, which refuses a file that is not right.
package struct Pipeline: Sendable, Equatable {
    package var id: String
    package var description: String
    package var tags: [String]
    /// IANA name; governs cron, `start` and every date that is shown.
    package var timeZoneID: String
    /// Constants, already resolved against each other.
    package var variables: [String: String]
    package var params: [ParamSpec]
    package var triggers: [Trigger]
    /// Runs of this pipeline at once; `overlap` says what becomes of further ones.
    package var maxActiveRuns: Int
    /// Tasks of all runs of this pipeline at once; nil: as many as the pools let.
    package var maxActiveTasks: Int? = nil
    package var overlap: Overlap = .queue
    /// How long after its moment a run should have ended; when it has not, `notify.deadline` says so.
    package var deadline: Duration? = nil
    package var environment: PipelineEnvironment = .research
    package var notifications: [NotificationRule] = []
    /// In the order of the file.
    package var tasks: [TaskSpec]
    /// Content hash of `source`, and of the files it includes.
    package var version: String
    package var source: String
    /// Files of shared tasks, by the path that the pipeline names them with.
    package var includes: [String: String] = [:]
    /// Where it was read; for messages.
    package var file: String
}

/// What becomes of a run for which there is no place.
package enum Overlap: String, Sendable, CaseIterable {
    /// It waits.
    case queue
    /// It is not made.
    case skip
    /// The oldest running one is cancelled.
    case cancelRunning = "cancel_running"
}

/// What the runs of a pipeline may change.
package enum PipelineEnvironment: String, Sendable, Codable, CaseIterable {
    /// Neither the `production` alias nor the artefacts of a production pipeline.
    case research
    case production
}

package struct RetryPolicy: Sendable, Equatable {
    package var max: Int
    package var delay: Duration
    package var backoff: Double
    package var maxDelay: Duration
    /// 0 ... 1 of the delay, spread by a hash so that it is repeatable.
    package var jitter: Double
    package static let none = RetryPolicy(max: 0, delay: .zero, backoff: 1, maxDelay: .zero, jitter: 0)
    package init(max: Int, delay: Duration, backoff: Double, maxDelay: Duration, jitter: Double) {
        (self.max, self.delay, self.backoff) = (max, delay, backoff)
        (self.maxDelay, self.jitter) = (maxDelay, jitter)
    }
}

package struct SourcePosition: Sendable, Equatable {
    package var line: Int
    package var column: Int
    package init(line: Int, column: Int) { (self.line, self.column) = (line, column) }
}

/// When a task may start, by what became of the tasks it needs (the words and meanings are Airflow's).
package enum TriggerRule: String, Sendable, CaseIterable {
    case allSuccess = "all_success"
    case allDone = "all_done"
    case allFailed = "all_failed"
    case oneSuccess = "one_success"
    case oneFailed = "one_failed"
    case oneDone = "one_done"
    case noneFailed = "none_failed"
    case noneFailedMinOneSuccess = "none_failed_min_one_success"
    case noneSkipped = "none_skipped"
    case allSkipped = "all_skipped"
    case allDoneMinOneSuccess = "all_done_min_one_success"
    case always
}
