import Foundation
import Registry
import Scheduling
import Serving
import Training

/// `model/test-production`: tests what served yesterday on what came today, before it is learned (prequential: test, then train).
///
/// Known and new people apart; plain and decayed popularity beside production on the same cases.
struct TestProductionOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "model/test-production"
    let summary = "Tests production on the new day's ratings before they are learned, beside popularity."
    let settings = [
        SettingSpec("model", .string, default: .string("movies"), help: "the registered model"),
        SettingSpec("alias", .string, default: .string("production"), help: "which version is in production"),
        // Of 7, 30, 90, 180, 365 and 1,095 days the hardest to beat on ml-latest-small day by day (ndcg@10 0.066; 30 days 0.059,
        // plain 0.046): a baseline is there to be respected.
        SettingSpec(
            "popularity_half_life_days", .float(0.01...1_000_000), default: .float(90),
            help: "in so many days a like loses half its weight in decayed popularity"),
    ]

    func problems(in settings: Settings) -> [SettingProblem] {
        [SettingProblem.model("model", in: settings), .alias("alias", in: settings)].compactMap { $0 }
    }

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
        let baselines: [(QualityKey.Ranking, any Trainer)] = [
            (.popularity, try TrainerCatalogue.trainer(named: PopularityTrainer.name)),
            (
                .decayedPopularity,
                try TrainerCatalogue.trainer(
                    named: PopularityTrainer.name,
                    ["half_life_days": .float(settings.float("popularity_half_life_days"))])
            ),
        ]
        let production: any Recommender
        do {
            production = try await workshop.compute { _, _ in try StoredModel(reading: folder).recommender }
        } catch let error as ArtifactError {
            // Nothing that the day could mend: the next version is tested tomorrow.
            throw TaskSkip(reason: "version \(version.version) cannot be read: \(ErrorText(error).oneLine)")
        }
        let growing = workshop.arrivals.growing
        let outcome = try await workshop.compute { workers, isCancelled -> PrequentialTest? in
            let cases = PrequentialCases.make(fresh, before: before, production: production)
            if cases.isEmpty { return nil }
            let matrix = try before.matrix(options: MatrixOptions(), growing: growing, workers: workers).matrix
            return try PrequentialTest(
                production: production, cases: cases, baselines: baselines, learnedFrom: matrix, workers: workers,
                isCancelled: isCancelled)
        }
        guard let outcome else {
            throw TaskSkip(reason: "nobody rated anything highly on \(context.day) that could be foreseen")
        }
        for note in outcome.notes { context.log.warning(note) }
        let point = try await workshop.quality.record(
            QualityPoint(date: context.day.description, values: outcome.values), model: name)
        workshop.publish(.quality(point))
        context.log.info(
            "version \(version.version) on \(context.day), \(Int(outcome.values["cases"] ?? 0)) people: "
                + QualityKey.Ranking.allCases.map { line($0, outcome.values) }.joined(separator: "; "))
        var outputs = outcome.values.mapValues { "\($0)" }
        outputs["version"] = "\(version.version)"
        return outputs
    }

    private func line(_ ranking: QualityKey.Ranking, _ values: [String: Double]) -> String {
        let figures = QualityKey.Audience.allCases.compactMap { audience in
            values[QualityKey(ranking, audience, QualityKey.curve).text].map {
                "\(audience.rawValue) \(Decimals.text($0, 4))"
            }
        }
        return "\(ranking.rawValue) ndcg@10 \(figures.joined(separator: ", "))"
    }

    /// The version that had the alias last without having learned the day: when the task is tried again, or the run is one by hand,
    /// the day's own model may be in production already. A version that does not say what it has learned (it came from elsewhere)
    /// may have learned everything, and is not tested: a curve that flatters is worse than a gap.
    /// - Throws: `TaskSkip` when no version is known not to have learned it.
    private func innocent(_ current: ModelVersion, alias: String, of day: Day) async throws -> ModelVersion {
        func isInnocent(_ version: ModelVersion) -> Bool {
            version.tags[TestProductionOperator.dateTag].map { $0 < day.description } ?? false
        }
        if isInnocent(current) { return current }
        for change in try await workshop.registry.aliasHistory(
            of: current.name, alias: alias, limit: TestProductionOperator.historyLength)
        {
            guard let number = change.version else { continue }
            do {
                let version = try await workshop.registry.version(number, of: current.name)
                if isInnocent(version) { return version }
            } catch RegistryError.notFound {
                // It has been deleted since.
            }
        }
        if current.tags[TestProductionOperator.dateTag] == nil {
            throw TaskSkip(
                reason: "version \(current.version) does not say up to which day it has learned: give it the tag "
                    + "\(TestProductionOperator.dateTag) (YYYY-MM-DD) to have it tested")
        }
        throw TaskSkip(reason: "every version that was in \(alias) has learned \(day) already")
    }

    /// The last day of what a version was trained on.
    private static let dateTag = "mlstack.simulated_date"

    /// Changes of the alias that are looked through: more than there are on one day.
    private static let historyLength = 100
}
