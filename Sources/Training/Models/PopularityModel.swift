/// The same ranking for everybody: by how many liked each item.
struct PopularityModel: Recommender {
    let users: IDTable
    let items: IDTable
    /// Sum of the weights by age of each item's positives; without a half-life their number.
    let popularity: [Float]
    let seen: SeenItems
    let interactionCount: Int
    let settings: Hyperparameters

    var algorithm: String { PopularityTrainer.name }

    init(
        users: IDTable, items: IDTable, popularity: [Float], seen: SeenItems, interactionCount: Int,
        settings: Hyperparameters
    ) {
        (self.users, self.items, self.popularity, self.seen) = (users, items, popularity, seen)
        (self.interactionCount, self.settings) = (interactionCount, settings)
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        self.init(
            users: content.users, items: content.items,
            popularity: try content.floats("popularity", shape: [content.items.count]),
            seen: try content.seenItems(), interactionCount: content.interactionCount, settings: content.settings)
    }

    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) { score(history: [], into: scores) }

    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        for item in popularity.indices { scores[item] = popularity[item] }
    }

    /// By who had to do with both: the cosine of two items' sets of users in the interactions that training saw.
    ///
    /// Popularity itself knows no likeness, and the popular list would be a wrong answer to this question; but the
    /// interactions are at hand. Only items with a user in common are named, so there may be fewer than `count`.
    func similar(to item: Int, count: Int) -> [ScoredItem] {
        var together = [Int](repeating: 0, count: items.count)
        var alone = [Int](repeating: 0, count: items.count)
        for user in 0..<users.count {
            let row = seen.items(of: user)
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

    func trainingItems(of user: Int) -> [Int]? { seen.items(of: user).map { Int($0) } }

    func artifactContent() -> ArtifactContent {
        var tensors = seen.tensors
        tensors["popularity"] = Tensor(shape: [items.count], values: .float32(popularity))
        return ArtifactContent(
            algorithm: algorithm, settings: settings, users: users, items: items, interactionCount: interactionCount,
            tensors: tensors)
    }
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
