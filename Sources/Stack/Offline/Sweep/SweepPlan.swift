import Training

/// What a sweep will do, checked before anything is read or trained.
struct SweepPlan: Sendable {
    struct Trial: Sendable {
        /// From 1, in the order of running.
        let number: Int
        /// The settings that differ from trial to trial.
        let tried: [String: HyperparameterValue]
        let trainer: any Trainer

        /// Every setting with its value: two trials with the same key would give the same model.
        var key: String {
            trainer.settings.values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }
    }

    let space: SearchSpace
    let metric: SweepMetric
    let seed: UInt64
    let trials: [Trial]
    let isGrid: Bool
    let folds: [EvaluationFold.Files]
    let output: String

    /// - Throws: `SearchError`, `TrainingError`, `StackError.usage`.
    init(_ order: Sweep.Order) throws {
        let fixed = try SettingText.parse(order.settings)
        if fixed["warm_start"] != nil || order.tries.contains(where: { $0.hasPrefix("warm_start=") }) {
            throw StackError.usage(
                "a sweep cannot start from a model: settings would look good for what the model had learned before.",
                remedy: "leave warm_start out.")
        }
        let space = try SearchSpace(algorithm: order.algorithm, fixed: fixed, tries: order.tries)
        metric = try SweepMetric(parsing: order.metric, algorithm: order.algorithm)
        let points = try space.points(order.trials, seed: order.seed)
        trials = try points.enumerated().map { place, point in
            let settings = fixed.merging(point) { _, tried in tried }
            return Trial(
                number: place + 1, tried: point,
                trainer: try TrainerCatalogue.trainer(named: order.algorithm, settings))
        }
        folds = try EvaluationFold.Files.pairing(train: order.train, test: order.test, history: order.history)
        isGrid = space.combinations.map { $0 == points.count } ?? false
        (self.space, seed, output) = (space, order.seed, order.output)
    }

    /// Trials are comparable only when all have the same targets: where `positive_from` itself is tried, those of its
    /// default.
    var positiveFrom: Double {
        switch space.fixed["positive_from"] {
        case .float(let value): value
        case .int(let value): Double(value)
        default: 4
        }
    }

    /// What every trial is measured by; the one that decides is among them.
    var rankings: [MetricName] {
        let usual = [MetricName(.recall, at: 20), MetricName(.ndcg, at: 10), MetricName(.ndcg, at: 100)]
        return usual + [metric.ranking].compactMap { $0 }.filter { !usual.contains($0) }
    }
}
