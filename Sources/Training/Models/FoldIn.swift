extension ALSRowSolver {
    /// The row of somebody who liked these items, and of whom nothing else is known. All of a history weighs alike.
    /// - Parameter x: out: `factors.stride` floats.
    /// - Returns: false when the history says nothing: it is empty, its equations have no single solution, or it holds
    ///   only items without a vector, and so points nowhere.
    func foldIn(_ positives: [(item: Int32, stars: Float)], into x: UnsafeMutablePointer<Float>) -> Bool {
        if positives.isEmpty { return false }
        let indices = positives.map(\.item)
        let strengths = positives.map { objective.strength(stars: $0.stars, weight: 1) }
        x.update(repeating: 0, count: factors.stride)
        let solved = withUnsafeTemporaryAllocation(
            byteCount: scratchSize(entries: indices.count) * MemoryLayout<Float>.stride, alignment: 64
        ) { scratch -> Bool in
            guard let start = scratch.bindMemory(to: Float.self).baseAddress else { return false }
            return indices.withUnsafeBufferPointer { indices in
                strengths.withUnsafeBufferPointer { strengths in
                    guard let first = indices.baseAddress else { return false }
                    let loss = solve(
                        indices: first, strengths: strengths.baseAddress, count: indices.count, scratch: start, into: x)
                    return loss?.isFinite ?? false
                }
            }
        }
        return solved && (0..<factors.factors).contains { x[$0] != 0 }
    }

    /// What each of the positives adds to the products of some items with the folded-in row: it is y A^-1 sum of
    /// (base + s) f over the positives, and so a sum over them.
    /// - Source: Hu, Koren, Volinsky (2008), section 5.
    /// - Returns: nil when the equations have no single solution.
    func reasons(for items: [Int], given positives: [(item: Int32, stars: Float)]) -> [[ScoredItem]]? {
        contributions(
            of: positives.map(\.item), strengths: positives.map { objective.strength(stars: $0.stars, weight: 1) },
            to: items.map { UnsafePointer(factors.row($0)) }
        )?.map { zip(positives, $0).map { ScoredItem(item: Int($0.item), score: $1) } }
    }
}
