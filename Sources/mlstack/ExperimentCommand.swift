import ArgumentParser
import Foundation
import Stack

struct ExperimentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment", abstract: "Experiments and their runs: what was set, what came of it.",
        discussion: """
            They are MLflow's: what a script logs with MLFLOW_TRACKING_URI stands here beside what pipelines log. Filters and \
            orders are written as for MLflow's search_runs.
            """,
        subcommands: [List.self, Show.self, Search.self, Compare.self, Purge.self])

    /// A run's id: 32 hexadecimal digits, as the server makes them.
    static func isRunID(_ text: String) -> Bool { text.count == 32 && text.allSatisfy(\.isHexDigit) }

    /// What one answer of the server holds at most.
    private static let mostOfAnswer = 50_000

    /// - Throws: `ValidationError`.
    static func check(max: Int) throws {
        guard (1...mostOfAnswer).contains(max) else {
            throw ValidationError("--max \(max) is no number from 1 to \(mostOfAnswer)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The experiments, newest first.")
        @Option(help: ArgumentHelp("Only those that match, such as \"name LIKE 'movies%'\".", valueName: "text"))
        var filter: String?
        @Option(help: ArgumentHelp("Such as \"name ASC\"; repeat it for ties.", valueName: "text"))
        var orderBy: [String] = []
        @Option(help: "How many at most.") var max = 100
        @Flag(help: "Those that were deleted.") var deleted = false
        @Flag(help: "Deleted ones too.") var all = false
        @OptionGroup var server: ServerOptions

        func validate() throws { try ExperimentCommand.check(max: max) }

        func run() async throws {
            let text = try await server.client.experiments(
                filter: filter, orderBy: orderBy, view: all ? .all : deleted ? .deleted : .active, limit: max)
            try server.show(text, as: Answers.Experiments.self) { answer in
                Terminal.table(
                    ["id", "experiment", "state", "created", "changed"],
                    (answer.experiments ?? []).map { experiment in
                        [
                            experiment.experimentId, Terminal.short(experiment.name, 60), experiment.lifecycleStage,
                            Answers.text(ofMilliseconds: experiment.creationTime),
                            Answers.text(ofMilliseconds: experiment.lastUpdateTime),
                        ]
                    })
                if answer.nextPageToken != nil { Terminal.say("there are more; --max shows them") }
            }
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The runs of experiments that match a filter.",
            discussion: """
                mlstack experiment search movies --filter "metrics.ndcg_at_10 > 0.05" --order-by "metrics.ndcg_at_10 DESC"
                """)
        @Argument(help: "Names or ids of experiments; all of them when none is named.") var experiments: [String] = []
        @Option(
            help: ArgumentHelp("Such as \"metrics.rmse < 0.9 AND params.algorithm = 'als'\".", valueName: "text"))
        var filter: String?
        @Option(help: ArgumentHelp("Such as \"metrics.rmse ASC\"; repeat it for ties.", valueName: "text"))
        var orderBy: [String] = []
        @Option(help: "How many at most.") var max = 20
        @Option(
            help: ArgumentHelp(
                "Show this in a column: params.KEY, metrics.KEY or tags.KEY; repeat it for more.", valueName: "key"))
        var column: [String] = []
        @Flag(help: "Runs that were deleted.") var deleted = false
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let client = try server.client
            var ids: [String] = []
            for name in experiments { ids.append(try await client.experiment(name).experimentId) }
            if ids.isEmpty {
                let text = try await client.experiments(filter: nil, orderBy: [], view: .all, limit: 1000)
                ids = ((try StackClient.decode(text) as Answers.Experiments).experiments ?? []).map(\.experimentId)
            }
            let text = try await client.trackedRuns(
                experiments: ids, filter: filter, orderBy: orderBy, view: deleted ? .deleted : .active, limit: max)
            try server.show(text, as: Answers.TrackedRuns.self) { answer in
                let asked = column.isEmpty ? nil : column.compactMap(RunColumn.init)
                RunColumn.show(answer.runs ?? [], asked ?? RunColumn.mentioned(in: [filter ?? ""] + orderBy))
                if answer.nextPageToken != nil { Terminal.say("there are more; --max shows them") }
            }
        }

        func validate() throws {
            try ExperimentCommand.check(max: max)
            for text in column where RunColumn(text) == nil {
                throw ValidationError("--column \(text) is none of params.KEY, metrics.KEY, tags.KEY")
            }
        }
    }

    struct Compare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What differs between runs, side by side; `*` marks the best value of a metric.",
            discussion: "Less is better of a metric whose name speaks of an error, a loss or a time; else more is.")
        @Argument(help: "Ids of two or more runs.") var runs: [String]
        @Flag(help: "Also what is the same in all of them.") var all = false
        @Flag(help: "Tags too.") var tags = false
        @OptionGroup var server: ServerOptions

        func validate() throws {
            if runs.count < 2 { throw ValidationError("Give two runs or more.") }
        }

        func run() async throws {
            let client = try server.client
            var found: [Answers.TrackedRun] = []
            for id in runs {
                guard let text = try await client.trackedRun(id) else {
                    throw StackError.usage("there is no run \(id).", remedy: "`mlstack experiment search` names them.")
                }
                found.append((try StackClient.decode(text) as Answers.TrackedRunEnvelope).run)
            }
            let comparison = RunComparison(found, isWhole: all, withTags: tags)
            if server.json { return print(try comparison.json(runs: found)) }
            Terminal.table(
                ["", ""] + found.map { Terminal.short($0.info.runName, 24) },
                [["run", ""] + found.map { String($0.info.runId.prefix(12)) }]
                    + comparison.rows.map { row in
                        [row.kind.rawValue, row.key]
                            + row.values.enumerated().map { index, value in
                                (value.map { Terminal.short($0, 40) } ?? "-") + (row.best.contains(index) ? " *" : "")
                            }
                    })
            if comparison.rows.isEmpty { Terminal.say("nothing differs; --all shows what they share") }
        }
    }
}
