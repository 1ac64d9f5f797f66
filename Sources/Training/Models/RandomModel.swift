/// An ALS model whose vectors are drawn at random: the hardest case for ranking, since nothing stands out. For
/// measurements.
package enum RandomModel {
    /// - Parameter seenPerUser: how many items each user has seen.
    /// - Throws: `TrainingError.badHyperparameter` for `factors` out of range.
    package static func als(
        users: Int, items: Int, factors: Int, seenPerUser: Int, seed: UInt64
    ) throws(TrainingError) -> any Recommender {
        let settings = try Hyperparameters(["factors": .int(factors)], for: ALSTrainer.self)
            .filling("regularization", with: .float(0.01))
        var columns: [Int32] = []
        for user in 0..<users {
            var random = SplitMix64(seed: seed, stream: UInt64(user) | 1 << 40)
            var row: Set<Int32> = []
            while row.count < min(seenPerUser, items) { row.insert(Int32(random.next(upperBound: UInt64(items)))) }
            columns += row.sorted()
        }
        let count = columns.count / max(1, users)
        let matrix = InteractionMatrix(
            users: IDTable((0..<users).map { "\($0)" }), items: IDTable((0..<items).map { "\($0)" }),
            rowOffsets: (0...users).map { $0 * count }, columns: columns,
            values: [Float](repeating: 5, count: columns.count),
            timestampSeconds: [Int64](repeating: 0, count: columns.count))
        let userFactors = FactorMatrix(rows: users, factors: factors)
        let itemFactors = FactorMatrix(rows: items, factors: factors)
        userFactors.randomize(seed: seed, standardDeviation: 0.1)
        itemFactors.randomize(seed: ~seed, standardDeviation: 0.1)
        return ALSModel(
            tables: ModelTables(of: matrix, popularity: [Float](repeating: 1, count: items), settings: settings),
            userFactors: userFactors, itemFactors: itemFactors)
    }
}
