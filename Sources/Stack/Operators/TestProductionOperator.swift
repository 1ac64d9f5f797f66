import Foundation
import Registry
import Scheduling
import Serving
import Training

/// `model/test-production`: tests what served yesterday on what came today, before it is learned (prequential: test, then train).
///
/// Somebody the model knows is ranked by what it learned of them, against their history until today. Somebody new is ranked by
/// fold-in of the first half of what they rated today, against the second half. Plain popularity, counted on the same data that
/// production could have seen, is tested on the same cases.
struct TestProductionOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "model/test-production"
    let summary = "Tests production on the new day's ratings before they are learned, beside popularity."
    let settings = [
        SettingSpec("model", .string, default: .string("movies"), help: "the registered model"),
        SettingSpec("alias", .string, default: .string("production"), help: "which version is in production"),
    ]

    /// From this many stars on, a rating is something the person would have liked to be recommended.
    private static let positiveStars: Float = 4

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let (name, alias) = (settings.string("model"), settings.string("alias"))
        guard let current = try await workshop.version(alias: alias, of: name) else {
            throw TaskSkip(reason: "\(name) has no \(alias) version yet")
        }
        let version = try await innocent(current, alias: alias, of: context.day)
        let interval = context.run.dataInterval
        let before = try await workshop.arrived(before: interval.start)
        let folder = try await workshop.folder(of: version)
        let fresh = try await workshop.fresh(in: interval)
        let outcome = try await workshop.compute { workers, isCancelled in
            let production = try ModelArtifact(reading: folder).model
            let cases = fresh.compactMap { user, ratings in
                TestProductionOperator.testCase(
                    user: user, today: ratings, history: before.history(of: user),
                    knows: production.users.index(of: user) != nil)
            }
            return try TestProductionOperator.test(
                production, against: before, cases: cases, workers: workers, isCancelled: isCancelled)
        }
        guard let outcome else {
            throw TaskSkip(reason: "nobody rated anything highly on \(context.day) that could be foreseen")
        }
        let point = QualityPoint(date: context.day.description, values: outcome)
        try await workshop.quality.record(point, model: name)
        workshop.publish(.quality(point))
        let (ours, theirs) = (outcome["ndcg_at_10"] ?? .nan, outcome["popularity_ndcg_at_10"] ?? .nan)
        context.log.info(
            "version \(version.version) on \(context.day): ndcg@10 \(Decimals.text(ours, 4)), popularity "
                + "\(Decimals.text(theirs, 4)), \(Int(outcome["cases"] ?? 0)) people")
        var outputs = outcome.mapValues { "\($0)" }
        outputs["version"] = "\(version.version)"
        return outputs
    }

    /// The version that had the alias last without having learned the day: when the task is tried again, or the run is one by hand,
    /// the day's own model may be in production already.
    /// - Throws: `TaskSkip` when every version has learned it.
    private func innocent(_ current: ModelVersion, alias: String, of day: Day) async throws -> ModelVersion {
        func hasLearned(_ version: ModelVersion) -> Bool {
            version.tags["mlstack.simulated_date"].map { $0 >= day.description } ?? false
        }
        if !hasLearned(current) { return current }
        for change in try await workshop.registry.aliasHistory(
            of: current.name, alias: alias, limit: TestProductionOperator.historyLength)
        {
            guard let number = change.version else { continue }
            do {
                let version = try await workshop.registry.version(number, of: current.name)
                if !hasLearned(version) { return version }
            } catch RegistryError.notFound {
                // It has been deleted since.
            }
        }
        throw TaskSkip(reason: "every version that was in \(alias) has learned \(day) already")
    }

    /// Changes of the alias that are looked through: more than there are on one day.
    private static let historyLength = 100

    private static func testCase(
        user: String, today: [Rating], history: [Rating], knows: Bool
    ) -> EvaluationCase? {
        let isKnown = knows && !history.isEmpty
        let seen = isKnown ? history : history + today.prefix(today.count / 2)
        let rest = isKnown ? today[...] : today.dropFirst(today.count / 2)
        let seenItems = Set(seen.map(\.item))
        var targets: [String] = []
        for rating in rest where (rating.stars ?? 5) >= positiveStars && !seenItems.contains(rating.item) {
            if !targets.contains(rating.item) { targets.append(rating.item) }
        }
        if targets.isEmpty || seen.isEmpty { return nil }
        return EvaluationCase(
            user: user, history: seen.map { .init(item: $0.item, stars: $0.stars) }, targets: targets, foldIn: !isKnown)
    }

    /// - Returns: nil when there is no case whose target anybody could have named.
    private static func test(
        _ production: any Recommender, against before: ArrivedRatings, cases: [EvaluationCase], workers: any Workers,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [String: Double]? {
        if cases.isEmpty { return nil }
        let metrics = [MetricName(.ndcg, at: 10), MetricName(.recall, at: 20)]
        let popularity = try TrainerCatalogue.trainer(named: "popularity").fit(
            try before.matrix(options: MatrixOptions(), workers: workers).matrix, workers: workers,
            monitor: FitMonitor())
        let ours: EvaluationReport
        let theirs: EvaluationReport
        do {
            ours = try Evaluator.evaluate(
                production, cases: cases, metrics: metrics, workers: workers, isCancelled: isCancelled)
            // The same people for both: those of whom production's catalogue holds a target.
            let same = ours.counted.map { cases[$0] }
            theirs = try Evaluator.evaluate(
                popularity, cases: same, metrics: metrics, workers: workers, isCancelled: isCancelled)
        } catch TrainingError.noCases {
            return nil
        }
        var values = ours.valuesByKey
        for (key, value) in theirs.valuesByKey { values["popularity_\(key)"] = value }
        values["cases"] = Double(ours.cases)
        values["new_cases"] = Double(ours.counted.count { cases[$0].foldIn })
        values["known_cases"] = Double(ours.counted.count { !cases[$0].foldIn })
        return values
    }
}
