/// Something that somebody is to be told, as it lies in the outbox: stored together with what it tells of.
package struct Notification: Sendable, Equatable, Codable {
    /// The same thing told twice has the same id, and is stored once.
    package var id: String
    /// nil: not by a rule of the pipeline, but a message that one of its tasks sends.
    package var event: NotificationRule.Event?
    /// Where to; nil: into the program's own log.
    package var webhook: String?
    package var pipelineID: String
    package var environment: PipelineEnvironment
    package var runID: String
    package var state: DAGRunState
    package var logicalDate: Instant
    package var taskID: String?
    package var attempt: Int?
    package var message: String?
    package var logLines: Int
    package var createdAt: Instant

    package init(
        id: String, event: NotificationRule.Event?, webhook: String?, pipelineID: String,
        environment: PipelineEnvironment, runID: String, state: DAGRunState, logicalDate: Instant,
        taskID: String? = nil, attempt: Int? = nil, message: String? = nil, logLines: Int, createdAt: Instant
    ) {
        (self.id, self.event, self.webhook, self.pipelineID) = (id, event, webhook, pipelineID)
        (self.environment, self.runID, self.state, self.logicalDate) = (environment, runID, state, logicalDate)
        (self.taskID, self.attempt, self.message) = (taskID, attempt, message)
        (self.logLines, self.createdAt) = (logLines, createdAt)
    }
}
