import CKernels

/// A model that can say how many stars somebody would give.
package protocol StarPredictor: Recommender {
    /// Unclipped, one for each item; nil: an item that training never saw. All of one person together, since a history is
    /// folded in once for all.
    func stars(of items: [Int?], by audience: Audience) -> [Float]
}

/// Mean, biases, and vectors for what goes together.
struct ALSExplicitModel: TabledRecommender, StarPredictor {
    let tables: ModelTables
    let biases: Biases
    let userFactors: FactorMatrix
    var itemFactors: FactorMatrix { vectors.factors }
    private let vectors: ItemVectors
    private let solver: RidgeRowSolver

    var algorithm: String { ALSExplicitTrainer.name }

    init(tables: ModelTables, biases: Biases, userFactors: FactorMatrix, itemFactors: FactorMatrix) {
        (self.tables, self.biases, self.userFactors) = (tables, biases, userFactors)
        vectors = ItemVectors(itemFactors)
        solver = RidgeRowSolver(factors: itemFactors, ridge: Float(tables.settings.float("regularization")))
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        let factors = content.settings.int("factors")
        self.init(
            tables: try ModelTables(restoring: content),
            biases: Biases(
                mean: try content.floats("mean", shape: [1])[0],
                users: try content.floats("user_bias", shape: [content.users.count]),
                items: try content.floats("item_bias", shape: [content.items.count]),
                ridge: content.settings.float("bias_regularization")),
            userFactors: try content.factors("user_factors", rows: content.users.count, factors: factors),
            itemFactors: try content.factors("item_factors", rows: content.items.count, factors: factors))
    }

    /// Somebody whose interactions have no rating is served the popular list.
    func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {
        if userFactors.isZero(row: user) { return tables.scorePopular(into: scores) }
        predict(userFactors.row(user), bias: biases.users[user], into: scores)
    }

    func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {
        let visitor = FactorMatrix(rows: 1, factors: itemFactors.factors)
        guard let bias = fold(history, into: visitor.row(0)) else { return tables.scorePopular(into: scores) }
        predict(visitor.row(0), bias: bias, into: scores)
    }

    func stars(of items: [Int?], by audience: Audience) -> [Float] {
        switch audience {
        case .user(let user): return stars(of: items, userFactors.row(user), bias: biases.users[user])
        case .history(let history):
            // Of whoever told nothing, neither vector nor bias is known, and both stay zero.
            let visitor = FactorMatrix(rows: 1, factors: itemFactors.factors)
            let bias = fold(history, into: visitor.row(0))
            return stars(of: items, visitor.row(0), bias: bias ?? 0)
        }
    }

    private func stars(of items: [Int?], _ vector: UnsafePointer<Float>, bias: Float) -> [Float] {
        items.map { item in
            guard let item else { return biases.mean + bias }
            return biases.mean + biases.items[item] + bias + mls_dot(vector, itemFactors.row(item), itemFactors.stride)
        }
    }

    private func predict(
        _ vector: UnsafePointer<Float>, bias: Float, into scores: UnsafeMutableBufferPointer<Float>
    ) {
        vectors.score(vector, into: scores)
        for item in biases.items.indices { scores[item] += biases.mean + bias + biases.items[item] }
    }

    /// - Returns: the visitor's bias, or nil when the history holds no rating.
    private func fold(_ history: [HistoryEntry], into row: UnsafeMutablePointer<Float>) -> Float? {
        let rated = history.positives(from: -.infinity).filter { !$0.stars.isNaN }
        if rated.isEmpty { return nil }
        let above = rated.map { Double($0.stars - biases.mean - biases.items[Int($0.item)]) }
        let bias = Float(above.reduce(0, +) / (Double(rated.count) + biases.ridge))
        let targets = rated.map { $0.stars - biases.mean - bias - biases.items[Int($0.item)] }
        let scratch = SharedBuffer<Float>(count: solver.scratchSize)
        let solved = solver.solve(
            indices: rated.map(\.item), targets: targets, count: rated.count, scratch: scratch.start, into: row)
        // Without a ridge a short history has no single solution; the biases are known all the same.
        if !(solved?.isFinite ?? false) { row.update(repeating: 0, count: itemFactors.stride) }
        return bias
    }

    func similar(to item: Int, count: Int) -> [ScoredItem] { nearest(to: item, by: vectors, count: count) }

    func artifactContent() -> ArtifactContent {
        tables.content(
            algorithm,
            [
                "user_factors": userFactors.tensor, "item_factors": itemFactors.tensor,
                "mean": Tensor(shape: [1], values: .float32([biases.mean])),
                "user_bias": Tensor(shape: [users.count], values: .float32(biases.users)),
                "item_bias": Tensor(shape: [items.count], values: .float32(biases.items)),
            ])
    }
}
