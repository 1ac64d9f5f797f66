import CKernels

/// For whom a list is made.
package enum Audience: Sendable, Equatable {
    /// By index in `Recommender.users`.
    case user(Int)
    /// Somebody who is known by a history alone; empty: everybody, who gets the popular list.
    case history([HistoryEntry])
}

extension Recommender {
    /// The best items for somebody, best first, ties by item order.
    ///
    /// Exact, as if every item of the catalogue were scored. Blocks for as long as that takes: microseconds for thousands
    /// of items.
    /// - Parameters:
    ///   - excluded: indices of items that must not be named, e.g. what the person has seen; in any order, repeats
    ///     allowed.
    ///   - allowed: if given, nothing else is named.
    /// - Returns: `count` items, or as many as are left.
    package func recommend(
        for audience: Audience, excluding excluded: some Sequence<Int>, allowed: (some Sequence<Int>)? = [Int]?.none,
        count: Int
    ) -> [ScoredItem] {
        if allowed == nil,
            let best = (self as? any VectorRecommender)?.quickBest(audience, excluding: excluded, count: count)
        {
            return best
        }
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: items.count) { scores in
            score(audience, into: scores)
            if let allowed {
                var kept: [ScoredItem] = []
                for item in allowed { kept.append(ScoredItem(item: item, score: scores[item])) }
                scores.update(repeating: -.infinity)
                for entry in kept { scores[entry.item] = entry.score }
            }
            for item in excluded { scores[item] = -.infinity }
            return best(of: UnsafeBufferPointer(scores), count: count)
        }
    }

    func score(_ audience: Audience, into scores: UnsafeMutableBufferPointer<Float>) {
        switch audience {
        case .user(let user): score(user: user, into: scores)
        case .history(let history): score(history: history, into: scores)
        }
    }

    /// A history by ids, as this model understands it; what is not in its catalogue is left out.
    package func entries(of history: some Sequence<(item: String, stars: Float?)>) -> [HistoryEntry] {
        history.compactMap { rating in
            items.index(of: rating.item).map { HistoryEntry(item: $0, stars: rating.stars) }
        }
    }

    /// The same for ratings as feedback and data bring them.
    package func entries(of ratings: some Sequence<Rating>) -> [HistoryEntry] {
        entries(of: ratings.lazy.map { (item: $0.item, stars: $0.stars) })
    }

    /// The highest scores; minus infinity masks.
    func best(of scores: UnsafeBufferPointer<Float>, count: Int) -> [ScoredItem] {
        let room = max(0, min(count, scores.count))
        guard room > 0, let start = scores.baseAddress else { return [] }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: room) { indices in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: room) { best in
                guard let index = indices.baseAddress, let score = best.baseAddress else { return [] }
                let found = mls_top_k(start, scores.count, room, index, score)
                return (0..<found).map { ScoredItem(item: Int(index[$0]), score: score[$0]) }
            }
        }
    }
}
