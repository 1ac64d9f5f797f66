/// Embarrassingly shallow autoencoder: a linear model of items by items in closed form.
///
/// **Idea.** Each item's column is predicted by a weighted sum of the other items', with a ridge; no item may predict
/// itself.
///
/// **Objective.** min over B of |X - X B|^2 + lambda |B|^2 with diag(B) = 0, X being the binary user-item matrix. Solution:
/// P = inv(X'X + lambda I), B(i, j) = -P(i, j) / P(j, j).
///
/// **Score.** Of item j for a history H: the sum of B(i, j) over i in H.
///
/// **Settings.** `lambda`: a few for tiny data, hundreds for millions of ratings.
///
/// **Cost.** For n items with a positive: n^3 multiplications shared out among the workers, and twice 4 n^2 bytes while
/// it trains; the model holds 4 n^2. More than `EASETrainer.itemLimit` items are refused. A closed form: `warm_start`
/// changes nothing. A history is folded in by adding up rows.
///
/// **Source.** Steck (2019), "Embarrassingly Shallow Autoencoders for Sparse Data".
package struct EASETrainer: Trainer {
    package static let name = "ease"
    package static let summary = "A linear autoencoder of items in closed form: accurate, for catalogues of thousands"
    package static let hyperparameters = [
        HyperparameterSpec(
            "lambda", .float(1e-3...1e9), default: .float(100), help: "ridge: the larger, the more alike all weights"),
        PositiveInteractions.threshold,
    ]

    /// 3.2 GB while it trains.
    static let itemLimit = 20_000

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) { settings = values }

    package func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        if monitor.isCancelled() { throw CancellationError() }
        let positives = try positives(of: matrix)
        let byItem = positives.rows.transposed(columnCount: matrix.items.count)
        let active = (0..<matrix.items.count).filter { byItem.count(of: $0) > 0 }.map { Int32($0) }
        if active.count > Self.itemLimit {
            throw TrainingError.tooManyItems(algorithm: Self.name, items: active.count, limit: Self.itemLimit)
        }
        try checkRidge(byItem)
        let weights = gramian(of: positives.rows, byItem, active: active, workers)
        try SymmetricInverse(workers: workers, monitor: monitor).replace(weights)
        weights.divideColumnsByDiagonal()
        guard weights.isFinite else {
            throw TrainingError.nonFiniteFactor(
                algorithm: Self.name, sweep: 1, regularization: settings.float("lambda"))
        }
        return EASEModel(
            tables: ModelTables(of: matrix, positives: positives, settings: settings),
            liked: SeenItems(of: positives.rows), active: active, weights: weights)
    }

    /// A ridge that is lost beside the counts, in floats, gives weights that are wrong without looking so.
    private func checkRidge(_ byItem: WeightedRows) throws(TrainingError) {
        let most = (0..<byItem.rowCount).reduce(0) { max($0, byItem.count(of: $1)) }
        let least = Double(most) * 0x1p-14
        if settings.float("lambda") < least {
            throw .badHyperparameter(
                "lambda", algorithm: Self.name, value: "\(settings.float("lambda"))",
                expected: "at least \(least) where one item has \(most) positives")
        }
    }

    /// X'X + lambda I over the items that anybody likes.
    private func gramian(
        of byUser: WeightedRows, _ byItem: WeightedRows, active: [Int32], _ workers: any Workers
    ) -> FactorMatrix {
        let gramian = FactorMatrix(rows: active.count, factors: active.count)
        var place = [Int32](repeating: -1, count: byItem.rowCount)
        for (row, item) in active.enumerated() { place[Int(item)] = Int32(row) }
        let lambda = settings.float("lambda")
        let chunks = RowChunks(rows: active.count, rowsPerChunk: 32)
        workers.run(chunks: chunks.count) { [place] _, chunk in
            for row in chunks[chunk] {
                // Whole numbers below 2^24 are exact in a float.
                let sums = gramian.row(row)
                for user in byItem.columns[byItem.entries(of: Int(active[row]))] {
                    for other in byUser.columns[byUser.entries(of: Int(user))] { sums[Int(place[Int(other)])] += 1 }
                }
                sums[row] += Float(lambda)
            }
        }
        return gramian
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        try EASEModel(restoring: content)
    }
}

extension FactorMatrix {
    /// From -P to B: each column over its diagonal entry, the diagonal itself zero.
    fileprivate func divideColumnsByDiagonal() {
        let scale = (0..<rows).map { -1 / row($0)[$0] }
        for index in 0..<rows {
            let entries = row(index)
            for column in 0..<rows { entries[column] *= scale[column] }
            entries[index] = 0
        }
    }
}
