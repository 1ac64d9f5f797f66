import ArgumentParser
import Stack

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
