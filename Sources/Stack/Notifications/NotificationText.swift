import Scheduling

/// A notification in words.
struct NotificationText {
    private let notification: Notification

    init(_ notification: Notification) { self.notification = notification }

    /// `movie_recommender failed`
    var headline: String {
        let pipeline = notification.pipelineID
        return switch notification.event {
        case .success: "\(pipeline) succeeded"
        case .failure: "\(pipeline) failed"
        case .retry: "\(pipeline): \(notification.taskID ?? "a task") is tried again"
        case .deadline: "\(pipeline) is late"
        case .recovered: "\(pipeline) works again"
        case nil: "\(pipeline): a message from \(notification.taskID ?? "a task")"
        }
    }

    /// All of it in one line.
    var line: String {
        var text = "\(headline) (run \(notification.runID)"
        if let task = notification.taskID, notification.event != nil { text += ", task \(task)" }
        text += ", \(notification.logicalDate.rfc3339))"
        return notification.message.map { "\(text): \($0)" } ?? text
    }
}
