/// A mean with the interval that resampling gives it.
package struct BootstrapInterval: Sendable, Equatable {
    /// Of the values as they are, not of the resamples.
    package let mean: Double
    package let lower: Double
    package let upper: Double
    /// How many values there were.
    package let count: Int

    /// Whether the whole interval lies above zero: of a difference, whether the first is better beyond doubt.
    package var isAboveZero: Bool { lower > 0 }
}

/// Percentile bootstrap: how far a mean over users could have been elsewhere, had other users been drawn.
///
/// Ranking metrics of users are skewed and full of zeros, for which no formula of a normal distribution holds. With few
/// users the percentile interval is too narrow; with fewer than two there is none.
/// - Source: Efron, Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13; for pairs of systems over the same
///   queries Sakai (2006), "Evaluating Evaluation Metrics Based on the Bootstrap".
package enum Bootstrap {
    package static let confidence = 0.95
    /// Enough for the ends of a 95 % interval to move by a few hundredths of its width from seed to seed.
    package static let resamples = 2000
    package static let seed: UInt64 = 20_240_913

    /// The mean of one model's values, one for each user.
    /// - Returns: nil for fewer than two values. A function of the values and the seed alone: each resample draws from a
    ///   stream of its own.
    package static func mean(
        of values: [Double], resamples: Int = resamples, seed: UInt64 = seed
    ) -> BootstrapInterval? {
        let count = values.count
        guard count > 1, resamples > 0 else { return nil }
        let means = (0..<resamples).map { resample in
            var random = SplitMix64(seed: seed, stream: UInt64(resample))
            var sum = 0.0
            for _ in 0..<count {
                // The high half of a product spreads 64 bits over `count` places, uneven by less than count / 2^64.
                sum += values[Int(random.next().multipliedFullWidth(by: UInt64(count)).high)]
            }
            return sum / Double(count)
        }.sorted()
        // As many are cut off above as below, so that a difference turned round has the interval turned round.
        let cut = Int(Double(resamples) * (1 - confidence) / 2)
        return BootstrapInterval(
            mean: values.reduce(0, +) / Double(count), lower: means[cut], upper: means[resamples - 1 - cut],
            count: count)
    }

    /// The mean of `first - second`, where place `n` of both is the same user: what both find easy or hard drops out.
    /// - Returns: nil for fewer than two users.
    package static func difference(
        _ first: [Double], _ second: [Double], resamples: Int = resamples, seed: UInt64 = seed
    ) -> BootstrapInterval? {
        precondition(first.count == second.count, "values are compared in pairs: both sides need the same users")
        return mean(of: zip(first, second).map { $0 - $1 }, resamples: resamples, seed: seed)
    }
}

extension EvaluationReport {
    /// This model's values less the other's, over the cases that both counted. Both reports must come from the same list of
    /// cases and, to mean anything, from the same catalogue.
    /// - Returns: nil for fewer than two such cases, or a metric that either report lacks or that belongs to no single case.
    package func difference(from other: EvaluationReport, in metric: MetricName) -> BootstrapInterval? {
        guard let ours = perCase[metric], let theirs = other.perCase[metric] else { return nil }
        let places = Dictionary(uniqueKeysWithValues: zip(other.counted, theirs))
        let pairs = zip(counted, ours).compactMap { index, value in places[index].map { (value, $0) } }
        return Bootstrap.difference(pairs.map(\.0), pairs.map(\.1))
    }
}
