import Foundation
import Storage
import Training

/// What a sweep found, also one that was interrupted.
package struct SweepOutcome: Sendable {
    /// One line of the table.
    package struct Row: Sendable {
        package let number: Int
        /// The settings that differ from trial to trial, in the order they were asked for.
        package let tried: [String]
        /// nil: the trial failed.
        package let score: Double?
        package let interval: (lower: Double, upper: Double)?
        /// How much worse than the best, user by user.
        package let behind: (mean: Double, lower: Double, upper: Double)?
        package let seconds: Double
        package let failure: String?
    }

    let plan: SweepPlan
    /// In the order of the plan's trials; nil: not run.
    var results: [SweepResult?]
    let journalPath: String
    let tracked: TrackedSweep
    /// How many the journal had already.
    package let takenOver: Int

    init(plan: SweepPlan, journal: SweepJournal, tracked: TrackedSweep) {
        (self.plan, journalPath, self.tracked) = (plan, journal.path, tracked)
        results = plan.trials.map { journal.results[$0.key] }
        takenOver = results.count { $0 != nil }
    }

    package var metric: String { plan.metric.key }
    package var triedNames: [String] { plan.space.axes.map(\.name) }
    package var ended: Int { results.count { $0 != nil } }
    package var trials: Int { plan.trials.count }
    package var isInterrupted: Bool { ended < trials }
    package var place: String { tracked.place }
    package var runID: String { tracked.run }
    package var output: String { plan.output }
    package var hasBest: Bool { best != nil }

    private typealias Ended = (trial: SweepPlan.Trial, result: SweepResult, score: Double?)

    /// Best first, failures last; of equals the earlier.
    private var ranked: [Ended] {
        let ended: [Ended] = zip(plan.trials, results).compactMap { trial, result in
            result.map { (trial, $0, $0.failure == nil ? $0.metrics[plan.metric.key] : nil) }
        }
        return ended.sorted { left, right in
            guard let l = left.score, let r = right.score else {
                return left.score == nil && right.score == nil
                    ? left.trial.number < right.trial.number : left.score != nil
            }
            return l == r ? left.trial.number < right.trial.number : plan.metric.isBetter(l, than: r)
        }
    }

    var best: (trial: SweepPlan.Trial, result: SweepResult, score: Double)? {
        guard let first = ranked.first, let score = first.score else { return nil }
        return (first.trial, first.result, score)
    }

    package var rows: [Row] {
        let best = best
        return ranked.map { trial, result, score in
            var behind: BootstrapInterval?
            if let winner = best?.result.perCase, let own = result.perCase, winner.count == own.count,
                trial.number != best?.trial.number
            {
                // By how much it is worse, whichever way the metric points.
                behind =
                    plan.metric.lessIsBetter
                    ? Bootstrap.difference(own, winner) : Bootstrap.difference(winner, own)
            }
            return Row(
                number: trial.number, tried: triedNames.map { trial.tried[$0]?.description ?? "" }, score: score,
                interval: result.interval.map { ($0[0], $0[1]) },
                behind: behind.map { ($0.mean, $0.lower, $0.upper) },
                seconds: result.trainSeconds + result.evaluateSeconds, failure: result.failure)
        }
    }

    /// One JSON object.
    package func json() throws -> String {
        let behind = Dictionary(uniqueKeysWithValues: rows.map { ($0.number, $0.behind) })
        let trials: [[String: Any]] = ranked.map { trial, result, score in
            var object: [String: Any] = [
                "trial": trial.number, "settings": trial.tried.mapValues(\.json), "metrics": result.metrics,
                "standard_errors": result.standardErrors, "cases": result.cases,
                "seconds": ["train": result.trainSeconds, "evaluate": result.evaluateSeconds],
            ]
            (object["score"], object["interval"]) = (score, result.interval)
            (object["failure"], object["run_id"]) = (result.failure, result.run)
            object["behind_best"] = (behind[trial.number] ?? nil).map { [$0.mean, $0.lower, $0.upper] }
            return object
        }
        var object: [String: Any] = [
            "algorithm": plan.space.algorithm, "metric": metric, "search": plan.isGrid ? "grid" : "random",
            "trials": trials, "trials_planned": self.trials, "trials_taken_over": takenOver,
            "interrupted": isInterrupted, "output": output, "journal": journalPath,
            "tracking": ["place": tracked.place, "run_id": tracked.run],
        ]
        if let best {
            object["best"] = ["trial": best.trial.number, "score": best.score, "settings": settings(of: best.trial)]
        }
        return try JSONText.object(object)
    }

    private func settings(of trial: SweepPlan.Trial) -> [String: Any] {
        plan.space.fixed.merging(trial.tried) { _, tried in tried }.mapValues(\.json)
    }

    /// The best settings as they stand under `with:` of a task that `uses: model/train`.
    package func yaml() throws -> String? {
        guard let best else { return nil }
        let interval = best.result.interval.map { ", 95 % \(Decimals.text($0[0], 4)) to \(Decimals.text($0[1], 4))" }
        let settings = plan.space.fixed.merging(best.trial.tried) { _, tried in tried }.sorted { $0.key < $1.key }
        let lines = [
            "# The best of \(ended) trials: \(metric) \(Decimals.text(best.score, 4))\(interval ?? "").",
            "# Goes under `with:` of a task that has `uses: model/train`.",
            "algorithm: \(plan.space.algorithm)",
        ]
        return (lines + settings.map { "\($0.key): \($0.value)" }).joined(separator: "\n") + "\n"
    }

    func writeBest() throws {
        if let yaml = try yaml() { try AtomicFile.write(yaml, to: output) }
    }
}
