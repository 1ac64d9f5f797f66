/// How often each item was liked, with an optional exponential decay: the baseline that every model has to beat.
package struct PopularityTrainer: Trainer {
    package static let name = "popularity"
    package static let summary =
        "The items that most people liked, the same for everybody; lately liked ones first with a half-life"
    package static let hyperparameters = PositiveInteractions.specs

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) { settings = values }

    package func fit(_ matrix: InteractionMatrix, workers: any Workers, monitor: FitMonitor) throws -> any Recommender {
        if monitor.isCancelled() { throw CancellationError() }
        let clock = ContinuousClock()
        let started = clock.now
        let positives = try PositiveInteractions(
            of: matrix, positiveFrom: settings.float("positive_from"),
            halfLifeDays: settings.optionalFloat("half_life_days"), algorithm: Self.name)
        let model = PopularityModel(
            users: matrix.users, items: matrix.items,
            popularity: positives.rows.columnSums(columnCount: matrix.items.count), seen: SeenItems(of: matrix),
            interactionCount: matrix.interactionCount, settings: settings)
        monitor.report(
            SweepReport(sweep: 1, sweeps: 1, loss: nil, seconds: (clock.now - started) / .seconds(1)))
        return model
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        try PopularityModel(restoring: content)
    }
}
