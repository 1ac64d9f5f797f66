import Hummingbird
import Scheduling

/// What became of the messages that runs send.
struct NotificationRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/notifications",
            RouteDocumentation(
                "Notifications, newest first: those that wait, have been delivered, or were given up", tag: "pipelines",
                query: [
                    .init("state", .string, "waiting, sending, delivered or given_up; all when absent."),
                    .init("limit", .integer, "How many at most; 100 when absent."),
                ], answers: "Notifications", failures: [422]),
            handler: list)
    }

    private func list(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let word = fields.string("state")
        let limit = try fields.int("limit", in: 1...1000) ?? 100
        try fields.finish()
        let state = word.flatMap(OutboxState.init)
        if let word, state == nil {
            throw ServingFailure.unprocessable(
                "`state` is \(word.prefix(100)).",
                remedy: "give one of \(OutboxState.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let entries = try await surroundings.ports.outbox?.entries(in: state, limit: limit) ?? []
        return .json(capacity: 128 + 512 * entries.count) { json in
            json.member("notifications", objects: entries) { $0.outbox($1) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func outbox(_ entry: OutboxEntry) {
        let notification = entry.notification
        member("id", notification.id)
        member("state", entry.state.rawValue)
        member("event", notification.event?.rawValue)
        member("to", notification.webhook.map(NotificationRoutes.place) ?? "log")
        member("pipeline", notification.pipelineID)
        member("run", notification.runID)
        member("task", notification.taskID)
        member("message", notification.message)
        member("attempts", entry.attempts)
        member("error", entry.error)
        member("created_at", notification.createdAt)
        // Of one that has been delivered or given up there is none.
        member("next_at", entry.state == .waiting ? entry.nextAt : nil)
    }
}

extension NotificationRoutes {
    /// Where a message goes, without what only those may know who send it: the path of a webhook is a password.
    static func place(_ webhook: String) -> String {
        // The names of secrets stand there, never their values.
        if webhook.hasPrefix("${") { return webhook }
        guard let scheme = webhook.firstRange(of: "://") else { return "***" }
        let host = webhook[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // A name and a password may stand before the host.
        let bare = host.lastIndex(of: "@").map { host[host.index(after: $0)...] } ?? host
        return "\(webhook[..<scheme.upperBound])\(bare)/***"
    }
}
