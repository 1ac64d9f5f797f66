/// How far predicted stars are from given ones.
package struct StarErrors: Sendable, Equatable {
    /// In stars.
    package let rootMeanSquare: Double
    /// In stars.
    package let meanAbsolute: Double
    package let ratings: Int
}

extension StarPredictor {
    /// Predicts every rating of a test matrix, held to 0.5 ... 5. Users and items that training never saw are predicted by
    /// what is known: the mean and the other's bias.
    /// - Parameter history: interactions of test users that training never saw; nil: they are known or are nobody.
    /// - Returns: nil when the test matrix holds no rating.
    package func errors(on test: InteractionMatrix, history: InteractionMatrix?) -> StarErrors? {
        var (squares, absolutes, count) = (0.0, 0.0, 0)
        for row in 0..<test.users.count {
            let user = test.users[row]
            let audience: Audience
            if history == nil, let index = users.index(of: user) {
                audience = .user(index)
            } else {
                audience = .history(entries(of: history?.interactions(of: user) ?? []))
            }
            // Nobody is folded in for what has no stars to be missed.
            let rated = (test.rowOffsets[row]..<test.rowOffsets[row + 1]).filter { !test.values[$0].isNaN }
            if rated.isEmpty { continue }
            let predicted = stars(
                of: rated.map { items.index(of: test.items[Int(test.columns[$0])]) }, by: audience)
            for (entry, stars) in zip(rated, predicted) {
                let error = Double(min(5, max(0.5, stars)) - test.values[entry])
                squares += error * error
                absolutes += abs(error)
                count += 1
            }
        }
        if count == 0 { return nil }
        return StarErrors(
            rootMeanSquare: (squares / Double(count)).squareRoot(), meanAbsolute: absolutes / Double(count),
            ratings: count)
    }
}

extension InteractionMatrix {
    /// A user's row by ids; empty for somebody who is not in it.
    fileprivate func interactions(of user: String) -> [(item: String, stars: Float?)] {
        guard let row = users.index(of: user) else { return [] }
        return (rowOffsets[row]..<rowOffsets[row + 1]).map { entry in
            (items[Int(columns[entry])], values[entry].isNaN ? nil : values[entry])
        }
    }
}
