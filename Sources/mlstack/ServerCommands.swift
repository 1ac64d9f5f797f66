import ArgumentParser
import Foundation
import Stack

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "What is running and how it does.")
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client
        try server.show(try await client.get("/api/v1/status"), as: Answers.Status.self) { status in
            print(
                "mlstack \(status.version) at \(client.url), home \(status.home), up \(Int(status.uptimeSeconds)) s, \(status.memoryBytes / 1_048_576) MiB"
            )
            print("replay     \(status.replay.line)")
            let model = status.serving.model.map { "\($0.name) version \($0.version)" } ?? "no model yet"
            print("serving    \(model), \(status.serving.swaps) swaps")
            print("pipelines  \(status.pipelines.running) running, \(status.pipelines.queued) queued")
        }
    }
}

extension Answers.Replay {
    var line: String {
        let pace = dayLengthSeconds == 0 ? "as fast as it can" : "\(dayLengthSeconds.formatted()) s a day"
        return
            "\(now.prefix(10)), \(state), day \(day) of \(daysTotal), \(ratingsArrived) of \(ratingsTotal) ratings, \(pace)"
    }
}

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "The clock of the simulated days.",
        subcommands: [Status.self, Play.self, Pause.self, Step.self, Goto.self, Reset.self],
        defaultSubcommand: Status.self)

    fileprivate static func order(_ body: [String: any Sendable], _ server: ServerOptions) async throws {
        try server.show(try await server.client.post("/api/v1/replay", body), as: Answers.Replay.self) {
            print($0.line)
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Where the clock stands.")
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try server.show(try await server.client.get("/api/v1/replay"), as: Answers.Replay.self) { print($0.line) }
        }
    }
    struct Play: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let the days go by.")
        @OptionGroup var server: ServerOptions
        @Option(help: "Wall time of one simulated day: 10s, 500ms, 0.") var dayLength: String?
        func run() async throws {
            var body: [String: any Sendable] = ["action": "play"]
            if let dayLength {
                guard let duration = dayLength.wallDuration else { throw StackError.badDayLength(text: dayLength) }
                body["day_length_seconds"] =
                    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
            }
            try await ReplayCommand.order(body, server)
        }
    }
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop after the current day.")
        @OptionGroup var server: ServerOptions
        func run() async throws { try await ReplayCommand.order(["action": "pause"], server) }
    }
    struct Step: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let so many days go by at full speed, then pause.")
        @Argument(help: "How many days.") var days = 1
        @OptionGroup var server: ServerOptions
        func run() async throws { try await ReplayCommand.order(["action": "step", "days": days], server) }
    }
    struct Goto: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Go to a later day at full speed, then pause.")
        @Argument(help: "The day, as 2015-12-31.") var date: String
        @OptionGroup var server: ServerOptions
        func run() async throws { try await ReplayCommand.order(["action": "goto", "date": date], server) }
    }
    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Back to the first day: removes the runs, models and curves that the pipelines made.")
        @OptionGroup var server: ServerOptions
        func run() async throws { try await ReplayCommand.order(["action": "reset"], server) }
    }
}

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Registered models and their versions.",
        subcommands: [List.self, Show.self, Promote.self, Rollback.self])

    fileprivate static func show(_ model: Answers.Model) {
        Terminal.table(
            ["version", "aliases", "stage", "algorithm", "trained up to", "ndcg@10", "created"],
            model.versions.map { version in
                let quality = (version.metrics["ndcg_at_10"] ?? nil).map { String(format: "%.4f", $0) } ?? "-"
                return [
                    "\(version.version)", version.aliases.joined(separator: ","), version.stage,
                    version.algorithm ?? "-",
                    version.simulatedDate ?? "-", quality, version.createdAt,
                ]
            })
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every registered model.")
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try server.show(try await server.client.get("/api/v1/models"), as: Answers.Models.self) { answer in
                Terminal.table(
                    ["model", "versions", "aliases"],
                    answer.models.map { model in
                        let aliases = model.aliases.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                        return [model.name, "\(model.versions)", aliases.joined(separator: " ")]
                    })
            }
        }
    }
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The versions of a model, newest first.")
        @Argument(help: "The model's name.") var name: String
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.get("/api/v1/models/\(StackClient.escaped(name))")
            try server.show(text, as: Answers.Model.self, ModelCommand.show)
        }
    }
    struct Promote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a version an alias; serving follows `production`.")
        @Argument(help: "The model's name.") var name: String
        @Argument(help: "The version's number.") var version: Int
        @Option(help: "The alias to move.") var alias = "production"
        @Option(help: "Why, for the history.") var reason = "promoted from the command line"
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.post(
                "/api/v1/models/\(StackClient.escaped(name))/promote",
                ["version": version, "alias": alias, "reason": reason])
            try server.show(text, as: Answers.Model.self, ModelCommand.show)
        }
    }
    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give the alias back to the version that had it before.")
        @Argument(help: "The model's name.") var name: String
        @Option(help: "The alias.") var alias = "production"
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.post(
                "/api/v1/models/\(StackClient.escaped(name))/rollback", ["alias": alias])
            try server.show(text, as: Answers.Model.self, ModelCommand.show)
        }
    }
}

struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "The description of the HTTP API, as JSON.")
    @OptionGroup var server: ServerOptions
    func run() async throws { print(try await server.client.get("/openapi.json")) }
}
