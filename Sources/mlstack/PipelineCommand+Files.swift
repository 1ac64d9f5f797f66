import ArgumentParser
import Foundation
import Stack

/// What pipelines there are, and their files.
extension PipelineCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every pipeline.")
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try server.show(try await server.client.get("/api/v1/pipelines"), as: Answers.Pipelines.self) { answer in
                Terminal.table(
                    ["pipeline", "environment", "schedule", "next", "last runs", "problems"],
                    answer.pipelines.map { pipeline in
                        [
                            pipeline.id + (pipeline.paused ? " (paused)" : ""), pipeline.environment,
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
                print(
                    "\(pipeline.id): \(pipeline.description)\n"
                        + "file \(pipeline.file), zone \(pipeline.timezone), \(pipeline.environment)")
                for schedule in pipeline.schedules { print("schedule \(schedule)") }
                for problem in pipeline.problems { print("problem \(problem)") }
                Terminal.table(
                    ["task", "type", "needs"],
                    (pipeline.tasks ?? []).map { [$0.id, $0.type, $0.needs.joined(separator: ", ")] })
            }
        }
    }

    struct Graph: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A pipeline's tasks and what each needs, drawn.")
        @Argument(help: ArgumentHelp("A pipeline's id, or a pipeline file.", valueName: "id|file")) var subject: String
        @Flag(help: "As a flowchart of Mermaid, for Markdown.") var mermaid = false
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let isFile = subject.hasSuffix(".yaml") || subject.hasSuffix(".yml")
            let drawing =
                isFile
                ? try PipelineDrawing(file: subject)
                : try PipelineDrawing(
                    try await server.client.get(PipelineCommand.path(subject), as: Answers.Pipeline.self))
            print(server.json ? try drawing.json : mermaid ? drawing.mermaid : drawing.text, terminator: "")
        }
    }

    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check pipeline files without a server; exits with 1 when one has an error.")
        @Argument(help: "Files or folders; default: the home's pipelines.") var paths: [String] = []
        @OptionGroup var home: HomeOption
        @Flag(help: "Print JSON, for editors.") var json = false
        func run() throws {
            let check = try PipelineCheck(paths: paths.isEmpty ? [home.place.pipelines] : paths)
            // A person is shown the place too; a script reads one line for each problem.
            let problems = isatty(1) == 1 ? check.explanations : check.lines
            if json { print(try check.json) } else { for problem in problems { print(problem) } }
            if check.errorCount > 0 { throw ExitCode(1) }
            Terminal.say("\(check.fileCount) \(check.fileCount == 1 ? "file is" : "files are") right")
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The JSON Schema of the pipeline file, for editors.")
        @Flag(help: "As it is always: JSON.") var json = false
        func run() throws { print(PipelineCheck.schema, terminator: "") }
    }

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a pipeline file, show what changes, and install it.",
            discussion: """
                With a server the file goes to its home, which need not be on this machine, and into its audit list; \
                without one it goes into the pipelines folder of --home.
                """)
        @Argument(help: "The pipeline file.") var file: String
        @Flag(help: "Install it without asking.") var yes = false
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let order = try PipelineApply(file: file)
            for line in order.warnings { Terminal.say(line) }
            let client = try StackClient.running(url: server.url, home: server.home.place, token: server.token)
            let plan = try await order.plan(client, home: server.home.place)
            if !server.json { show(plan) }
            if plan.change == "none" {
                if server.json { print(try await order.carryOut(plan, client, home: server.home.place)) }
                return
            }
            try Terminal.confirm("Install it?", isGiven: yes)
            let answer = try await order.carryOut(plan, client, home: server.home.place)
            if server.json { print(answer) } else { print("\(plan.pipeline) is installed as \(plan.file)") }
        }

        private func show(_ plan: Answers.Installation) {
            if plan.change == "none" { return print("\(plan.pipeline): \(plan.file) is the same already") }
            print(plan.change == "new" ? "\(plan.pipeline) is new: \(plan.file)" : "\(plan.pipeline): \(plan.file)")
            print(plan.diff, terminator: "")
            for id in plan.removes { print("the pipeline \(id), which that file defines now, goes") }
        }
    }
}
