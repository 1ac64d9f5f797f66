/// What an evaluation found.
package struct EvaluationReport: Sendable, Equatable {
    /// Which of the cases given were ranked, by index, ascending.
    package let counted: [Int]
    /// Cases that were left out because no target of theirs is in the catalogue that was ranked.
    package let casesWithoutKnownTarget: Int
    /// Targets that were left out because they are not in the catalogue.
    package let unknownTargets: Int
    /// Means over cases; for coverage the share of the catalogue that any list named.
    package let values: [MetricName: Double]
    /// Standard errors of the means. Coverage is no mean and has none, nor has anything of a single case.
    package let standardErrors: [MetricName: Double]
    /// Each counted case's own value, in the order of `counted`, for comparisons in pairs; coverage is not among them.
    package let perCase: [MetricName: [Double]]

    /// How many users were ranked.
    package var cases: Int { counted.count }

    init(
        counted: [Int], casesWithoutKnownTarget: Int, unknownTargets: Int, coverage: [MetricName: Double],
        perCase: [MetricName: [Double]]
    ) {
        (self.counted, self.casesWithoutKnownTarget) = (counted, casesWithoutKnownTarget)
        (self.unknownTargets, self.perCase) = (unknownTargets, perCase)
        let means = perCase.mapValues { values in values.reduce(0, +) / Double(values.count) }
        values = means.merging(coverage) { mean, _ in mean }
        standardErrors = perCase.compactMapValues { values in
            guard values.count > 1 else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
        }
    }

    /// `values` by key, e.g. `ndcg_at_10`.
    package var valuesByKey: [String: Double] {
        Dictionary(uniqueKeysWithValues: values.map { ($0.key.key, $0.value) })
    }
    package var standardErrorsByKey: [String: Double] {
        Dictionary(uniqueKeysWithValues: standardErrors.map { ($0.key.key, $0.value) })
    }
}
