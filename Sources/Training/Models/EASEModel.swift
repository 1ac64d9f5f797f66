import CKernels

/// A score is the sum of the weights from each thing in the history.
struct EASEModel: HistoryRecommender {
    let tables: ModelTables
    let liked: SeenItems
    /// The items with a weight, ascending; the others were liked by nobody and score 0.
    let active: [Int32]
    /// Row i, column j: how much active item i speaks for active item j.
    let weights: FactorMatrix
    /// Where an item stands in `active`; -1: nowhere.
    private let place: [Int32]

    var algorithm: String { EASETrainer.name }

    init(tables: ModelTables, liked: SeenItems, active: [Int32], weights: FactorMatrix) {
        (self.tables, self.liked, self.active, self.weights) = (tables, liked, active, weights)
        var place = [Int32](repeating: -1, count: tables.items.count)
        for (row, item) in active.enumerated() { place[Int(item)] = Int32(row) }
        self.place = place
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        let active = try content.places("active_items")
        self.init(
            tables: try ModelTables(restoring: content), liked: try content.itemRows("liked"), active: active,
            weights: try content.factors("weights", rows: active.count, factors: active.count))
    }

    func score(liked history: [Int32], into scores: UnsafeMutableBufferPointer<Float>) -> Bool {
        let rows = history.map { place[Int($0)] }.filter { $0 >= 0 }
        if rows.isEmpty { return false }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: weights.stride) { sums in
            guard let start = sums.baseAddress else { return }
            sums.update(repeating: 0)
            mls_gather_sum(weights.stride, weights.start, rows, nil, 0, rows.count, start)
            scores.update(repeating: 0)
            for (row, item) in active.enumerated() { scores[Int(item)] = sums[row] }
        }
        return true
    }

    /// By the weight, which is not the same in both directions: what this item speaks for.
    func similar(to item: Int, count: Int) -> [ScoredItem] {
        guard place[item] >= 0 else { return [] }
        let row = weights.row(Int(place[item]))
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: items.count) { scores in
            scores.update(repeating: -.infinity)
            for (column, other) in active.enumerated() { scores[Int(other)] = row[column] }
            scores[item] = -.infinity
            return best(of: UnsafeBufferPointer(scores), count: count)
        }
    }

    func reasons(for items: [Int], given history: [HistoryEntry]) -> [[ScoredItem]]? {
        let sources = history.positives(from: positiveFrom).map(\.item).filter { place[Int($0)] >= 0 }
        return items.map { item in
            let column = Int(place[item])
            if column < 0 { return [] }
            return sources.map { ScoredItem(item: Int($0), score: weights.row(Int(place[Int($0)]))[column]) }
        }
    }

    func artifactContent() -> ArtifactContent {
        var tensors = liked.tensors("liked")
        tensors["active_items"] = Tensor(shape: [active.count], values: .int32(active))
        tensors["weights"] = weights.tensor
        return tables.content(algorithm, tensors)
    }
}
