/// One simulated day of production tested on what came that day, before it was learned.
package struct QualityPoint: Sendable, Equatable {
    /// `YYYY-MM-DD`
    package var date: String
    /// By key (see `QualityKey`): `ndcg_at_10`, `popularity_known_ndcg_at_10`, `cases`, `known_cases`, `new_cases`, …
    package var values: [String: Double]
    /// The running mean of some of them up to this day, by the same keys.
    package var running: [String: RunningMean.Value]

    package init(date: String, values: [String: Double], running: [String: RunningMean.Value] = [:]) {
        (self.date, self.values, self.running) = (date, values, running)
    }
}

/// The name of a figure of the quality curve: whose ranking, for whom, by which metric.
package struct QualityKey: Sendable, Hashable {
    /// Whose lists.
    package enum Ranking: String, Sendable, CaseIterable {
        case production
        case popularity
        /// Popularity whose likes lose half their weight in some days.
        case decayedPopularity = "decayed_popularity"
    }

    /// For whom.
    package enum Audience: String, Sendable, CaseIterable {
        case everybody
        /// Those whom production had learned, by what it learned of them.
        case known
        /// Everybody else, by fold-in.
        case new
    }

    package var ranking: Ranking
    package var audience: Audience
    /// `ndcg_at_10`
    package var metric: String

    package init(_ ranking: Ranking, _ audience: Audience, _ metric: String) {
        (self.ranking, self.audience, self.metric) = (ranking, audience, metric)
    }

    /// Production and everybody need no word: `ndcg_at_10`, `popularity_ndcg_at_10`, `known_ndcg_at_10`.
    package var text: String {
        (ranking == .production ? "" : ranking.rawValue + "_") + (audience == .everybody ? "" : audience.rawValue + "_")
            + metric
    }

    /// The metric that the curve is drawn by.
    package static let curve = "ndcg_at_10"
    package static let metrics = [curve, "recall_at_20"]

    /// Every ranking for every audience.
    package static func all(of metric: String) -> [QualityKey] {
        Audience.allCases.flatMap { audience in Ranking.allCases.map { QualityKey($0, audience, metric) } }
    }
}

/// The mean of the last values of a series and how sure it is.
///
/// The band takes days for independent draws; a weekly rhythm or a model that improves makes it too narrow or too wide.
package struct RunningMean: Sendable {
    /// A mean over days.
    package struct Value: Sendable, Equatable {
        package var mean: Double
        /// The standard deviation of the values over the root of their number; nil for a single one.
        package var standardError: Double?
        package init(mean: Double, standardError: Double?) { (self.mean, self.standardError) = (mean, standardError) }
    }

    /// Days that have a value, not days of the calendar.
    package static let curveWindow = 30

    private let window: Int
    private var values: [Double] = []

    package init(window: Int = curveWindow) { self.window = window }

    package mutating func add(_ value: Double) -> Value {
        values.append(value)
        if values.count > window { values.removeFirst() }
        // Added up afresh: sums that are carried along gather rounding errors, and then a day's figure would depend on when
        // the program was started.
        return RunningMean.of(values) ?? Value(mean: value, standardError: nil)
    }

    /// nil for no values.
    package static func of(_ values: [Double]) -> Value? {
        if values.isEmpty { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        if values.count < 2 { return Value(mean: mean, standardError: nil) }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Value(
            mean: mean, standardError: (squares / Double(values.count - 1) / Double(values.count)).squareRoot())
    }
}
