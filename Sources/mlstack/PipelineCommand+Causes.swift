import ArgumentParser
import Foundation
import Stack

/// What starts runs from outside, and the record of what people ordered.
extension PipelineCommand {
    private static func show(_ caused: Answers.Runs) {
        if caused.runs.isEmpty { print("no run begins now: no pipeline waits for it, or it waits for more") }
        for run in caused.runs { print("\(run.id)  \(run.state)") }
    }

    struct Hook: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start what waits for a webhook.")
        @Argument(help: "The webhook's name.") var name: String
        @Option(help: ArgumentHelp("What ${event.k} reads; may be repeated.", valueName: "k=v")) var field: [String] =
            []
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.post(
                "/api/v1/hooks/\(StackClient.escaped(name))", try KeyValues.read(field, option: "--field"))
            try server.show(text, as: Answers.Runs.self, PipelineCommand.show)
        }
    }

    struct Signal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell of a new version of a dataset.")
        @Argument(help: "The dataset's name.") var dataset: String
        @Option(help: "How many rows are new.") var newRows: Int?
        @OptionGroup var server: ServerOptions
        func run() async throws {
            var body: [String: any Sendable] = [:]
            if let newRows { body["new_rows"] = newRows }
            let text = try await server.client.post("/api/v1/datasets/\(StackClient.escaped(dataset))/events", body)
            try server.show(text, as: Answers.Runs.self, PipelineCommand.show)
        }
    }

    struct Audit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What people ordered, newest first.")
        @Argument(help: "A pipeline's id; default: all.") var id: String?
        @Option(help: "How many.") var limit = 100
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let path = id.map { PipelineCommand.path($0) + "/audit" } ?? "/api/v1/audit"
            try server.show(try await server.client.get(path + "?limit=\(limit)"), as: Answers.Audit.self) { answer in
                Terminal.table(
                    ["at", "who", "action", "pipeline", "run", "task", "detail"],
                    answer.entries.map {
                        [$0.at, $0.actor, $0.action, $0.pipeline, $0.run ?? "-", $0.task ?? "-", $0.detail]
                    })
            }
        }
    }
}
