import Foundation

/// A ranked list held against what it should have named.
///
/// - Source of the definitions: Järvelin, Kekäläinen (2002), "Cumulated Gain-Based Evaluation of IR Techniques", with
///   binary gains; recall over min(k, |T|), so that a perfect list reaches 1 at any length.
struct RankedList {
    /// The ranks of the hits, from 1, ascending.
    let hits: [Int]
    /// |T|
    let targetCount: Int

    /// - Parameters:
    ///   - items: indices in the catalogue, best first.
    ///   - targets: those that the model can name.
    ///   - targetCount: of all that it should have named, at least 1.
    init(items: some Collection<Int32>, targets: Set<Int32>, targetCount: Int) {
        var hits: [Int] = []
        for (place, item) in items.enumerated() where targets.contains(item) { hits.append(place + 1) }
        (self.hits, self.targetCount) = (hits, targetCount)
    }

    /// |top-k ∩ T| / min(k, |T|)
    func recall(at k: Int) -> Double { Double(hitCount(at: k)) / Double(min(k, targetCount)) }

    /// Sum over hits of 1 / log2(rank + 1), over the same sum for an ideal list of min(k, |T|) hits.
    func ndcg(at k: Int) -> Double {
        let gain = hits.prefix { $0 <= k }.reduce(0.0) { $0 + RankedList.discount(rank: $1) }
        let ideal = (1...min(k, targetCount)).reduce(0.0) { $0 + RankedList.discount(rank: $1) }
        return gain / ideal
    }

    /// 1 when any of the first k is a hit, else 0.
    func hitRate(at k: Int) -> Double { hitCount(at: k) > 0 ? 1 : 0 }

    /// 1 / rank of the first hit within `MetricName.mrrDepth`, else 0.
    var reciprocalRank: Double {
        guard let first = hits.first, first <= MetricName.mrrDepth else { return 0 }
        return 1 / Double(first)
    }

    private func hitCount(at k: Int) -> Int { hits.prefix { $0 <= k }.count }
    private static func discount(rank: Int) -> Double { 1 / log2(Double(rank + 1)) }
}
