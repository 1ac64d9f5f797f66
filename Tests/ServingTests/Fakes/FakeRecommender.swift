import Training

/// A model whose answers a test can work out by hand.
///
/// A known user `u` gives item `i` the score `count - i`, but the item with the user's own index comes first. Somebody described by a
/// history gives an item the score `stars - distance` of the nearest item of the history; an empty history gives `count - i`.
struct FakeRecommender: Recommender {
    var algorithm: String { "fake" }
    let items: IDTable
    let users: IDTable

    init(items: [String], users: [String]) { (self.items, self.users) = (IDTable(items), IDTable(users)) }

    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        for item in scores.indices { scores[item] = Float(items.count - item) }
        if user < items.count { scores[user] = Float(items.count + 1) }
    }

    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        for item in scores.indices {
            let nearest = history.map { ($0.stars ?? 4) - Float(abs($0.item - item)) }.max()
            scores[item] = nearest ?? Float(items.count - item)
        }
    }

    func similar(to item: Int, count: Int) -> [ScoredItem] {
        (0..<items.count).filter { $0 != item }.sorted { (abs($0 - item), $0) < (abs($1 - item), $1) }.prefix(count)
            .map { ScoredItem(item: $0, score: 1 / Float(1 + abs($0 - item))) }
    }

    func artifactContent() -> ArtifactContent { preconditionFailure("no test writes this model to disk") }
}
