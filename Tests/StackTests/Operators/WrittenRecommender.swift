import Training

/// Scores that were written down by hand: one list for the users it knows, one for everybody else.
struct WrittenRecommender: Recommender {
    let algorithm = "written"
    let items: IDTable
    let users: IDTable
    let known: [Float]
    let unknown: [Float]
    /// By user, ascending.
    var learned: [[Int]] = []

    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        for (item, score) in known.enumerated() { scores[item] = score }
    }

    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        for (item, score) in unknown.enumerated() { scores[item] = score }
    }

    func trainingItems(of user: Int) -> [Int]? { learned.isEmpty ? nil : learned[user] }

    func similar(to item: Int, count: Int) -> [ScoredItem] { [] }

    func artifactContent() -> ArtifactContent {
        preconditionFailure("a recommender made by hand is never written")
    }
}
