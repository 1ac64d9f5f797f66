import CKernels

/// Users and items as vectors, the last factor of a user being 1 and that of an item its bias.
struct BPRModel: TabledRecommender, VectorRecommender {
    let tables: ModelTables
    /// What each user liked in training: who liked nothing has no vector worth the name.
    let liked: SeenItems
    let userFactors: FactorMatrix
    var itemFactors: FactorMatrix { vectors.factors }
    let vectors: ItemVectors
    /// Without the biases, which say how popular an item is and not what it is like.
    private let directions: ItemVectors

    var algorithm: String { BPRTrainer.name }
    /// Without the bias.
    var factors: Int { userFactors.factors - 1 }

    init(tables: ModelTables, liked: SeenItems, userFactors: FactorMatrix, itemFactors: FactorMatrix) {
        (self.tables, self.liked, self.userFactors) = (tables, liked, userFactors)
        vectors = ItemVectors(itemFactors)
        directions = ItemVectors(itemFactors.withoutLastColumn)
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        let factors = content.settings.int("factors") + 1
        let liked = try content.itemRows("liked")
        // Fold-in draws from them.
        if liked.columns.isEmpty { throw .corrupt(file: ArtifactFile.tensors, problem: "`liked_items` is empty") }
        self.init(
            tables: try ModelTables(restoring: content), liked: liked,
            userFactors: try content.factors("user_factors", rows: content.users.count, factors: factors),
            itemFactors: try content.factors("item_factors", rows: content.items.count, factors: factors))
    }

    func withVector<Result>(of audience: Audience, _ body: (UnsafePointer<Float>) -> Result) -> Result? {
        switch audience {
        case .user(let user): return liked.items(of: user).isEmpty ? nil : body(userFactors.row(user))
        case .history(let history):
            let own = history.positives(from: Float(tables.settings.float("positive_from"))).map(\.item)
            if own.isEmpty { return nil }
            let visitor = FactorMatrix(rows: 1, factors: userFactors.factors)
            fold(own, into: visitor.row(0))
            return body(visitor.row(0))
        }
    }

    private static let foldInRounds = 50

    /// The steps of training on a new row while the items stand still.
    private func fold(_ own: [Int32], into row: UnsafeMutablePointer<Float>) {
        let settings = tables.settings
        let (rate, ridge) = (Float(settings.float("learning_rate")), Float(settings.float("regularization")))
        // A step moves the items too: here it may move copies only.
        let copies = FactorMatrix(rows: 2, factors: userFactors.factors)
        let stride = copies.stride
        var random = SplitMix64(seed: UInt64(settings.int("seed")), stream: .max)
        row[factors] = 1
        for _ in 0..<Self.foldInRounds * own.count {
            let item = own[Int(random.next(upperBound: UInt64(own.count)))]
            let other = liked.columns[Int(random.next(upperBound: UInt64(liked.columns.count)))]
            if SortedSearch.contains(other, in: own[...]) { continue }
            copies.row(0).update(from: itemFactors.row(Int(item)), count: stride)
            copies.row(1).update(from: itemFactors.row(Int(other)), count: stride)
            _ = mls_pair_step(stride, rate, ridge, row, copies.row(0), copies.row(1))
            row[factors] = 1
        }
    }

    func similar(to item: Int, count: Int) -> [ScoredItem] { nearest(to: item, by: directions, count: count) }

    func artifactContent() -> ArtifactContent {
        tables.content(
            algorithm,
            liked.tensors("liked").merging(
                ["user_factors": userFactors.tensor, "item_factors": itemFactors.tensor]) { first, _ in first })
    }
}

extension FactorMatrix {
    fileprivate var withoutLastColumn: FactorMatrix {
        let narrow = FactorMatrix(rows: rows, factors: factors - 1)
        for row in 0..<rows { narrow.row(row).update(from: self.row(row), count: factors - 1) }
        return narrow
    }
}
