import ArgumentParser
import Foundation
import Stack

extension ExperimentCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One experiment with its newest runs, or one run with all that it logged.")
        @Argument(help: "An experiment's name or id, or a run's id.") var subject: String
        @Option(help: "How many runs at most.") var max = 20
        @OptionGroup var server: ServerOptions

        func validate() throws { try ExperimentCommand.check(max: max) }

        func run() async throws {
            let client = try server.client
            if ExperimentCommand.isRunID(subject), let text = try await client.trackedRun(subject) {
                return try server.show(text, as: Answers.TrackedRunEnvelope.self) { Show.show($0.run) }
            }
            let experiment = try await client.experiment(subject)
            let text = try await client.trackedRuns(
                experiments: [experiment.experimentId], filter: nil, orderBy: [], view: .active, limit: max)
            if server.json { return print(try Answers.json(of: experiment, runs: text)) }
            try server.show(text, as: Answers.TrackedRuns.self) { answer in
                print(
                    "experiment  \(Terminal.plain(experiment.name)) (\(experiment.experimentId)), \(experiment.lifecycleStage)"
                )
                print("created     \(Answers.text(ofMilliseconds: experiment.creationTime))")
                for tag in experiment.tags ?? [] {
                    print("tag         \(Terminal.plain("\(tag.key) = \(tag.value ?? "")"))")
                }
                RunColumn.show(answer.runs ?? [], [])
                if answer.nextPageToken != nil { Terminal.say("there are more; --max shows them") }
            }
        }

        private static func show(_ run: Answers.TrackedRun) {
            let took = run.seconds.map { String(format: ", %.1f s", $0) } ?? ""
            print("run         \(run.info.runId), \(run.info.lifecycleStage)")
            print("name        \(Terminal.plain(run.info.runName))")
            print("status      \(run.info.status)\(took), began \(Answers.text(ofMilliseconds: run.info.startTime))")
            print("experiment  \(run.info.experimentId)")
            print("artifacts   \(run.info.artifactUri ?? "-")")
            let inputs = (run.inputs?.datasetInputs ?? []).map(\.dataset)
            let outputs = (run.outputs?.modelOutputs ?? []).map(\.modelId)
            Terminal.table(
                ["kind", "key", "value"],
                (run.data.metrics ?? []).map { point in
                    [
                        "metric", point.key,
                        Answers.text(ofMetric: point.value) + (point.step.map { $0 > 0 ? " (step \($0))" : "" } ?? ""),
                    ]
                } + run.params.sorted { $0.key < $1.key }.map { ["param", $0.key, Terminal.short($0.value, 80)] }
                    + run.tags.sorted { $0.key < $1.key }.map { ["tag", $0.key, Terminal.short($0.value, 80)] }
                    + inputs.map { ["input", $0.name, "\($0.digest) \(Terminal.short($0.source ?? "", 60))"] }
                    + outputs.map { ["output", "model", $0] })
        }
    }
}
