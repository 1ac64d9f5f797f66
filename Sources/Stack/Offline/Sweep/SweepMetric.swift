import Training

/// What a sweep looks for the best of.
enum SweepMetric: Sendable, Equatable {
    case ranking(MetricName)
    /// Of predicted stars, less is better.
    case rmse, mae

    /// - Throws: `TrainingError.unknownMetric`; `StackError.usage` for an error in stars of a model that predicts none.
    init(parsing key: String, algorithm: String) throws {
        switch key {
        case "rmse": self = .rmse
        case "mae": self = .mae
        default: self = .ranking(try MetricName(parsing: key))
        }
        if ranking == nil, algorithm != ALSExplicitTrainer.name {
            throw StackError.usage(
                "`\(algorithm)` predicts no stars, so there is no `\(key)` of it.",
                remedy: "choose a metric of ranking, such as ndcg_at_10, or the algorithm \(ALSExplicitTrainer.name).")
        }
    }

    var key: String {
        switch self {
        case .ranking(let name): name.key
        case .rmse: "rmse"
        case .mae: "mae"
        }
    }

    var ranking: MetricName? {
        guard case .ranking(let name) = self else { return nil }
        return name
    }

    /// Errors in stars always, and of lists what their metric says of itself.
    var lessIsBetter: Bool { ranking?.kind.lessIsBetter ?? true }

    func isBetter(_ left: Double, than right: Double) -> Bool { lessIsBetter ? left < right : left > right }
}
