/// A metric of ranked lists and the length at which it looks, as settings, tracked metrics and JSON spell it:
/// `ndcg_at_10`.
///
/// MLflow refuses `@` in a metric's name, so keys say `_at_`.
package struct MetricName: Sendable, Hashable {
    /// What is measured; the definitions stand at `RankedList` and `Evaluator`.
    package enum Kind: String, Sendable, CaseIterable {
        case recall
        case ndcg
        case hitRate = "hit_rate"
        case mrr
        case coverage
        case novelty
        case intraListSimilarity = "intra_list_similarity"

        /// Whether it looks at what a list is made of, and not at what it hits.
        var isOfDiversity: Bool { self == .novelty || self == .intraListSimilarity }
        /// Of two models the one with the lower value is better.
        package var lessIsBetter: Bool { self == .intraListSimilarity }
    }

    package let kind: Kind
    /// The length of the list that is looked at; for `mrr` always 100.
    package let k: Int

    /// How far down a list `mrr` looks for the first hit.
    package static let mrrDepth = 100
    private static let longest = 10_000

    /// - Parameter k: of no consequence for `mrr`.
    package init(_ kind: Kind, at k: Int) {
        self.kind = kind
        self.k = kind == .mrr ? MetricName.mrrDepth : k
    }

    /// - Parameter key: `recall_at_20`, `ndcg_at_10`, `hit_rate_at_10`, `coverage_at_10`, `novelty_at_10`,
    ///   `intra_list_similarity_at_10`, `mrr`.
    /// - Throws: `TrainingError.unknownMetric` with the nearest key.
    package init(parsing key: String) throws(TrainingError) {
        if key == Kind.mrr.rawValue {
            self.init(.mrr, at: MetricName.mrrDepth)
            return
        }
        for kind in Kind.allCases where kind != .mrr && key.hasPrefix(kind.rawValue + "_at_") {
            let digits = key.dropFirst(kind.rawValue.utf8.count + 4)
            // Int accepts a sign and leading zeros, and then one metric would have two names.
            if let k = Int(digits), "\(k)" == digits, (1...MetricName.longest).contains(k) {
                self.init(kind, at: k)
                return
            }
        }
        throw .unknownMetric(key, nearest: MetricName.nearest(to: key))
    }

    /// As `init(parsing:)` reads it.
    package var key: String { kind == .mrr ? kind.rawValue : "\(kind.rawValue)_at_\(k)" }

    static let examples = [
        "recall_at_20", "ndcg_at_10", "hit_rate_at_10", "mrr", "coverage_at_10", "novelty_at_10",
        "intra_list_similarity_at_10",
    ]

    /// The nearest kind, at the length that the key seems to name, else at the usual one.
    private static func nearest(to key: String) -> String? {
        let word = key.prefix { !$0.isNumber && $0 != "@" }
        let stem = word.hasSuffix("_at_") ? String(word.dropLast(4)) : String(word)
        guard let name = Spelling.nearest(to: stem, among: Kind.allCases.map(\.rawValue)),
            let kind = Kind(rawValue: name)
        else { return nil }
        // The letter O is a slip for the digit beside it.
        let digits = key.drop { !$0.isNumber }.map { "oO".contains($0) ? "0" : $0 }.prefix { $0.isNumber }
        let k = Int(String(digits)) ?? (kind == .recall ? 20 : 10)
        return MetricName(kind, at: min(max(1, k), longest)).key
    }
}
