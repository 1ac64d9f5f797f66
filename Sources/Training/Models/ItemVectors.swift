import CKernels

/// A vector for each item, whose products score and whose cosines tell what is alike.
struct ItemVectors: Sendable {
    let factors: FactorMatrix
    /// 1 / length of each item's vector; 0 where there is none.
    private let inverseLengths: [Float]
    /// nil for small catalogues.
    private let coarse: CoarseVectors?

    init(_ factors: FactorMatrix) {
        self.factors = factors
        coarse = factors.rows >= CoarseVectors.worthwhileItems ? CoarseVectors(factors) : nil
        inverseLengths = (0..<factors.rows).map { item in
            let row = factors.row(item)
            let squared = mls_dot(row, row, factors.stride)
            return squared > 0 ? 1 / squared.squareRoot() : 0
        }
    }

    /// The product of a vector (`factors.stride` floats) with every item's.
    func score(_ vector: UnsafePointer<Float>, into scores: UnsafeMutableBufferPointer<Float>) {
        guard let out = scores.baseAddress else { return }
        mls_scores(factors.stride, factors.start, factors.rows, vector, out)
    }

    /// The best products, best first, ties by item order. nil: no quicker than scoring everything.
    func best(by vector: UnsafePointer<Float>, excluding excluded: some Sequence<Int>, count: Int) -> [ScoredItem]? {
        coarse?.best(of: factors, by: vector, excluding: excluded, count: count)
    }

    /// By the cosine. An item without a vector, such as one that nobody liked, is near to nothing and nothing is near to
    /// it: minus infinity.
    func likeness(to item: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        if inverseLengths[item] == 0 { return scores.update(repeating: -.infinity) }
        score(factors.row(item), into: scores)
        for other in scores.indices {
            scores[other] =
                inverseLengths[other] == 0
                ? -.infinity : scores[other] * inverseLengths[item] * inverseLengths[other]
        }
        scores[item] = -.infinity
    }
}

extension Recommender {
    /// The items nearest to one by their vectors.
    func nearest(to item: Int, by vectors: ItemVectors, count: Int) -> [ScoredItem] {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: items.count) { scores in
            vectors.likeness(to: item, into: scores)
            return best(of: UnsafeBufferPointer(scores), count: count)
        }
    }
}

/// A model whose scores are products of one vector of the person with the items'.
protocol VectorRecommender: Recommender {
    var vectors: ItemVectors { get }
    /// The scores for whoever has no vector.
    func scorePopular(into scores: UnsafeMutableBufferPointer<Float>)
    /// Calls `body` with the person's vector, `vectors.factors.stride` floats.
    /// - Returns: nil when the person has none, and is served the popular list.
    func withVector<Result>(of audience: Audience, _ body: (UnsafePointer<Float>) -> Result) -> Result?
}

extension VectorRecommender {
    package func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        scoreOrPopular(.user(user), into: scores)
    }

    package func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        scoreOrPopular(.history(history), into: scores)
    }

    private func scoreOrPopular(_ audience: Audience, into scores: UnsafeMutableBufferPointer<Float>) {
        if withVector(of: audience, { vectors.score($0, into: scores) }) == nil { scorePopular(into: scores) }
    }

    /// nil: score everything instead.
    func quickBest(_ audience: Audience, excluding excluded: some Sequence<Int>, count: Int) -> [ScoredItem]? {
        withVector(of: audience) { vectors.best(by: $0, excluding: excluded, count: count) } ?? nil
    }
}

extension TabledRecommender {
    func scorePopular(into scores: UnsafeMutableBufferPointer<Float>) { tables.scorePopular(into: scores) }
}
