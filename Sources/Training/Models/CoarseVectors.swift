import CKernels

/// A small copy of the items' vectors that shortens the way to the exact best products.
///
/// Every product is first bounded by whole numbers of a byte; only what could still be among the best is computed in
/// floats. So the answer is the one that computing everything gives, ties included.
struct CoarseVectors: Sendable {
    /// With fewer items everything is computed at once: that takes no longer.
    static let worthwhileItems = 2048

    private let packed: SharedBuffer<UInt8>
    private let scale: SharedBuffer<Float>
    private let length: SharedBuffer<Float>
    private let error: SharedBuffer<Float>

    init(_ factors: FactorMatrix) {
        packed = SharedBuffer(count: mls_coarse_size(factors.stride, factors.rows))
        scale = SharedBuffer(count: factors.rows)
        length = SharedBuffer(count: factors.rows)
        error = SharedBuffer(count: factors.rows)
        mls_coarse_pack(
            factors.stride, factors.start, factors.rows, packed.start, scale.start, length.start, error.start)
    }

    /// The best products of a vector with the rows, best first, ties by row.
    /// - Parameters:
    ///   - vector: `factors.stride` floats.
    ///   - excluded: rows that must not be named.
    func best(
        of factors: FactorMatrix, by vector: UnsafePointer<Float>, excluding excluded: some Sequence<Int>, count: Int
    ) -> [ScoredItem] {
        let (rows, stride) = (factors.rows, factors.stride)
        let wanted = min(count, rows)
        if wanted <= 0 { return [] }
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * rows) { bounds in
            withUnsafeTemporaryAllocation(byteCount: stride + 4 * (rows + 15) + 64, alignment: 64) { room in
                guard let lower = bounds.baseAddress, let start = room.baseAddress else { return [] }
                let upper = lower + rows
                let sums = start.bindMemory(to: Int32.self, capacity: rows + 15)
                let query = (start + 4 * ((rows + 15) / 16 * 16)).bindMemory(to: Int8.self, capacity: stride)
                mls_coarse_bounds(
                    stride, packed.start, rows, scale.start, length.start, error.start, vector, query, sums, lower,
                    upper)
                for row in excluded {
                    lower[row] = -.infinity
                    upper[row] = -.infinity
                }
                return refine(factors, vector, lower, upper, wanted)
            }
        }
    }

    /// Whoever's upper bound reaches the worst of the best lower bounds is computed.
    private func refine(
        _ factors: FactorMatrix, _ vector: UnsafePointer<Float>, _ lower: UnsafePointer<Float>,
        _ upper: UnsafePointer<Float>, _ wanted: Int
    ) -> [ScoredItem] {
        var places = [Int32](repeating: 0, count: wanted)
        var least = [Float](repeating: 0, count: wanted)
        let found = mls_top_k(lower, factors.rows, wanted, &places, &least)
        let threshold = found == wanted ? least[wanted - 1] : -Float.greatestFiniteMagnitude
        var candidates = [Int32](repeating: 0, count: factors.rows)
        let count = mls_at_least(upper, factors.rows, threshold, &candidates)
        let scores = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for (place, row) in candidates[..<count].enumerated() {
                mls_scores(factors.stride, factors.row(Int(row)), 1, vector, &buffer[place])
            }
            initialized = count
        }
        let named = mls_top_k(scores, count, wanted, &places, &least)
        return (0..<named).map { ScoredItem(item: Int(candidates[Int(places[$0])]), score: least[$0]) }
    }
}
