/// The same ranking for everybody: by how many liked each item.
struct PopularityModel: TabledRecommender {
    let tables: ModelTables

    var algorithm: String { PopularityTrainer.name }

    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) { score(history: [], into: scores) }

    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        tables.scorePopular(into: scores)
    }

    /// By who had to do with both: the cosine of two items' sets of users in the interactions that training saw.
    ///
    /// Popularity itself knows no likeness, and the popular list would be a wrong answer to this question; but the
    /// interactions are at hand. Only items with a user in common are named, so there may be fewer than `count`.
    func similar(to item: Int, count: Int) -> [ScoredItem] {
        var together = [Int](repeating: 0, count: items.count)
        var alone = [Int](repeating: 0, count: items.count)
        for user in 0..<users.count {
            let row = tables.seen.items(of: user)
            let knows = SortedSearch.contains(Int32(item), in: row)
            for other in row {
                alone[Int(other)] += 1
                if knows { together[Int(other)] += 1 }
            }
        }
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: items.count) { scores in
            for other in 0..<items.count {
                scores[other] =
                    together[other] == 0
                    ? -.infinity : Float(together[other]) / Float(alone[item] * alone[other]).squareRoot()
            }
            scores[item] = -.infinity
            return best(of: UnsafeBufferPointer(scores), count: count)
        }
    }

    func artifactContent() -> ArtifactContent { tables.content(algorithm, [:]) }
}

/// Binary search.
enum SortedSearch {
    static func contains<Element: Comparable>(_ wanted: Element, in sorted: ArraySlice<Element>) -> Bool {
        var (low, high) = (sorted.startIndex, sorted.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if sorted[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < sorted.endIndex && sorted[low] == wanted
    }
}
