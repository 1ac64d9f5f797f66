/// How often each item was liked, with an optional exponential decay: the baseline that every model has to beat.
///
/// **Idea.** What many liked, most like. Everybody gets the same list.
///
/// **Score.** Of item i: the sum over its positives of 2^(-age / half_life_days); without a half-life, their number.
///
/// **Settings.** `half_life_days`: off unless given. With it this is the baseline to respect in a replay: lately liked
/// items are what known users go on to.
///
/// **Cost.** One pass over the interactions. There is nothing to start from: `warm_start` changes nothing.
package struct PopularityTrainer: Trainer {
    package static let name = "popularity"
    package static let summary =
        "The items that most people liked, the same for everybody; lately liked ones first with a half-life"
    package static let hyperparameters = [PositiveInteractions.threshold, PositiveInteractions.halfLife]

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) { settings = values }

    package func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        if monitor.isCancelled() { throw CancellationError() }
        let clock = ContinuousClock()
        let started = clock.now
        let positives = try positives(of: matrix)
        let model = PopularityModel(
            tables: ModelTables(of: matrix, positives: positives, settings: settings))
        monitor.report(
            SweepReport(sweep: 1, sweeps: 1, loss: nil, seconds: (clock.now - started) / .seconds(1)))
        return model
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        PopularityModel(tables: try ModelTables(restoring: content))
    }
}
