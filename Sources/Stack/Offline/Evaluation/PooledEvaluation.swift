import Training

/// What a model, or one for each fold, reached on all cases of all folds together.
struct PooledEvaluation: Sendable {
    /// One for each fold, in their order.
    let reports: [EvaluationReport]
    /// Of the folds whose model predicts stars.
    let starErrors: [StarErrors]

    init(reports: [EvaluationReport], starErrors: [StarErrors]) {
        (self.reports, self.starErrors) = (reports, starErrors)
    }

    var cases: Int { reports.reduce(0) { $0 + $1.cases } }

    /// Each case's own value, fold after fold; nil for what belongs to no single case.
    func perCase(_ metric: MetricName) -> [Double]? {
        let values = reports.compactMap { $0.perCase[metric] }
        return values.count == reports.count ? values.flatMap { $0 } : nil
    }

    /// Means over all cases; of coverage over the folds; of errors in stars over all ratings.
    var values: [String: Double] {
        var values: [String: Double] = [:]
        for metric in metrics {
            let found = perCase(metric) ?? reports.compactMap { $0.values[metric] }
            values[metric.key] = found.reduce(0, +) / Double(found.count)
        }
        let ratings = Double(starErrors.reduce(0) { $0 + $1.ratings })
        if ratings > 0 {
            let squares = starErrors.reduce(0) { $0 + $1.rootMeanSquare * $1.rootMeanSquare * Double($1.ratings) }
            values["rmse"] = (squares / ratings).squareRoot()
            values["mae"] = starErrors.reduce(0) { $0 + $1.meanAbsolute * Double($1.ratings) } / ratings
        }
        return values
    }

    /// Standard errors of the means over cases.
    var standardErrors: [String: Double] {
        var errors: [String: Double] = [:]
        for metric in metrics {
            guard let values = perCase(metric), values.count > 1 else { continue }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            errors[metric.key] = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
        }
        return errors
    }

    var metrics: [MetricName] { (reports.first?.values.keys).map(Array.init)?.sorted { $0.key < $1.key } ?? [] }

    /// By key, 95 % intervals of the means over cases.
    func intervals(resamples: Int) -> [String: BootstrapInterval] {
        var intervals: [String: BootstrapInterval] = [:]
        for metric in metrics {
            intervals[metric.key] = perCase(metric).flatMap { Bootstrap.mean(of: $0, resamples: resamples) }
        }
        return intervals
    }

    /// By key, this one's means less the other's, user by user. Both must come from the same folds and catalogues.
    func differences(from other: PooledEvaluation, resamples: Int) -> [String: BootstrapInterval] {
        var differences: [String: BootstrapInterval] = [:]
        for metric in metrics {
            var pairs: [(ours: Double, theirs: Double)] = []
            for (ours, theirs) in zip(reports, other.reports) {
                guard let left = ours.perCase[metric], let right = theirs.perCase[metric] else { continue }
                let known = Dictionary(uniqueKeysWithValues: zip(theirs.counted, right))
                pairs += zip(ours.counted, left).compactMap { index, value in known[index].map { (value, $0) } }
            }
            differences[metric.key] = Bootstrap.difference(
                pairs.map(\.ours), pairs.map(\.theirs), resamples: resamples)
        }
        return differences
    }
}
