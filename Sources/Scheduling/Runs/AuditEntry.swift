/// Something that a person changed by hand.
package struct AuditEntry: Sendable, Equatable, Codable {
    package enum Action: String, Sendable, Codable, CaseIterable {
        case start, cancel, clear, pause, resume, backfill, apply, purge
        case markSuccess = "mark_success"
        case markFailed = "mark_failed"
    }
    package var at: Instant
    /// Who asked, as far as is known: `api`, `cli`, `page`, `chat:name`.
    package var actor: String
    package var action: Action
    package var pipelineID: String
    package var runID: String?
    package var taskID: String?
    /// One line on what it did.
    package var detail: String

    package init(
        at: Instant, actor: String, action: Action, pipelineID: String, runID: String? = nil, taskID: String? = nil,
        detail: String
    ) {
        (self.at, self.actor, self.action, self.pipelineID) = (at, actor, action, pipelineID)
        (self.runID, self.taskID, self.detail) = (runID, taskID, detail)
    }
}
