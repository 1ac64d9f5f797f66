/// Which interactions a matrix holds.
package struct MatrixOptions: Sendable, Equatable {
    /// Items and users with fewer are dropped, over and over until none has fewer.
    package var minItemInteractions: Int
    package var minUserInteractions: Int
    /// Share of the users (by a hash of their id and the seed, so that it is the same from day to day) whose latest positives
    /// are kept back for evaluation.
    package var holdoutUserFraction: Double
    /// Share of such a user's positives that is kept back.
    package var holdoutShare: Double
    package var seed: UInt64

    /// From this many stars on a rating is positive.
    static let positiveStars: Float = 4
    /// Users with fewer positives keep them all.
    static let fewestPositives = 5

    package init(
        minItemInteractions: Int = 1, minUserInteractions: Int = 1, holdoutUserFraction: Double = 0,
        holdoutShare: Double = 0.2, seed: UInt64 = 7
    ) {
        (self.minItemInteractions, self.minUserInteractions) = (minItemInteractions, minUserInteractions)
        (self.holdoutUserFraction, self.holdoutShare, self.seed) = (holdoutUserFraction, holdoutShare, seed)
    }

    func isHeldOut(_ user: String) -> Bool {
        if holdoutUserFraction <= 0 { return false }
        var random = SplitMix64(
            seed: seed, stream: user.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
        return Double(random.next() >> 11) / Double(1 << 53) < holdoutUserFraction
    }
}

/// A matrix, what was kept back from it, and how much was dropped.
package struct MatrixBuild: Sendable {
    package var matrix: InteractionMatrix
    package var holdout: [HoldoutCase]
    /// By filter, in their order.
    package var filtered: [FilterCount]
    /// By the limits, after the filters and the hold-out.
    package var droppedItems: Int
    package var droppedUsers: Int
    package var droppedInteractions: Int
}
