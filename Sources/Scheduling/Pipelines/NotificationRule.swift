/// Whom to tell of what becomes of a pipeline's runs.
package struct NotificationRule: Sendable, Equatable {
    package enum Event: String, Sendable, Codable, CaseIterable {
        case success, failure, retry, deadline
        /// The first success after a failure.
        case recovered
    }
    package enum Target: Sendable, Equatable {
        /// An address, filled in when it is needed.
        case webhook(Template)
        /// The program's own log.
        case log
    }
    package var event: Event
    package var target: Target
    /// Of the end of the failed task's log, for `failure` and `retry`.
    package var logLines: Int
    package init(event: Event, target: Target, logLines: Int) {
        (self.event, self.target, self.logLines) = (event, target, logLines)
    }
}
