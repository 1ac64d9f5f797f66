import CKernels

/// Users and items as vectors whose product says how well they go together.
///
/// A user in whom training saw nothing positive has no direction, and is served the popular list, as everybody is
/// whose history holds nothing positive. Fold-in knows no ages: all of a history weighs alike, whatever
/// `half_life_days` was in training.
struct ALSModel: TabledRecommender, VectorRecommender {
    let tables: ModelTables
    let userFactors: FactorMatrix
    var itemFactors: FactorMatrix { vectors.factors }

    let vectors: ItemVectors
    private let solver: ALSRowSolver
    private let positiveFrom: Float

    var algorithm: String { ALSTrainer.name }

    init(tables: ModelTables, userFactors: FactorMatrix, itemFactors: FactorMatrix) {
        (self.tables, self.userFactors) = (tables, userFactors)
        let objective = ALSObjective(tables.settings)
        // Exact whatever the solver of the training was: a visitor has no earlier sweep to start from.
        solver = ALSRowSolver(
            objective: objective, method: .cholesky, factors: itemFactors,
            gram: itemFactors.gramian(scale: objective.gramScale, workers: InlineWorkers()))
        positiveFrom = Float(tables.settings.float("positive_from"))
        vectors = ItemVectors(itemFactors)
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        let factors = content.settings.int("factors")
        self.init(
            tables: try ModelTables(restoring: content),
            userFactors: try content.factors("user_factors", rows: content.users.count, factors: factors),
            itemFactors: try content.factors("item_factors", rows: content.items.count, factors: factors))
    }

    func withVector<Result>(of audience: Audience, _ body: (UnsafePointer<Float>) -> Result) -> Result? {
        switch audience {
        case .user(let user): return userFactors.isZero(row: user) ? nil : body(userFactors.row(user))
        case .history(let history):
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: itemFactors.stride) { vector in
                guard let x = vector.baseAddress, solver.foldIn(history.positives(from: positiveFrom), into: x) else {
                    return nil
                }
                return body(x)
            }
        }
    }

    func similar(to item: Int, count: Int) -> [ScoredItem] { nearest(to: item, by: vectors, count: count) }

    func reasons(for items: [Int], given history: [HistoryEntry]) -> [[ScoredItem]]? {
        solver.reasons(for: items, given: history.positives(from: positiveFrom))
    }

    func artifactContent() -> ArtifactContent {
        tables.content(
            algorithm, ["user_factors": userFactors.tensor, "item_factors": itemFactors.tensor])
    }
}
