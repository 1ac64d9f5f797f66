import ArgumentParser
import Foundation
import Stack

struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline", abstract: "Pipelines and their runs.",
        subcommands: [
            List.self, Show.self, Validate.self, Run.self, Runs.self, Logs.self, Pause.self, Resume.self,
        ])

    fileprivate static func path(_ id: String) -> String { "/api/v1/pipelines/\(StackClient.escaped(id))" }

    fileprivate static func show(_ run: Answers.Run) {
        print("\(run.id)  \(run.state)\(run.message.map { "  \($0)" } ?? "")")
        if let tasks = run.tasks {
            Terminal.table(
                ["task", "state", "attempt", "message"],
                tasks.map { [$0.id, $0.state, "\($0.attempt)", $0.message ?? ""] })
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every pipeline.")
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try server.show(try await server.client.get("/api/v1/pipelines"), as: Answers.Pipelines.self) { answer in
                Terminal.table(
                    ["pipeline", "schedule", "next", "last runs", "problems"],
                    answer.pipelines.map { pipeline in
                        [
                            pipeline.id + (pipeline.paused ? " (paused)" : ""),
                            pipeline.schedules.joined(separator: "; "),
                            pipeline.next.first?.at ?? "-", pipeline.lastRuns.map(\.glyph).joined(),
                            "\(pipeline.problems.count)",
                        ]
                    })
            }
        }
    }
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A pipeline's tasks and its file.")
        @Argument(help: "The pipeline's id.") var id: String
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try server.show(try await server.client.get(PipelineCommand.path(id)), as: Answers.Pipeline.self) {
                pipeline in
                print("\(pipeline.id): \(pipeline.description)\nfile \(pipeline.file), zone \(pipeline.timezone)")
                for schedule in pipeline.schedules { print("schedule \(schedule)") }
                for problem in pipeline.problems { print("problem \(problem)") }
                Terminal.table(
                    ["task", "type", "needs"],
                    (pipeline.tasks ?? []).map { [$0.id, $0.type, $0.needs.joined(separator: ", ")] })
            }
        }
    }
    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check pipeline files without a server; exits with 1 when one has an error.")
        @Argument(help: "Files or folders; default: the home's pipelines.") var paths: [String] = []
        @OptionGroup var home: HomeOption
        func run() throws {
            let check = try PipelineCheck(paths: paths.isEmpty ? [home.place.pipelines] : paths)
            for line in check.lines { print(line) }
            if check.errorCount > 0 { throw ExitCode(1) }
            Terminal.say("\(check.fileCount) \(check.fileCount == 1 ? "file is" : "files are") right")
        }
    }
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start a run by hand.")
        @Argument(help: "The pipeline's id.") var id: String
        @Option(help: ArgumentHelp("A parameter; may be repeated.", valueName: "k=v")) var param: [String] = []
        @OptionGroup var server: ServerOptions
        func run() async throws {
            var params: [String: String] = [:]
            for text in param {
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw ValidationError("--param \(text) is not key=value") }
                params[String(parts[0])] = String(parts[1])
            }
            let text = try await server.client.post(PipelineCommand.path(id) + "/runs", ["params": params])
            try server.show(text, as: Answers.Run.self, PipelineCommand.show)
        }
    }
    struct Runs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A pipeline's runs, newest first.")
        @Argument(help: "The pipeline's id.") var id: String
        @Option(help: "How many.") var limit = 25
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.get(PipelineCommand.path(id) + "/runs?limit=\(limit)")
            try server.show(text, as: Answers.Runs.self) { answer in
                Terminal.table(
                    ["run", "state", "cause", "logical date", "started", "ended", "message"],
                    answer.runs.map {
                        [
                            $0.id, $0.state, $0.cause, $0.logicalDate, $0.startedAt ?? "-", $0.endedAt ?? "-",
                            $0.message ?? "",
                        ]
                    })
            }
        }
    }
    struct Logs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What a run's tasks wrote.")
        @Argument(help: "The run's id.") var run: String
        @Argument(help: "One task; default: all that have begun.") var task: String?
        @Flag(help: "Go on until the task has ended.") var follow = false
        @Option(help: "Which attempt; default: the latest.") var attempt: Int?
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let client = try server.client
            let pipelines = try await client.get("/api/v1/pipelines", as: Answers.Pipelines.self).pipelines
            // A run's id begins with its pipeline's.
            let owners = pipelines.filter { run.hasPrefix($0.id + "-") }.sorted { $0.id.count > $1.id.count }
            guard let owner = owners.first else {
                throw StackError.usage("no pipeline has a run \(run).", remedy: "see `mlstack pipeline runs ID`.")
            }
            let base = PipelineCommand.path(owner.id) + "/runs/\(StackClient.escaped(run))"
            let detail = try await client.get(base, as: Answers.Run.self)
            let tasks = try task.map { [$0] } ?? (detail.tasks ?? []).filter { $0.attempt > 0 }.map(\.id)
            for task in tasks {
                if tasks.count > 1 { FileHandle.standardOutput.write(Data("── \(task)\n".utf8)) }
                var path = "\(base)/tasks/\(StackClient.escaped(task))/logs?follow=\(follow)"
                if let attempt { path += "&attempt=\(attempt)" }
                try await client.follow(path) { piece in FileHandle.standardOutput.write(Data(piece.utf8)) }
            }
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

extension Answers.Pipeline.LastRun {
    /// One character a run, so that ten of them are seen at a glance.
    var glyph: String {
        switch state {
        case "success": "✓"
        case "failed": "✗"
        case "running", "queued": "…"
        default: "–"
        }
    }
}
