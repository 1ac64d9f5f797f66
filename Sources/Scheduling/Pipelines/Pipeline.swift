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
    package var triggers: [CronTrigger]
    /// Runs of this pipeline at once; further ones wait as `queued`.
    package var maxActiveRuns: Int
    /// In the order of the file.
    package var tasks: [TaskSpec]
    /// Content hash of `source`.
    package var version: String
    package var source: String
    /// Where it was read; for messages.
    package var file: String
}

package struct CronTrigger: Sendable, Equatable {
    package var schedule: CronSchedule
    package var clock: ClockName
    /// No firing before this moment.
    package var start: Instant?
    package var end: Instant?
    package var catchup: Catchup
    /// Given to the runs this trigger starts.
    package var params: [String: String]
}

/// What becomes of firings that were missed while nothing ran. On the replay clock none can be missed.
package enum Catchup: String, Sendable, CaseIterable {
    case none, latest, all
}

package struct TaskSpec: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        /// A shell command; `${…}` not yet put in.
        case shell(Template)
        /// A built-in operator and its `with:`, checked against the operator's settings.
        case uses(operator: String, with: [String: SettingTemplate])
    }
    package var id: String
    package var action: Action
    package var needs: [String]
    package var triggerRule: TriggerRule
    package var retry: RetryPolicy
    /// Of one attempt; nil: none.
    package var timeout: Duration?
    package var environment: [String: Template]
    package var workingDirectory: Template?
    /// Where the task stands in the file, for messages: `file:line:column`.
    package var position: SourcePosition
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
