/// A score is the sum of how similar an item is to each thing in the history, among the item's own nearest neighbours.
struct ItemKNNModel: HistoryRecommender {
    let tables: ModelTables
    let liked: SeenItems
    /// Row j: the neighbours kept of item j, with their similarity.
    let neighbours: WeightedRows
    /// The same by neighbour: row i, the items that i is a neighbour of.
    private let neighbourOf: WeightedRows

    var algorithm: String { ItemKNNTrainer.name }

    init(tables: ModelTables, liked: SeenItems, neighbours: WeightedRows) {
        (self.tables, self.liked, self.neighbours) = (tables, liked, neighbours)
        neighbourOf = neighbours.transposed(columnCount: tables.items.count)
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        self.init(
            tables: try ModelTables(restoring: content), liked: try content.itemRows("liked"),
            neighbours: try content.weightedRows("neighbour", rows: content.items.count))
    }

    func score(liked history: [Int32], into scores: UnsafeMutableBufferPointer<Float>) -> Bool {
        scores.update(repeating: 0)
        var isKnown = false
        for item in history {
            for entry in neighbourOf.entries(of: Int(item)) {
                scores[Int(neighbourOf.columns[entry])] += neighbourOf.strengths?[entry] ?? 1
                isKnown = true
            }
        }
        return isKnown
    }

    func similar(to item: Int, count: Int) -> [ScoredItem] {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: items.count) { scores in
            scores.update(repeating: -.infinity)
            for entry in neighbours.entries(of: item) {
                scores[Int(neighbours.columns[entry])] = neighbours.strengths?[entry] ?? 1
            }
            return best(of: UnsafeBufferPointer(scores), count: count)
        }
    }

    func reasons(for items: [Int], given history: [HistoryEntry]) -> [[ScoredItem]]? {
        let sources = Set(history.positives(from: positiveFrom).map(\.item))
        return items.map { item in
            neighbours.entries(of: item).compactMap { entry in
                let neighbour = neighbours.columns[entry]
                return sources.contains(neighbour)
                    ? ScoredItem(item: Int(neighbour), score: neighbours.strengths?[entry] ?? 1) : nil
            }
        }
    }

    func artifactContent() -> ArtifactContent {
        tables.content(
            algorithm, liked.tensors("liked").merging(neighbours.tensors("neighbour")) { first, _ in first })
    }
}

extension WeightedRows {
    func entries(of row: Int) -> Range<Int> { offsets[row]..<offsets[row + 1] }

    /// `NAME_offsets`, `NAME_items` and `NAME_weights`.
    func tensors(_ name: String) -> [String: Tensor] {
        [
            "\(name)_offsets": Tensor(shape: [offsets.count], values: .int64(offsets.map { Int64($0) })),
            "\(name)_items": Tensor(shape: [columns.count], values: .int32(columns)),
            "\(name)_weights": Tensor(
                shape: [columns.count],
                values: .float32(strengths ?? [Float](repeating: 1, count: columns.count))),
        ]
    }
}

extension ArtifactContent {
    /// As `WeightedRows.tensors` gives them, over the items.
    func weightedRows(_ name: String, rows: Int) throws(ArtifactError) -> WeightedRows {
        let pattern = try itemRows(name, rowCount: rows)
        return WeightedRows(
            offsets: pattern.offsets.map { Int($0) }, columns: pattern.columns,
            strengths: try floats("\(name)_weights", shape: [pattern.columns.count]))
    }
}
