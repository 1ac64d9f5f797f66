import CKernels

/// Users and items as vectors that another program learned, such as one in Python.
///
/// A score is x.y, plus the item's bias and the user's where there are any. Somebody unknown is described by their history
/// (`FactorsFoldIn`), in which biases take no part: their scale is the other program's own. Somebody without a history
/// gets the popular list: by `popularity` if that was given, else what the mean user would get, else the largest biases,
/// else the longest vectors.
package struct FactorsModel: VectorRecommender {
    package static let name = "factors"
    package let items: IDTable
    package let users: IDTable
    package var algorithm: String { Self.name }

    /// As they came: items x factors.
    private let factors: FactorMatrix
    /// With a column for each side's bias, if there are any: y, the item's bias, 1 beside x, 1, the user's bias.
    let vectors: ItemVectors
    private let userVectors: FactorMatrix
    private let hasItemBias: Bool
    /// What is alike is told by the factors alone.
    private let likeness: ItemVectors
    private let popularity: [Float]
    private let solver: ALSRowSolver
    private let positiveFrom: Float

    /// - Throws: `FactorsError` for shapes that do not fit, values that are not finite, ids that repeat.
    package init(_ content: FactorsContent) throws(FactorsError) {
        let itemOrder = try FactorsContent.Ordered(content.items)
        let (values, width) = try FactorsContent.vectors("item_factors", content.itemFactors, content.items)
        let itemBias = try FactorsContent.numbers("item_bias", content.itemBias, content.items)
        let listed = content.users ?? FactorsContent.IDs(file: "users", ids: [])
        let userOrder = try FactorsContent.Ordered(listed)
        let userValues = try content.userFactors.map { tensor throws(FactorsError) in
            try FactorsContent.vectors("user_factors", tensor, listed, width: width).values
        }
        let userBias = try FactorsContent.numbers("user_bias", content.userBias, listed)
        let given = try FactorsContent.numbers("popularity", content.popularity, content.items)

        (items, users, hasItemBias) = (itemOrder.ids, userOrder.ids, itemBias != nil)
        factors = FactorMatrix(rows: items.count, factors: width)
        for (row, source) in itemOrder.source.enumerated() {
            for factor in 0..<width { factors.row(row)[factor] = values[source * width + factor] }
        }
        likeness = ItemVectors(factors)
        if itemBias == nil, userBias == nil {
            vectors = likeness
        } else {
            let wide = FactorMatrix(rows: items.count, factors: width + 2)
            for (row, source) in itemOrder.source.enumerated() {
                wide.row(row).update(from: factors.row(row), count: width)
                wide.row(row)[width] = itemBias?[source] ?? 0
                wide.row(row)[width + 1] = 1
            }
            vectors = ItemVectors(wide)
        }
        userVectors = FactorMatrix(rows: users.count, factors: vectors.factors.factors)
        if let userValues {
            for (row, source) in userOrder.source.enumerated() {
                for factor in 0..<width { userVectors.row(row)[factor] = userValues[source * width + factor] }
                // A user of whom nothing was learned stays zero, and gets the popular list.
                if userVectors.factors == width || userVectors.isZero(row: row) { continue }
                userVectors.row(row)[width] = 1
                userVectors.row(row)[width + 1] = userBias?[source] ?? 0
            }
        }
        popularity =
            given.map { given in itemOrder.source.map { given[$0] } }
            ?? Self.popularity(vectors: vectors, users: userVectors, width: width, hasItemBias: itemBias != nil)
        solver = Self.solver(content.foldIn, factors)
        positiveFrom = Float(content.foldIn.positiveFrom)
    }

    private static func solver(_ foldIn: FactorsFoldIn, _ factors: FactorMatrix) -> ALSRowSolver {
        var squares = 0.0
        for row in 0..<factors.rows { squares += Double(mls_dot(factors.row(row), factors.row(row), factors.stride)) }
        let objective = ALSObjective.ials(
            unobservedWeight: foldIn.unobservedWeight,
            regularization: foldIn.regularization * squares / Double(max(1, factors.rows)), nu: 0)
        return ALSRowSolver(
            objective: objective, method: .cholesky, factors: factors,
            gram: factors.gramian(scale: objective.gramScale, workers: InlineWorkers()))
    }

    private static func popularity(
        vectors: ItemVectors, users: FactorMatrix, width: Int, hasItemBias: Bool
    ) -> [Float] {
        let mean = FactorMatrix(rows: 1, factors: users.factors)
        for user in 0..<users.rows { mls_axpy(1 / Float(users.rows), users.row(user), mean.row(0), users.stride) }
        if mean.isZero(row: 0), hasItemBias { mean.row(0)[width] = 1 }
        return [Float](unsafeUninitializedCapacity: vectors.factors.rows) { scores, count in
            if mean.isZero(row: 0) {
                for item in scores.indices {
                    let row = vectors.factors.row(item)
                    scores[item] = mls_dot(row, row, vectors.factors.stride).squareRoot()
                }
            } else {
                vectors.score(mean.row(0), into: scores)
            }
            count = vectors.factors.rows
        }
    }

    func scorePopular(into scores: UnsafeMutableBufferPointer<Float>) {
        for item in popularity.indices { scores[item] = popularity[item] }
    }

    func withVector<Result>(of audience: Audience, _ body: (UnsafePointer<Float>) -> Result) -> Result? {
        switch audience {
        case .user(let user): return userVectors.isZero(row: user) ? nil : body(userVectors.row(user))
        case .history(let history):
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: vectors.factors.stride) { vector in
                guard let x = vector.baseAddress else { return nil }
                x.update(repeating: 0, count: vectors.factors.stride)
                guard solver.foldIn(history.positives(from: positiveFrom), into: x) else { return nil }
                if hasItemBias { x[factors.factors] = 1 }
                return body(x)
            }
        }
    }

    package func similar(to item: Int, count: Int) -> [ScoredItem] { nearest(to: item, by: likeness, count: count) }

    /// A product with the vector that fold-in finds is a sum over what was liked: all of a score but the item's bias. Of
    /// somebody whose vector came with the files it says what in their history speaks for an item, not what that other
    /// program summed up.
    package func reasons(for items: [Int], given history: [HistoryEntry]) -> [[ScoredItem]]? {
        solver.reasons(for: items, given: history.positives(from: positiveFrom))
    }

    /// What the files held, in the model's own order of rows, biases as columns.
    package func artifactContent() -> ArtifactContent {
        ArtifactContent(
            algorithm: algorithm, settings: .none, users: users, items: items, interactionCount: 0,
            tensors: ["item_factors": vectors.factors.tensor, "user_factors": userVectors.tensor])
    }
}
