import Training

/// A new version against the one in production, on the same people.
///
/// Both are ranked within the union of their catalogues: an item that only one of them knows is one that the other misses, as
/// it would be live. People of whom either has learned a target are left out, since remembering is not foreseeing: the
/// hold-out keeps back the same people's latest ratings day after day, but a version from elsewhere may have seen them.
struct Challenge: Sendable, Equatable {
    let metric: MetricName
    /// Means over the people compared; nil without any.
    let challenger: Double?
    let champion: Double?
    /// By how much the challenger is better, whichever way the metric points; nil for fewer than two people.
    let gain: BootstrapInterval?
    /// People who were left out because a target of theirs was in somebody's training data.
    let remembered: Int

    /// Blocks.
    /// - Throws: `TrainingError` but for `noCases`; `CancellationError`.
    init(
        challenger: any Recommender, champion: any Recommender, cases: [EvaluationCase], metric: MetricName,
        workers: any Workers, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws {
        let unseen = cases.filter { subject in
            ![challenger, champion].contains { Challenge.hasLearned($0, aTargetOf: subject) }
        }
        self.metric = metric
        remembered = cases.count - unseen.count
        let catalogue = IDTable(challenger.items.all + champion.items.all)
        let reports: [EvaluationReport]
        do {
            reports = try [challenger, champion].map { model in
                try Evaluator.evaluate(
                    model, cases: unseen, metrics: [metric], catalogue: catalogue, workers: workers,
                    isCancelled: isCancelled)
            }
        } catch TrainingError.noCases {
            (self.challenger, self.champion, gain) = (nil, nil, nil)
            return
        }
        (self.challenger, self.champion) = (reports[0].values[metric], reports[1].values[metric])
        gain =
            metric.kind.lessIsBetter
            ? reports[1].difference(from: reports[0], in: metric) : reports[0].difference(from: reports[1], in: metric)
    }

    private static func hasLearned(_ model: any Recommender, aTargetOf subject: EvaluationCase) -> Bool {
        guard !subject.foldIn, let user = model.users.index(of: subject.user),
            let learned = model.trainingItems(of: user)
        else { return false }
        let items = Set(learned)
        return subject.targets.contains { model.items.index(of: $0).map(items.contains) ?? false }
    }
}
