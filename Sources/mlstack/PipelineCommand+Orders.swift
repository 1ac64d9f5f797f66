import ArgumentParser
import Foundation
import Stack

/// Orders about runs and schedules.
extension PipelineCommand {
    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop a run and what it has started.")
        @Argument(help: "The run's id.") var run: String
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let client = try server.client
            let text = try await client.post(try await client.path(ofRun: run) + "/cancel")
            try server.show(text, as: Answers.Run.self, PipelineCommand.show)
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget what tasks have come to and run them again, with all that come after them.")
        @Argument(help: "The run's id.") var run: String
        @Argument(help: "Tasks; default: all.") var tasks: [String] = []
        @Flag(help: "Only those that failed, or did not run because of a failure.") var onlyFailed = false
        @Flag(help: "Not the tasks after them.") var noDownstream = false
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let client = try server.client
            var body: [String: any Sendable] = ["only_failed": onlyFailed, "downstream": !noDownstream]
            if !tasks.isEmpty { body["tasks"] = tasks }
            let text = try await client.post(try await client.path(ofRun: run) + "/clear", body)
            try server.show(text, as: Answers.Cleared.self) { answer in
                print(
                    answer.cleared.isEmpty
                        ? "\(answer.run): nothing to clear" : "cleared \(answer.cleared.joined(separator: ", "))")
                print("\(answer.run)  \(answer.state)")
            }
        }
    }

    struct Mark: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a task or a whole run has come to, without running anything.")
        @Argument(help: "The run's id.") var run: String
        @Argument(help: "The task; default: the run.") var task: String?
        @Flag(help: "It is a success.") var success = false
        @Flag(help: "It has failed.") var failed = false
        @OptionGroup var server: ServerOptions

        func validate() throws {
            if success == failed { throw ValidationError("say --success or --failed") }
        }

        func run() async throws {
            let client = try server.client
            var body: [String: any Sendable] = ["state": success ? "success" : "failed"]
            if let task { body["task"] = task }
            let text = try await client.post(try await client.path(ofRun: run) + "/mark", body)
            try server.show(text, as: Answers.Run.self, PipelineCommand.show)
        }
    }

    struct Backfill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the runs of a stretch of the schedule, oldest first, after saying how many.")
        @Argument(help: "The pipeline's id.") var id: String
        @Option(help: ArgumentHelp("The first moment, such as 2015-01-09.", valueName: "time")) var from: String
        @Option(help: ArgumentHelp("The last moment.", valueName: "time")) var to: String
        @Option(help: ArgumentHelp("A parameter; may be repeated.", valueName: "k=v")) var param: [String] = []
        @Flag(help: "Only say which runs it would make.") var dryRun = false
        @Flag(help: "Make them without asking.") var yes = false
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let client = try server.client
            let path = PipelineCommand.path(id) + "/backfill"
            var body: [String: any Sendable] = [
                "from": from, "to": to, "params": try KeyValues.read(param, option: "--param"), "dry_run": true,
            ]
            let text = try await client.post(path, body)
            let plan: Answers.Backfill = try StackClient.decode(text)
            if dryRun, server.json { return print(text) }
            if !server.json { show(plan) }
            if dryRun || plan.dates.isEmpty {
                if server.json { print(text) }
                return
            }
            try Terminal.confirm("Create \(plan.dates.count) \(plan.dates.count == 1 ? "run" : "runs")?", isGiven: yes)
            body["dry_run"] = false
            try server.show(try await client.post(path, body), as: Answers.Backfill.self) { made in
                for run in made.runs { print(run) }
            }
        }

        private func show(_ plan: Answers.Backfill) {
            var line = "\(id): \(plan.dates.count) \(plan.dates.count == 1 ? "run" : "runs") to create"
            if let first = plan.dates.first, let last = plan.dates.last {
                line += plan.dates.count == 1 ? ", for \(first)" : ", from \(first) to \(last)"
            }
            if plan.existing > 0 { line += "; \(plan.existing) of that stretch exist already" }
            print(line)
            if dryRun { for date in plan.dates { print(date) } }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a pipeline's schedule rest.")
        @Argument(help: "The pipeline's id.") var id: String
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.post(PipelineCommand.path(id) + "/pause")
            try server.show(text, as: Answers.Pipeline.self) { print("\($0.id) is paused") }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a paused pipeline's schedule go on.")
        @Argument(help: "The pipeline's id.") var id: String
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.post(PipelineCommand.path(id) + "/resume")
            try server.show(text, as: Answers.Pipeline.self) { print("\($0.id) goes on") }
        }
    }
}
