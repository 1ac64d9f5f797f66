import ArgumentParser
import Foundation
import Stack

struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Search the settings of an algorithm for the best, each trial a tracked run.",
        discussion: """
            --try factors=32,64,128 is a list, --try regularization=0.001..0.1:log a range. Lists alone are tried in \
            every combination; with --trials so many are drawn, always the same for a seed.

            Trials are tracked by the running server (--url, MLSTACK_URL, or the one on the home), else in the home \
            itself. Those that have ended stand in a journal beside the output: the same command again goes on after an \
            interruption, and with more --trials adds to them.

            The best of many trials looks better than it is. Keep a test set that the sweep never sees, and judge the \
            winner there with `mlstack evaluate`.
            """)
    @Option(help: "als, als-explicit, bpr, ease, item-knn, popularity, recvae.") var algorithm: String
    @Option(
        name: .customLong("try"),
        help: ArgumentHelp("A setting and what to try, as a list or a range; once for each.", valueName: "k=values"))
    var tries: [String] = []
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting that is the same in every trial; may be repeated.", valueName: "k=v"))
    var settings: [String] = []
    @OptionGroup var folds: FoldOptions
    @Option(help: ArgumentHelp("How many to draw; default: every combination.", valueName: "n")) var trials: Int?
    @Option(help: "A whole number from 0 to \(UInt64.max); the same draws the same trials.") var seed: UInt64 = 0
    @Option(help: "What decides: recall_at_20, ndcg_at_100, mrr, coverage_at_10, ...; rmse and mae of als-explicit.")
    var metric = "ndcg_at_10"
    @Option(help: ArgumentHelp("The file for the best settings, as YAML for a pipeline.", valueName: "path"))
    var output: String
    @OptionGroup var server: ServerOptions

    func run() async throws {
        var order = Sweep.Order(algorithm: algorithm, output: output)
        (order.settings, order.tries, order.trials, order.seed) = (settings, tries, trials, seed)
        (order.metric, order.train, order.test, order.history) = (metric, folds.train, folds.test, folds.history)
        let sweep = try Sweep(order)
        let place = Sweep.Place(url: server.url, home: server.home.place, token: server.token)
        let outcome = try await Interruption.listening { isStopping in
            try await sweep.run(
                in: place, isStopping: isStopping,
                onProgress: { progress in
                    let best = progress.best.map { String(format: ", best %.4f", $0) } ?? ""
                    Terminal.progress("trial \(progress.trial) of \(progress.trials)\(best)", progress.share)
                })
        }
        if Terminal.isInteractive { Terminal.say("") }
        if server.json { print(try outcome.json()) } else { SweepCommand.show(outcome) }
        if outcome.isInterrupted {
            Terminal.say("interrupted after \(outcome.ended) of \(outcome.trials) trials")
            Terminal.say("  fix: the same command goes on with trial \(outcome.ended + 1)")
            throw ExitCode(130)
        }
    }

    private static func show(_ outcome: SweepOutcome) {
        func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
        Terminal.table(
            ["trial"] + outcome.triedNames + [outcome.metric, "95 %", "behind the best", "seconds"],
            outcome.rows.map { row in
                let interval = row.interval.map { "\(number($0.lower)) to \(number($0.upper))" }
                let behind = row.behind.map { "\(number($0.mean)) (\(number($0.lower)) to \(number($0.upper)))" }
                return ["\(row.number)"] + row.tried + [
                    row.failure.map { "failed: \($0)" } ?? number(row.score), interval ?? "-", behind ?? "-",
                    String(format: "%.2f", row.seconds),
                ]
            })
        if outcome.takenOver > 0 { Terminal.say("\(outcome.takenOver) trials had been run before") }
        if outcome.hasBest { Terminal.say("wrote the best settings to \(outcome.output)") }
        Terminal.say("tracked as run \(outcome.runID) in \(outcome.place)")
    }
}
