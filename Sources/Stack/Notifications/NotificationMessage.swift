import Foundation
import Scheduling

/// The body that a webhook gets which is not Slack's.
struct NotificationMessage: Encodable {
    var id: String
    /// `message` when a task of the pipeline sent it.
    var event: String
    var pipeline: String
    var environment: String
    var run: String
    var task: String?
    var attempt: Int?
    var state: String
    var logicalDate: String
    var message: String?
    var log: [String]
    /// The page that shows the run.
    var url: String?
    var createdAt: String

    private enum CodingKeys: String, CodingKey {
        case id, event, pipeline, environment, run, task, attempt, state, message, log, url
        case logicalDate = "logical_date"
        case createdAt = "created_at"
    }

    init(_ notification: Notification, log: [String], page: String?) {
        (id, event) = (notification.id, notification.event?.rawValue ?? "message")
        (pipeline, environment) = (notification.pipelineID, notification.environment.rawValue)
        (run, task, attempt) = (notification.runID, notification.taskID, notification.attempt)
        (state, logicalDate) = (notification.state.rawValue, notification.logicalDate.rfc3339)
        (message, self.log, url) = (notification.message, log, page)
        createdAt = notification.createdAt.rfc3339
    }

    /// Every member is there, `null` where there is nothing to say.
    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id, forKey: .id)
        try values.encode(event, forKey: .event)
        try values.encode(pipeline, forKey: .pipeline)
        try values.encode(environment, forKey: .environment)
        try values.encode(run, forKey: .run)
        try values.encode(task, forKey: .task)
        try values.encode(attempt, forKey: .attempt)
        try values.encode(state, forKey: .state)
        try values.encode(logicalDate, forKey: .logicalDate)
        try values.encode(message, forKey: .message)
        try values.encode(log, forKey: .log)
        try values.encode(url, forKey: .url)
        try values.encode(createdAt, forKey: .createdAt)
    }

    var json: [UInt8] { get throws { try WebhookJSON.bytes(self) } }
}

/// The same text for the same message, in every attempt.
enum WebhookJSON {
    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
