import ArgumentParser
import Foundation
import Stack

/// Runs: starting them, looking at them, and what they wrote.
extension PipelineCommand {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a run by hand, or with --local run a file without a server.",
            discussion: """
                --local runs in a home of its own that is removed afterwards: the same scheduler, operators and \
                registry, and nothing of production. It shows the logs as they come, then what each task took.
                """)
        @Argument(help: ArgumentHelp("The pipeline's id; with --local, a file.", valueName: "id|file")) var id: String
        @Option(help: ArgumentHelp("A parameter; may be repeated.", valueName: "k=v")) var param: [String] = []
        @Option(help: ArgumentHelp("The moment that the run is about; default: now.", valueName: "time"))
        var logicalDate: String?
        @Flag(help: "Wait for the end; exits with 1 unless that is success.") var wait = false
        @Flag(help: "Run a file here, without a server.") var local = false
        @Flag(help: "With --local: leave its home where it is.") var keep = false
        @Option(help: ArgumentHelp("With --local: what its replay tasks read; default: demo.", valueName: "name|path"))
        var dataset: String?
        @OptionGroup var server: ServerOptions

        func validate() throws {
            if !local, keep || dataset != nil { throw ValidationError("--keep and --dataset belong to --local") }
            if local, server.url != nil { throw ValidationError("--local runs here, and --url is elsewhere: give one") }
        }

        func run() async throws {
            let params = try KeyValues.read(param, option: "--param")
            if local { return try await runHere(params) }
            var body: [String: any Sendable] = ["params": params]
            if let logicalDate { body["logical_date"] = logicalDate }
            let client = try server.client
            var text = try await client.post(PipelineCommand.path(id) + "/runs", body)
            var run: Answers.Run = try StackClient.decode(text)
            if wait {
                _ = try await client.waitUntilEnded(runID: run.id)
                text = try await client.get(StackClient.path(of: run))
                run = try StackClient.decode(text)
            }
            if server.json { print(text) } else { PipelineCommand.show(run) }
            if wait, run.state != "success" { throw ExitCode(1) }
        }

        private func runHere(_ params: [String: String]) async throws {
            var order = LocalRun(file: id, params: params)
            (order.home, order.keepsHome, order.dataset) = (server.home.home, keep, dataset)
            order.logicalDate = logicalDate
            let asJSON = server.json
            let outcome = try await order.run(
                onProgress: { Terminal.progress("reading ratings", $0) },
                onLog: { asJSON ? Terminal.say($0) : Terminal.write($0 + "\n") })
            if asJSON { print(outcome.json) } else { PipelineCommand.showResources(outcome.run) }
            if let home = outcome.home { Terminal.say("kept in \(home)") }
            if outcome.run.state != "success" { throw ExitCode(1) }
        }
    }

    struct Runs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A pipeline's runs, newest first.")
        @Argument(help: "The pipeline's id.") var id: String
        @Option(help: "How many.") var limit = 25
        @Flag(help: "What each task took: time, CPU, memory, bytes, exit code.") var resources = false
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let client = try server.client
            let text = try await client.get(PipelineCommand.path(id) + "/runs?limit=\(limit)")
            if resources { return try await showResources(client, try StackClient.decode(text)) }
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

        private func showResources(_ client: StackClient, _ answer: Answers.Runs) async throws {
            var texts: [String] = []
            for run in answer.runs { texts.append(try await client.get(StackClient.path(of: run))) }
            if server.json { return print("{\"runs\":[\(texts.joined(separator: ","))]}") }
            for text in texts { PipelineCommand.showResources(try StackClient.decode(text)) }
        }
    }

    struct Logs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a run's tasks wrote.",
            discussion: "With --follow and no task, those that begin later are followed too.")
        @Argument(help: "The run's id.") var run: String
        @Argument(help: "One task, such as train or score[3]; default: all that have begun.") var task: String?
        @Flag(help: "Go on until the task, or the run, has ended.") var follow = false
        @Option(help: "Which attempt; default: the latest.") var attempt: Int?
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let logs = RunLogs(client: try server.client, runID: run, task: task, attempt: attempt)
            let printer = LogPrinter(asJSON: server.json, showsHeads: task == nil)
            if follow { _ = try await logs.follow(printer.show) } else { try await logs.print(printer.show) }
        }
    }
}

/// Prints pieces of logs; a line says whose they are whenever that changes.
private final class LogPrinter {
    private let asJSON: Bool
    private let showsHeads: Bool
    private var last = ""

    init(asJSON: Bool, showsHeads: Bool) { (self.asJSON, self.showsHeads) = (asJSON, showsHeads) }

    func show(_ piece: RunLogs.Piece) {
        if asJSON { return Terminal.write(piece.json + "\n") }
        let head = piece.attempt == 1 ? piece.task : "\(piece.task), attempt \(piece.attempt)"
        if showsHeads, head != last { Terminal.write("── \(head)\n") }
        last = head
        Terminal.write(piece.text)
    }
}
