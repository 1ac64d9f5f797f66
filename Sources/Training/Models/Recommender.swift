/// A trained model that can rank items for a person.
///
/// Items and users are named by their place in the model's own tables (`items`, `users`): ascending, numeric ids by
/// number and before the others, so that "ties by item order" is ascending index.
package protocol Recommender: Sendable {
    /// The `Trainer.name` that made it.
    var algorithm: String { get }
    /// The catalogue: every item with at least one training interaction.
    var items: IDTable { get }
    /// The users that training saw.
    var users: IDTable { get }

    /// Scores of all items for a known user, into `scores` (length `items.count`). Higher is better.
    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>)
    /// Scores of all items for somebody who is described by a history alone. An empty history is everybody: the
    /// popular list.
    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>)
    /// The items nearest to one, best first, itself left out.
    func similar(to item: Int, count: Int) -> [ScoredItem]

    /// The items that training saw of a user, ascending: what is masked where no newer history is known. nil: the
    /// model carries none.
    func trainingItems(of user: Int) -> [Int]?

    /// What carries recommendations to somebody with this history: for each of `items` the items of the history and how
    /// much each adds to its score, unordered. nil: the model cannot tell.
    func reasons(for items: [Int], given history: [HistoryEntry]) -> [[ScoredItem]]?

    /// The tensors and facts that make up the model, for `ModelArtifact`.
    func artifactContent() -> ArtifactContent
}

extension Recommender {
    /// None are carried.
    package func trainingItems(of user: Int) -> [Int]? { nil }
    /// It cannot tell.
    package func reasons(for items: [Int], given history: [HistoryEntry]) -> [[ScoredItem]]? { nil }
}

/// An item that somebody had to do with, and what they thought of it.
package struct HistoryEntry: Sendable, Equatable {
    /// Index in `Recommender.items`.
    package var item: Int
    /// 0.5 ... 5; nil for an interaction without a rating, which counts as positive.
    package var stars: Float?
    package init(item: Int, stars: Float?) { (self.item, self.stars) = (item, stars) }
}

/// An item of a model and a number: its place in a ranking, its likeness to another, or its part in a score.
package struct ScoredItem: Sendable, Equatable {
    /// Index in `Recommender.items`.
    package var item: Int
    /// Higher is better; comparable only within one answer.
    package var score: Float
    package init(item: Int, score: Float) { (self.item, self.score) = (item, score) }
}
