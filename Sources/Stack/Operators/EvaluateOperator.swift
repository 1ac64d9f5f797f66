import Foundation
import Registry
import Scheduling
import Training

/// `model/evaluate`: ranks the whole catalogue for every hold-out user with each model trained before it, and names the best.
struct EvaluateOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "model/evaluate"
    let summary = "Compares the trained models on the hold-out; the first metric decides which is best."
    let settings = [
        SettingSpec(
            "metrics", .list, default: .list(["ndcg_at_10", "recall_at_20", "coverage_at_10"]),
            help: "what to measure; the first decides")
    ]

    private static let nothingToMeasure = SettingProblem(
        "metrics", "nothing is measured", remedy: "name at least one metric, such as ndcg_at_10.")

    func problems(in settings: Settings) -> [SettingProblem] {
        if settings.values["metrics"] == .list([]) { return [EvaluateOperator.nothingToMeasure] }
        return settings.elements("metrics").enumerated().compactMap { index, key -> SettingProblem? in
            guard let key else { return nil }
            do throws(TrainingError) {
                _ = try MetricName(parsing: key)
                return nil
            } catch {
                return SettingProblem("metrics", at: .element(index), error)
            }
        }
    }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let metrics = try settings.list("metrics").map { try MetricName(parsing: $0) }
        guard let deciding = metrics.first else { throw EvaluateOperator.nothingToMeasure }
        let candidates = context.inputs("model")
        if candidates.isEmpty { throw StackError.missingInput(task: context.taskID, input: "model") }
        let holdoutPath = try context.required("holdout")
        let (results, caseCount) = try await workshop.compute { workers, isCancelled in
            let cases = try HoldoutCase.read(from: holdoutPath).map(EvaluationCase.init)
            let results = try candidates.map { candidate in
                let artifact = try ModelArtifact(reading: candidate.value)
                var report: EvaluationReport?
                do {
                    report = try Evaluator.evaluate(
                        artifact.model, cases: cases, metrics: metrics, workers: workers, isCancelled: isCancelled)
                } catch TrainingError.noCases {
                    // Nobody is held out yet, or nothing of theirs is in the catalogue.
                }
                return Result(path: candidate.value, algorithm: artifact.description.algorithm, report: report)
            }
            return (results, cases.count)
        }
        // Without a single case (the first days of a tiny dataset) nothing is measured, and the first model named goes on.
        let best = results.enumerated().max { left, right in
            let (l, r) = (left.element.score(deciding), right.element.score(deciding))
            return l == r ? left.offset > right.offset : l < r
        }
        guard let best = best?.element else { throw StackError.missingInput(task: context.taskID, input: "model") }
        for result in results {
            context.log.info(
                "\(result.algorithm): \(result.line(metrics))\(result.path == best.path ? "  <- best" : "")")
        }
        try await track(results, best, context)
        if let data = try TrackedData(dataset: workshop.dataset, context: context).evaluation(cases: caseCount) {
            try await workshop.tracking.logDatasetInputs([data], to: workshop.trackedRuns.id(of: context.run))
        }
        var outputs = ["best_model": best.path, "best_algorithm": best.algorithm]
        for (key, value) in best.report?.valuesByKey ?? [:] { outputs[key] = "\(value)" }
        return outputs
    }

    private struct Result: Sendable {
        let path: String
        let algorithm: String
        let report: EvaluationReport?

        /// More is better.
        func score(_ metric: MetricName) -> Double {
            (report?.values[metric]).map { metric.kind.lessIsBetter ? -$0 : $0 } ?? -.infinity
        }
        func line(_ metrics: [MetricName]) -> String {
            guard let report else { return "no hold-out users yet" }
            return metrics.map { "\($0.key) \(Decimals.text(report.values[$0] ?? .nan, 4))" }.joined(separator: ", ")
        }
    }

    /// The best model's metrics under their own names, everybody's under the algorithm's.
    private func track(_ results: [Result], _ best: Result, _ context: TaskContext) async throws {
        let time = context.run.createdAt.milliseconds
        func metric(_ key: String, _ value: Double) -> Metric {
            Metric(key: key, value: value, timestampMilliseconds: time, step: 0)
        }
        var metrics = (best.report?.valuesByKey ?? [:]).map { metric($0.key, $0.value) }
        for result in results {
            metrics += (result.report?.valuesByKey ?? [:]).map { metric("\(result.algorithm)/\($0.key)", $0.value) }
        }
        try await workshop.trackedRuns.log(
            RunBatch(metrics: metrics.sorted { $0.key < $1.key }, tags: ["mlstack.best_algorithm": best.algorithm]),
            for: context)
    }
}

extension EvaluationCase {
    init(_ holdout: HoldoutCase) {
        self.init(
            user: holdout.user, history: holdout.history.map { Interaction(item: $0.item, stars: $0.stars) },
            targets: holdout.targets)
    }
}
