import Training

/// `mlstack evaluate`: ranks the whole catalogue for every test user, of one fold or several.
package struct OfflineEvaluation: Sendable {
    private let subject: EvaluationSubject
    private let folds: [EvaluationFold.Files]
    /// Lengths of the lists.
    package var k = [10, 20, 100]
    /// How many resamples the intervals come from; nil: no intervals.
    package var bootstrap: Int?
    private var rival: EvaluationSubject?
    private let threads = TrainingThreads()

    /// - Parameters:
    ///   - model: a model's folder; nil: `algorithm` is trained on each `train` first.
    ///   - settings: of the algorithm.
    ///   - history: interactions of test users that training never saw; none: their rows in `train`.
    /// - Throws: `StackError`, `TrainingError`, `ArtifactError`.
    package init(
        model: String?, algorithm: String?, settings: [String] = [], train: [String], test: [String],
        history: [String] = []
    ) throws {
        if let algorithm {
            subject = try EvaluationSubject(algorithm: algorithm, settings: settings)
        } else if let model {
            subject = .model(try ModelArtifact(reading: model))
        } else {
            throw StackError.usage("there is nothing to evaluate.", remedy: "give --model DIR or --algorithm NAME.")
        }
        folds = try EvaluationFold.Files.pairing(train: train, test: test, history: history)
    }

    /// Compares with another, user by user.
    /// - Parameter word: an algorithm's name, else a model's folder.
    /// - Throws: as `init`.
    package mutating func compare(with word: String, settings: [String]) throws {
        rival = try EvaluationSubject(word, settings: settings)
    }

    /// - Returns: one JSON object.
    /// - Throws: `DataError`, `TrainingError`; `StackError.usage` when the two do not rank the same catalogue.
    package func run() async throws -> String {
        try await threads.perform { [self] workers in
            let metrics =
                k.flatMap { k in [.recall, .ndcg, .hitRate, .coverage].map { MetricName($0, at: k) } }
                + [MetricName(.mrr, at: MetricName.mrrDepth)]
            var seconds = (train: 0.0, evaluate: 0.0)
            var (ours, theirs) = (Measured(), Measured())
            for files in folds {
                let fold = try EvaluationFold(reading: files, workers: workers)
                // Both are asked for the same targets, whatever each counts as positive.
                let cases = fold.cases(positiveFrom: subject.positiveFrom)
                let began = ContinuousClock.now
                let recommender = try subject.recommender(for: fold, workers: workers, monitor: FitMonitor())
                let trained = ContinuousClock.now
                try ours.add(recommender, fold, cases, metrics, workers)
                seconds.train += (trained - began).seconds
                seconds.evaluate += (ContinuousClock.now - trained).seconds
                if let rival {
                    let other = try rival.recommender(for: fold, workers: workers, monitor: FitMonitor())
                    try OfflineEvaluation.check(recommender, other)
                    try theirs.add(other, fold, cases, metrics, workers)
                }
            }
            return try json(ours.pooled, against: theirs.pooled, seconds)
        }
    }

    /// A target that only one of two catalogues holds would be a miss of the other that nobody counted.
    private static func check(_ model: any Recommender, _ other: any Recommender) throws {
        guard model.items == other.items else {
            throw StackError.usage(
                "the two models rank different catalogues, of \(model.items.count) and \(other.items.count) items.",
                remedy: "compare models that were trained on the same ratings.")
        }
    }

    private func json(
        _ result: PooledEvaluation, against other: PooledEvaluation, _ seconds: (train: Double, evaluate: Double)
    ) throws -> String {
        var object: [String: Any] = result.values
        object["algorithm"] = subject.algorithm
        object["cases"] = result.cases
        object["folds"] = folds.count
        object["standard_errors"] = result.standardErrors
        object["seconds"] = ["train": seconds.train, "evaluate": seconds.evaluate]
        object["parameters"] = subject.parameters.mapValues(\.json)
        if let bootstrap {
            object["intervals"] = result.intervals(resamples: bootstrap).mapValues { [$0.lower, $0.upper] }
        }
        if let rival {
            let differences = result.differences(from: other, resamples: bootstrap ?? Bootstrap.resamples)
            object["against"] = [
                "algorithm": rival.algorithm, "parameters": rival.parameters.mapValues(\.json), "values": other.values,
                "differences": differences.mapValues {
                    ["mean": $0.mean, "lower": $0.lower, "upper": $0.upper, "cases": Double($0.count)]
                },
            ]
        }
        return try JSONText.object(object)
    }

    private struct Measured {
        var reports: [EvaluationReport] = []
        var starErrors: [StarErrors] = []
        var pooled: PooledEvaluation { PooledEvaluation(reports: reports, starErrors: starErrors) }

        mutating func add(
            _ model: any Recommender, _ fold: EvaluationFold, _ cases: [EvaluationCase], _ metrics: [MetricName],
            _ workers: any Workers
        ) throws {
            reports.append(
                try Evaluator.evaluate(
                    model, cases: cases, metrics: metrics + Self.diversity(of: model, beside: metrics), workers: workers
                ))
            if let errors = (model as? any StarPredictor)?.errors(on: fold.targets, history: fold.history) {
                starErrors.append(errors)
            }
        }

        /// What the lists are made of, of a model that carries its training interactions. Likeness is asked of every pair, so
        /// only of the shortest list.
        private static func diversity(of model: any Recommender, beside metrics: [MetricName]) -> [MetricName] {
            guard model.users.count > 0, model.trainingItems(of: 0) != nil else { return [] }
            let lengths = metrics.filter { $0.kind == .recall }.map(\.k)
            let pairable = lengths.min().flatMap { $0 <= 100 ? $0 : nil }
            return lengths.map { MetricName(.novelty, at: $0) }
                + [pairable].compactMap { $0 }.map { MetricName(.intraListSimilarity, at: $0) }
        }
    }
}
