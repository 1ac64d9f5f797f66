import Foundation
import Training

/// Training, evaluation and recommendation without a server, for `mlstack train`, `evaluate` and `recommend --model`.
package struct OfflineTraining: Sendable {
    private let threads = TrainingThreads()

    package init() {}

    /// Trains one algorithm on a ratings file and writes the model's folder.
    /// - Parameter settings: `key=value` as given on the command line; `warm_start` is the folder of a model to start from.
    /// - Returns: one JSON object.
    package func train(
        algorithm: String, ratings: String, settings: [String], output: String,
        onSweep: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        var given = try OfflineTraining.parse(settings)
        let start = try OfflineTraining.takeWarmStart(&given)
        let trainer = try TrainerCatalogue.trainer(named: algorithm, given)
        return try await threads.perform { workers in
            let matrix = try InteractionMatrix(readingRatings: ratings, options: ReadOptions(), workers: workers)
            let former = try start.map { try ModelArtifact(reading: $0) }
            let sweeps = SweepLog()
            let began = ContinuousClock.now
            let model = try trainer.fit(
                matrix, continuing: former?.model, workers: workers,
                monitor: FitMonitor(report: {
                    sweeps.add($0)
                    onSweep($0.line)
                }))
            let seconds = (ContinuousClock.now - began).seconds
            let hash = try ModelArtifact.write(
                model,
                facts: ModelFacts(
                    lineage: ["matrix_hash": matrix.contentHash, "code_version": Version.current].merging(
                        former.map { ["warm_start": $0.contentHash] } ?? [:]
                    ) { first, _ in first }),
                to: output)
            let perSweep = sweeps.seconds.isEmpty ? seconds : sweeps.seconds.reduce(0, +) / Double(sweeps.seconds.count)
            return try JSONText.object([
                "algorithm": algorithm, "users": matrix.users.count, "items": matrix.items.count,
                "interactions": matrix.interactionCount, "seconds": seconds, "seconds_per_iteration": perSweep,
                "loss": sweeps.lastLoss ?? NSNull(), "peak_rss_bytes": Memory.peakResidentBytes ?? NSNull(),
                "parameters": trainer.settings.values.mapValues(\.json), "content_hash": hash, "output": output,
            ])
        }
    }

    /// Ranks the catalogue for every test user.
    /// - Parameters:
    ///   - model: a model's folder; nil: `algorithm` is trained on `train` first.
    ///   - history: interactions of test users that training never saw; nil: their rows in `train`.
    /// - Returns: one JSON object.
    package func evaluate(
        model: String?, algorithm: String?, settings: [String], train: String, test: String, history: String?, k: [Int]
    ) async throws -> String {
        var given = try OfflineTraining.parse(settings)
        let start = try OfflineTraining.takeWarmStart(&given)
        let trainer = try algorithm.map { [given] in try TrainerCatalogue.trainer(named: $0, given) }
        let metrics =
            k.flatMap { k in
                [
                    MetricName(.recall, at: k), MetricName(.ndcg, at: k), MetricName(.hitRate, at: k),
                    MetricName(.coverage, at: k),
                ]
            }
            + [MetricName(.mrr, at: MetricName.mrrDepth)]
        return try await threads.perform { workers in
            let options = ReadOptions()
            let matrix = try InteractionMatrix(readingRatings: train, options: options, workers: workers)
            let began = ContinuousClock.now
            let name: String
            let parameters: [String: HyperparameterValue]
            let recommender: any Recommender
            if let trainer, let algorithm {
                recommender = try trainer.fit(
                    matrix, continuing: try start.map { try ModelArtifact(reading: $0).model }, workers: workers,
                    monitor: FitMonitor())
                (name, parameters) = (algorithm, trainer.settings.values)
            } else if let model {
                let artifact = try ModelArtifact(reading: model)
                recommender = artifact.model
                (name, parameters) = (artifact.description.algorithm, artifact.description.parameters)
            } else {
                throw StackError.usage("there is nothing to evaluate.", remedy: "give --model DIR or --algorithm NAME.")
            }
            let trained = ContinuousClock.now
            let targets = try InteractionMatrix(readingRatings: test, options: options, workers: workers)
            let known = try history.map {
                try InteractionMatrix(readingRatings: $0, options: options, workers: workers)
            }
            var positiveFrom = 4.0
            if case .float(let value) = parameters["positive_from"] { positiveFrom = value }
            let cases = EvaluationCase.cases(
                test: targets, history: known ?? matrix, positiveFrom: positiveFrom, foldIn: known != nil)
            let report = try Evaluator.evaluate(
                recommender, cases: cases, metrics: metrics + OfflineTraining.diversity(of: recommender, k),
                workers: workers)
            let ended = ContinuousClock.now
            var result: [String: Any] = report.valuesByKey
            if let errors = (recommender as? any StarPredictor)?.errors(on: targets, history: known) {
                (result["rmse"], result["mae"]) = (errors.rootMeanSquare, errors.meanAbsolute)
            }
            result["algorithm"] = name
            result["cases"] = report.cases
            result["standard_errors"] = report.standardErrorsByKey
            result["seconds"] = ["train": (trained - began).seconds, "evaluate": (ended - trained).seconds]
            result["parameters"] = parameters.mapValues(\.json)
            return try JSONText.object(result)
        }
    }

    /// What the lists are made of, of a model that carries its training interactions. Likeness is asked of every pair, so only
    /// of the shortest list.
    private static func diversity(of model: any Recommender, _ k: [Int]) -> [MetricName] {
        guard model.users.count > 0, model.trainingItems(of: 0) != nil else { return [] }
        let shortest = k.min().map { MetricName(.intraListSimilarity, at: $0) }
        return k.map { MetricName(.novelty, at: $0) } + [shortest].compactMap { $0 }
    }

    /// - Returns: what the model recommends to a user that it was trained on.
    package func recommend(model: String, user: String, k: Int) async throws -> [(item: String, score: Double)] {
        try await threads.perform { _ in
            let model = try ModelArtifact(reading: model).model
            guard let index = model.users.index(of: user) else { throw StackError.unknownUser(user) }
            return model.recommend(for: .user(index), excluding: model.trainingItems(of: index) ?? [], count: k)
                .map { (item: model.items[$0.item], score: Double($0.score)) }
        }
    }

    /// - Returns: the folder of the model to start from; `warm_start` is no setting of a trainer.
    private static func takeWarmStart(_ given: inout [String: HyperparameterValue]) throws -> String? {
        guard let value = given.removeValue(forKey: "warm_start") else { return nil }
        guard case .string(let folder) = value, !folder.isEmpty else {
            throw StackError.usage(
                "warm_start=\(value) is no folder.", remedy: "give the folder of a model: --set warm_start=DIR.")
        }
        return folder
    }

    private static func parse(_ settings: [String]) throws -> [String: HyperparameterValue] {
        var values: [String: HyperparameterValue] = [:]
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw StackError.usage("--set \(setting) is not key=value.", remedy: "write it as --set factors=64.")
            }
            values[String(parts[0])] = HyperparameterValue(parsing: String(parts[1]))
        }
        return values
    }
}

/// What the sweeps of one fit reported, on the thread that runs it.
private final class SweepLog: @unchecked Sendable {  // guarded by: the fit's own thread writes and reads
    private(set) var seconds: [Double] = []
    private(set) var lastLoss: Double?

    func add(_ sweep: SweepReport) {
        seconds.append(sweep.seconds)
        lastLoss = sweep.loss ?? lastLoss
    }
}

extension HyperparameterValue {
    var json: Any {
        switch self {
        case .int(let value): value
        case .float(let value): value
        case .bool(let value): value
        case .string(let value): value
        }
    }
}
