import ArgumentParser
import Stack

extension ModelCommand {
    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who changed which alias or stage, when and why, newest first.",
            discussion: """
                Every alias and stage that was set, moved or removed, every version that was deleted and every new name, whoever \
                asked: a pipeline's run, a command, the page, or an MLflow client. Also of a model that has been deleted.
                """)
        @Argument(help: "The model's name.") var name: String
        @Option(help: "How many changes.") var limit = 100
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.get(
                StackClient.path(ofModel: name) + "/history?limit=\(limit)")
            try server.show(text, as: Answers.ModelHistory.self) { answer in
                Terminal.table(
                    ["when", "who", "what", "why"],
                    answer.changes.map { [$0.at, $0.actor, History.sentence($0), $0.reason.isEmpty ? "-" : $0.reason] })
            }
        }

        private static func sentence(_ change: Answers.ModelHistory.Change) -> String {
            func number(_ version: Int?) -> String { version.map { "\($0)" } ?? "none" }
            return switch change.kind {
            case "alias":
                "alias \(change.alias ?? "?"): \(number(change.previousVersion)) -> \(number(change.version))"
            case "stage":
                "stage of \(number(change.version)): \(change.previousStage ?? "?") -> \(change.stage ?? "?")"
            case "version_deleted": "version \(number(change.version)) deleted"
            case "renamed": "renamed: \(change.previousName ?? "?") -> \(change.name ?? "?")"
            case "model_deleted": "model deleted"
            default: change.kind
            }
        }
    }
}
