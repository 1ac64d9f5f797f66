import Serving
import Training

/// A day's cases: what production could know of each person, and what they liked that day.
///
/// Somebody the model knows is ranked by what it learned of them, against their history until today. Somebody new is ranked by
/// fold-in of the first half of what they rated today, against the second half.
enum PrequentialCases {
    /// From this many stars on, a rating is something the person would have liked to be recommended.
    private static let positiveStars: Float = 4

    static func make(
        _ fresh: [(user: String, ratings: [Rating])], before: ArrivedRatings, production: any Recommender
    ) -> [EvaluationCase] {
        fresh.compactMap { user, ratings in
            make(
                user: user, today: ratings, history: before.history(of: user),
                knows: production.users.index(of: user) != nil)
        }
    }

    private static func make(user: String, today: [Rating], history: [Rating], knows: Bool) -> EvaluationCase? {
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
}

/// Production and the popular lists held against the same people, the same targets and the same catalogue: production's.
struct PrequentialTest: Sendable {
    /// By `QualityKey`, and how many people there were.
    let values: [String: Double]
    /// What could not be measured, and why.
    let notes: [String]

    /// Blocks.
    /// - Parameter baselines: what stands beside production: plain and decayed popularity, counted on what production could
    ///   have seen. One that cannot learn yet is left out, with a note.
    /// - Returns: nil when there is no case whose target production could have named.
    init?(
        production: any Recommender, cases: [EvaluationCase],
        baselines: [(ranking: QualityKey.Ranking, trainer: any Trainer)], learnedFrom matrix: InteractionMatrix,
        workers: any Workers, isCancelled: @escaping @Sendable () -> Bool
    ) throws {
        let metrics = try QualityKey.metrics.map { try MetricName(parsing: $0) }
        let ours: EvaluationReport
        do {
            ours = try Evaluator.evaluate(
                production, cases: cases, metrics: metrics, workers: workers, isCancelled: isCancelled)
        } catch TrainingError.noCases {
            return nil
        }
        var values = PrequentialTest.means(ours, cases, .production)
        var notes: [String] = []
        for (ranking, trainer) in baselines {
            let model: any Recommender
            do {
                model = try trainer.fit(matrix, workers: workers, monitor: FitMonitor(isCancelled: isCancelled))
            } catch let error as TrainingError {
                // A day without this line is better than a day without production's result.
                notes.append("\(ranking.rawValue) was not tested: \(ErrorText(error).oneLine)")
                continue
            }
            let theirs = try Evaluator.evaluate(
                model, cases: cases, metrics: metrics, catalogue: production.items, workers: workers,
                isCancelled: isCancelled)
            values.merge(PrequentialTest.means(theirs, cases, ranking)) { ours, _ in ours }
        }
        values["cases"] = Double(ours.cases)
        values["new_cases"] = Double(ours.counted.count { cases[$0].foldIn })
        values["known_cases"] = Double(ours.counted.count { !cases[$0].foldIn })
        (self.values, self.notes) = (values, notes)
    }

    /// An audience without a case has no value.
    private static func means(
        _ report: EvaluationReport, _ cases: [EvaluationCase], _ ranking: QualityKey.Ranking
    ) -> [String: Double] {
        var values: [String: Double] = [:]
        for (metric, perCase) in report.perCase {
            for audience in QualityKey.Audience.allCases {
                let chosen = zip(report.counted, perCase).filter { index, _ in
                    audience == .everybody || cases[index].foldIn == (audience == .new)
                }
                if chosen.isEmpty { continue }
                values[QualityKey(ranking, audience, metric.key).text] =
                    chosen.reduce(0) { $0 + $1.1 } / Double(chosen.count)
            }
        }
        return values
    }
}
