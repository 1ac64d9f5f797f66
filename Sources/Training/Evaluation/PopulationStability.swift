import Foundation

/// How far a distribution has moved from an earlier one, over bins of about equal weight in the earlier one.
///
/// - Source: Siddiqi (2006), "Credit Risk Scorecards": below 0.1 it stands still, above 0.25 it has moved. Those limits know
///   nothing of sample sizes; what chance alone brings is told by `noise` (Yurdakul 2018, "Statistical Properties of Population
///   Stability Index": without a shift the index over (1/n + 1/m) is distributed as chi-squared with bins - 1 degrees of freedom).
package struct PopulationStability: Sendable, Equatable {
    /// Sum over bins of (a - e) · ln(a / e), in nats; 0 for equal distributions.
    package let index: Double
    /// What the index stays below in 999 of 1000 days without a shift.
    package let noise: Double

    package static let bins = 10
    /// The normal quantile of 0.999.
    private static let z = 3.0902

    /// - Parameters:
    ///   - expected: how often each value occurred before.
    ///   - actual: how often each occurs now.
    ///   - designEffect: how many times as much chance moves the index as it would if all draws were independent.
    /// - Returns: nil when either is empty, or when nothing tells values apart (one bin).
    package init?(expected: [Int: Int], actual: [Int: Int], designEffect: Double = 1) {
        guard let comparison = PopulationStability.compare(expected, actual) else { return nil }
        index = comparison.index
        noise =
            PopulationStability.chiSquared(degrees: comparison.degrees) * designEffect * comparison.unit
    }

    /// How many times as much the index of each former day moved as it would have, had all draws been independent: people have
    /// tastes and weeks have rhythms. At least 1.
    /// - Returns: nil for fewer than five days that can be compared.
    static func designEffect(days: [(expected: [Int: Int], actual: [Int: Int])]) -> Double? {
        // The mean of chi-squared is its degrees of freedom.
        let ratios = days.compactMap { day in
            compare(day.expected, day.actual).map { $0.index / ($0.unit * Double($0.degrees)) }
        }
        return ratios.count < 5 ? nil : max(1, ratios.reduce(0, +) / Double(ratios.count))
    }

    /// - Returns: the index; bins less one; 1/n + 1/m.
    private static func compare(
        _ expected: [Int: Int], _ actual: [Int: Int]
    ) -> (index: Double, degrees: Int, unit: Double)? {
        let (before, now) = (expected.values.reduce(0, +), actual.values.reduce(0, +))
        guard before > 0, now > 0 else { return nil }
        let edges = edges(of: expected, total: before)
        if edges.isEmpty { return nil }
        func counts(_ values: [Int: Int]) -> [Double] {
            // Half a draw more in each bin: an empty one would make the index infinite.
            var counts = [Double](repeating: 0.5, count: edges.count + 1)
            for (value, count) in values { counts[edges.count { $0 < value }] += Double(count) }
            return counts
        }
        let (e, a) = (counts(expected), counts(actual))
        let (eSum, aSum) = (e.reduce(0, +), a.reduce(0, +))
        let index = zip(e, a).reduce(0) { sum, pair in
            let (before, now) = (pair.0 / eSum, pair.1 / aSum)
            return sum + (now - before) * log(now / before)
        }
        return (index, edges.count, 1 / Double(before) + 1 / Double(now))
    }

    /// The last value of each bin but the highest, ascending: a bin ends once it holds its share of the former weight.
    private static func edges(of expected: [Int: Int], total: Int) -> [Int] {
        let values = expected.sorted { $0.key < $1.key }
        var edges: [Int] = []
        var sum = 0
        var filled = 0
        for (value, count) in values.dropLast() {
            sum += count
            let share = sum * bins / total
            if share > filled {
                edges.append(value)
                filled = share
            }
        }
        return edges
    }

    /// The 0.999 quantile.
    /// - Source: Wilson, Hilferty (1931), "The Distribution of Chi-Square"; too high by at most 3 %.
    private static func chiSquared(degrees: Int) -> Double {
        let k = Double(degrees)
        return k * pow(1 - 2 / (9 * k) + z * (2 / (9 * k)).squareRoot(), 3)
    }
}
