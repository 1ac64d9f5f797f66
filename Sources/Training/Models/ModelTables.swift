/// What every model carries besides what it learned: who and what it knows, what was popular, what was seen.
struct ModelTables: Sendable {
    let users: IDTable
    let items: IDTable
    /// Sum of the weights by age of each item's positives; without a half-life their number.
    let popularity: [Float]
    let seen: SeenItems
    let interactionCount: Int
    let settings: Hyperparameters

    init(of matrix: InteractionMatrix, positives: PositiveInteractions, settings: Hyperparameters) {
        self.init(
            of: matrix, popularity: positives.rows.columnSums(columnCount: matrix.items.count), settings: settings)
    }

    init(of matrix: InteractionMatrix, popularity: [Float], settings: Hyperparameters) {
        (users, items, self.popularity) = (matrix.users, matrix.items, popularity)
        (seen, interactionCount, self.settings) = (SeenItems(of: matrix), matrix.interactionCount, settings)
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        (users, items, interactionCount) = (content.users, content.items, content.interactionCount)
        popularity = try content.floats("popularity", shape: [content.items.count])
        seen = try content.itemRows("seen", count: content.interactionCount)
        settings = content.settings
    }

    /// - Parameter tensors: what the model learned.
    func content(_ algorithm: String, _ tensors: [String: Tensor]) -> ArtifactContent {
        var all = tensors.merging(seen.tensors("seen")) { own, _ in own }
        all["popularity"] = Tensor(shape: [items.count], values: .float32(popularity))
        return ArtifactContent(
            algorithm: algorithm, settings: settings, users: users, items: items, interactionCount: interactionCount,
            tensors: all)
    }

    func scorePopular(into scores: UnsafeMutableBufferPointer<Float>) {
        for item in popularity.indices { scores[item] = popularity[item] }
    }
}

/// A model that stands on such tables.
protocol TabledRecommender: Recommender {
    var tables: ModelTables { get }
}

extension TabledRecommender {
    package var users: IDTable { tables.users }
    package var items: IDTable { tables.items }
    package func trainingItems(of user: Int) -> [Int]? { tables.seen.items(of: user).map { Int($0) } }
}

extension Sequence<HistoryEntry> {
    /// Items and stars (NaN without a rating) of what counts as positive, in the order of items and without repetition,
    /// as a matrix row would be: the answer depends on what was told, not on how. Of several ratings of an item the last
    /// counts.
    func positives(from positiveFrom: Float) -> [(item: Int32, stars: Float)] {
        var stars: [Int32: Float] = [:]
        for entry in self { stars[Int32(entry.item)] = entry.stars ?? .nan }
        return stars.filter { $0.value.isNaN || $0.value >= positiveFrom }.sorted { $0.key < $1.key }
            .map { (item: $0.key, stars: $0.value) }
    }
}
