@testable import Training

/// Scores that were written down by hand.
struct FixedRecommender: Recommender {
    let algorithm = "fixed"
    let items: IDTable
    let users: IDTable
    /// By user, for those whom it knows.
    let known: [[Float]]
    /// For everybody else.
    let unknown: [Float]
    /// The items that training saw of each user; nil: the model carries none.
    var seen: [[Int]]? = nil

    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        for (item, score) in known[user].enumerated() { scores[item] = score }
    }

    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        for (item, score) in unknown.enumerated() { scores[item] = score }
    }

    func trainingItems(of user: Int) -> [Int]? { seen?[user] }

    func similar(to item: Int, count: Int) -> [ScoredItem] { [] }

    func artifactContent() -> ArtifactContent {
        preconditionFailure("a recommender made by hand is never written")
    }
}
