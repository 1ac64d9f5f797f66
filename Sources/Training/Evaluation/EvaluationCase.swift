/// One user to be guessed: what the model may know of them, and what it should name.
package struct EvaluationCase: Sendable, Equatable {
    /// An item by its id, and what the user thought of it.
    package struct Interaction: Sendable, Equatable {
        package var item: String
        /// nil: without a rating, which counts as positive.
        package var stars: Float?
        package init(item: String, stars: Float?) { (self.item, self.stars) = (item, stars) }
    }

    package var user: String
    /// H: masked from the ranking.
    package var history: [Interaction]
    /// T: not empty, without repeats, disjoint from H. Of those the catalogue's count.
    package var targets: [String]
    /// Whether the user is treated as unknown to the model even when training saw them.
    package var foldIn: Bool

    package init(user: String, history: [Interaction], targets: [String], foldIn: Bool = false) {
        (self.user, self.history, self.targets, self.foldIn) = (user, history, targets, foldIn)
    }

    /// A case for each user of a test matrix who has a target.
    ///
    /// Targets are the user's positives in `test` that their history does not hold already.
    /// - Parameters:
    ///   - history: whose row of a user is the history: the training matrix, or (strong generalisation) rows that
    ///     training never saw.
    ///   - positiveFrom: a rating of at least this counts; interactions without a rating always do.
    ///   - foldIn: true for strong generalisation.
    /// - Returns: in the order of `test.users`.
    package static func cases(
        test: InteractionMatrix, history: InteractionMatrix, positiveFrom: Double, foldIn: Bool
    ) -> [EvaluationCase] {
        (0..<test.users.count).compactMap { row in
            let user = test.users[row]
            let known = history.users.index(of: user).map { interactions(of: history, row: $0) } ?? []
            let seen = Set(known.map(\.item))
            let targets = interactions(of: test, row: row).filter { target in
                (target.stars ?? .infinity) >= Float(positiveFrom) && !seen.contains(target.item)
            }
            if targets.isEmpty { return nil }
            return EvaluationCase(user: user, history: known, targets: targets.map(\.item), foldIn: foldIn)
        }
    }

    private static func interactions(of matrix: InteractionMatrix, row: Int) -> [Interaction] {
        (matrix.rowOffsets[row]..<matrix.rowOffsets[row + 1]).map { entry in
            let stars = matrix.values[entry]
            return Interaction(item: matrix.items[Int(matrix.columns[entry])], stars: stars.isNaN ? nil : stars)
        }
    }
}
