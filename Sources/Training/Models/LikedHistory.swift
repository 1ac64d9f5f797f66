/// A model that scores by a history alone, a known user's being what training saw them like.
///
/// Somebody in whom nothing positive was seen is served the popular list.
protocol HistoryRecommender: TabledRecommender {
    /// What each user liked in training, by the model's own threshold.
    var liked: SeenItems { get }
    /// - Parameter history: positives, ascending by item, not empty.
    /// - Returns: false when the model has nothing to say of any of them.
    func score(liked history: [Int32], into scores: UnsafeMutableBufferPointer<Float>) -> Bool
}

extension HistoryRecommender {
    package func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        scoreOrPopular(Array(liked.items(of: user)), into: scores)
    }

    package func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        scoreOrPopular(history.positives(from: positiveFrom).map(\.item), into: scores)
    }

    var positiveFrom: Float { Float(tables.settings.float("positive_from")) }

    private func scoreOrPopular(_ history: [Int32], into scores: UnsafeMutableBufferPointer<Float>) {
        if history.isEmpty || !score(liked: history, into: scores) { tables.scorePopular(into: scores) }
    }
}
