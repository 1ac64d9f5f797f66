import ArgumentParser
import Stack

extension PipelineCommand {
    struct Notifications: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What became of the messages that runs send, newest first.")
        @Option(help: "Only those that are waiting, sending, delivered or given_up.") var state: String?
        @Option(help: "How many.") var limit = 25
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let wanted = state.map { "&state=\(StackClient.escaped($0))" } ?? ""
            let text = try await server.client.get("/api/v1/notifications?limit=\(limit)\(wanted)")
            try server.show(text, as: Answers.Notifications.self) { answer in
                Terminal.table(
                    ["created", "state", "event", "run", "task", "to", "attempts", "reason"],
                    answer.notifications.map {
                        [
                            $0.createdAt, $0.state, $0.event ?? "message", $0.run, $0.task ?? "-", $0.to,
                            "\($0.attempts)", $0.error ?? "",
                        ]
                    })
            }
        }
    }
}
