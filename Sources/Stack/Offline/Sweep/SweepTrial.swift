import Scheduling
import Training

/// One trial: a training and an evaluation for each fold.
struct SweepTrial {
    let plan: SweepPlan
    let trial: SweepPlan.Trial
    let workers: any Workers
    let isStopping: @Sendable () -> Bool
    /// Of the trial, 0 to 1.
    let onProgress: @Sendable (Double) -> Void

    /// - Throws: `CancellationError`; `TrainingError` for what would stop every trial. What stops this one alone is in the result.
    func run(_ folds: [EvaluationFold], _ cases: [[EvaluationCase]]) throws -> SweepResult {
        var result = SweepResult(
            key: trial.key, startedMilliseconds: WallClock().now.milliseconds, trainSeconds: 0, evaluateSeconds: 0,
            cases: 0)
        var (reports, starErrors) = ([EvaluationReport](), [StarErrors]())
        for (place, fold) in folds.enumerated() {
            onProgress(Double(place) / Double(folds.count))
            let began = ContinuousClock.now
            let model: any Recommender
            do {
                model = try fit(fold, place, of: folds.count)
            } catch let error as TrainingError {
                result.failure = ErrorText(error).what
                return result
            }
            let trained = ContinuousClock.now
            reports.append(
                try Evaluator.evaluate(
                    model, cases: cases[place], metrics: plan.rankings, workers: workers, isCancelled: isStopping))
            if let errors = (model as? any StarPredictor)?.errors(on: fold.targets, history: fold.history) {
                starErrors.append(errors)
            }
            result.trainSeconds += (trained - began).seconds
            result.evaluateSeconds += (ContinuousClock.now - trained).seconds
        }
        let pooled = PooledEvaluation(reports: reports, starErrors: starErrors)
        (result.cases, result.metrics, result.standardErrors) = (pooled.cases, pooled.values, pooled.standardErrors)
        if result.metrics[plan.metric.key] == nil {
            throw StackError.usage(
                "the test interactions hold no ratings, so there is no `\(plan.metric.key)`.",
                remedy: "give --test files with ratings, or choose a metric of ranking.")
        }
        result.perCase = plan.metric.ranking.flatMap { pooled.perCase($0) }
        result.interval = result.perCase.flatMap { Bootstrap.mean(of: $0) }.map { [$0.lower, $0.upper] }
        return result
    }

    private func fit(_ fold: EvaluationFold, _ place: Int, of count: Int) throws -> any Recommender {
        let monitor = FitMonitor(isCancelled: isStopping) { sweep in
            onProgress((Double(place) + Double(sweep.sweep) / Double(sweep.sweeps)) / Double(count))
        }
        return try trial.trainer.fit(fold.train, workers: workers, monitor: monitor)
    }
}
