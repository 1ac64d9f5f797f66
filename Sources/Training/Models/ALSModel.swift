import CKernels

/// Users and items as vectors whose product says how well they go together.
///
/// A user in whom training saw nothing positive has no direction, and is served the popular list, as everybody is
/// whose history holds nothing positive. Fold-in knows no ages: all of a history weighs alike, whatever
/// `half_life_days` was in training.
struct ALSModel: Recommender {
    let users: IDTable
    let items: IDTable
    let userFactors: FactorMatrix
    let itemFactors: FactorMatrix
    /// Sum of the weights by age of each item's positives; without a half-life their number.
    let popularity: [Float]
    let seen: SeenItems
    let interactionCount: Int
    let settings: Hyperparameters

    private let solver: ALSRowSolver
    private let positiveFrom: Float
    /// 1 / length of each item's vector; 0 where there is none.
    private let inverseLengths: [Float]

    var algorithm: String { ALSTrainer.name }

    init(
        users: IDTable, items: IDTable, userFactors: FactorMatrix, itemFactors: FactorMatrix, popularity: [Float],
        seen: SeenItems, interactionCount: Int, settings: Hyperparameters
    ) {
        (self.users, self.items) = (users, items)
        (self.userFactors, self.itemFactors, self.popularity) = (userFactors, itemFactors, popularity)
        (self.seen, self.interactionCount, self.settings) = (seen, interactionCount, settings)
        let objective = ALSObjective(settings)
        // Exact whatever the solver of the training was: a visitor has no earlier sweep to start from.
        solver = ALSRowSolver(
            objective: objective, method: .cholesky, factors: itemFactors,
            gram: itemFactors.gramian(scale: objective.gramScale, workers: InlineWorkers()))
        positiveFrom = Float(settings.float("positive_from"))
        inverseLengths = (0..<items.count).map { item in
            let row = itemFactors.row(item)
            let squared = mls_dot(row, row, itemFactors.stride)
            return squared > 0 ? 1 / squared.squareRoot() : 0
        }
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        let factors = content.settings.int("factors")
        let (users, items) = (content.users.count, content.items.count)
        self.init(
            users: content.users, items: content.items,
            userFactors: FactorMatrix(
                packed: try content.floats("user_factors", shape: [users, factors]), rows: users, factors: factors),
            itemFactors: FactorMatrix(
                packed: try content.floats("item_factors", shape: [items, factors]), rows: items, factors: factors),
            popularity: try content.floats("popularity", shape: [items]), seen: try content.seenItems(),
            interactionCount: content.interactionCount, settings: content.settings)
    }

    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        if userFactors.isZero(row: user) {
            scorePopular(into: scores)
        } else {
            score(vector: userFactors.row(user), into: scores)
        }
    }

    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        let stride = itemFactors.stride
        let folded = withUnsafeTemporaryAllocation(of: Float.self, capacity: stride) { vector in
            guard let x = vector.baseAddress, foldIn(history, into: x) else { return false }
            score(vector: x, into: scores)
            return true
        }
        if !folded { scorePopular(into: scores) }
    }

    /// - Returns: false when the history says nothing: no positive of it is known, or its equations have no single
    ///   solution.
    private func foldIn(_ history: [HistoryEntry], into x: UnsafeMutablePointer<Float>) -> Bool {
        // In the order of items and without repetition, as a matrix row would be: the answer depends on what, not on
        // how it was told.
        var stars: [Int32: Float] = [:]
        for entry in history { stars[Int32(entry.item)] = entry.stars ?? .nan }
        let positives = stars.filter { $0.value.isNaN || $0.value >= positiveFrom }.sorted { $0.key < $1.key }
        if positives.isEmpty { return false }
        let indices = positives.map(\.key)
        let strengths = positives.map { solver.objective.strength(stars: $0.value, weight: 1) }
        x.update(repeating: 0, count: itemFactors.stride)
        let solved = withUnsafeTemporaryAllocation(
            byteCount: solver.scratchSize * MemoryLayout<Float>.stride, alignment: 64
        ) { scratch -> Bool in
            guard let start = scratch.bindMemory(to: Float.self).baseAddress else { return false }
            return indices.withUnsafeBufferPointer { indices in
                strengths.withUnsafeBufferPointer { strengths in
                    guard let first = indices.baseAddress else { return false }
                    let loss = solver.solve(
                        indices: first, strengths: strengths.baseAddress, count: indices.count, scratch: start, into: x)
                    return loss?.isFinite ?? false
                }
            }
        }
        // Items that nobody liked have no vector; a history of such alone points nowhere.
        return solved && (0..<itemFactors.factors).contains { x[$0] != 0 }
    }

    private func score(vector: UnsafePointer<Float>, into scores: UnsafeMutableBufferPointer<Float>) {
        guard let out = scores.baseAddress else { return }
        mls_scores(itemFactors.stride, itemFactors.start, items.count, vector, out)
    }

    private func scorePopular(into scores: UnsafeMutableBufferPointer<Float>) {
        for item in popularity.indices { scores[item] = popularity[item] }
    }

    /// By the cosine of the items' vectors. An item that nobody liked has none: it is near to nothing and nothing is
    /// near to it.
    func similar(to item: Int, count: Int) -> [ScoredItem] {
        if inverseLengths[item] == 0 { return [] }
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: items.count) { scores in
            score(vector: itemFactors.row(item), into: scores)
            for other in 0..<items.count {
                scores[other] =
                    inverseLengths[other] == 0
                    ? -.infinity : scores[other] * inverseLengths[item] * inverseLengths[other]
            }
            scores[item] = -.infinity
            return best(of: UnsafeBufferPointer(scores), count: count)
        }
    }

    func trainingItems(of user: Int) -> [Int]? { seen.items(of: user).map { Int($0) } }

    func artifactContent() -> ArtifactContent {
        var tensors = seen.tensors
        let factors = itemFactors.factors
        tensors["user_factors"] = Tensor(shape: [users.count, factors], values: .float32(userFactors.packed))
        tensors["item_factors"] = Tensor(shape: [items.count, factors], values: .float32(itemFactors.packed))
        tensors["popularity"] = Tensor(shape: [items.count], values: .float32(popularity))
        return ArtifactContent(
            algorithm: algorithm, settings: settings, users: users, items: items, interactionCount: interactionCount,
            tensors: tensors)
    }
}
