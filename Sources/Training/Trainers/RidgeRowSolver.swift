import CKernels

/// Least squares for one row while the other side is fixed: (sum of f f' + ridge * n * I) x = sum of t f over the n
/// entries with targets t.
struct RidgeRowSolver: Sendable {
    /// The fixed side.
    let factors: FactorMatrix
    /// For each entry.
    let ridge: Float

    private var stride: Int { factors.stride }

    /// Floats that `solve` needs to work in.
    var scratchSize: Int { stride * stride + 2 * stride + mls_panel_size(stride) }

    /// - Parameter x: out: the solution, `factors.stride` floats; zero without entries.
    /// - Returns: the row's squared errors with its ridge, less the squares of the targets; nil when the equations have no
    ///   single solution.
    func solve(
        indices: UnsafePointer<Int32>, targets: UnsafePointer<Float>, count: Int, scratch: UnsafeMutablePointer<Float>,
        into x: UnsafeMutablePointer<Float>
    ) -> Double? {
        if count == 0 {
            x.update(repeating: 0, count: stride)
            return 0
        }
        let (a, b) = (scratch, scratch + stride * stride)
        let spent = b + stride
        a.update(repeating: 0, count: stride * stride)
        b.update(repeating: 0, count: stride)
        for place in 0..<stride { a[place * stride + place] = place < factors.factors ? ridge * Float(count) : 1 }
        mls_gather_rank_update(stride, factors.start, indices, nil, count, spent + stride, a)
        mls_gather_sum(stride, factors.start, indices, targets, 0, count, b)
        if mls_cholesky(stride, a) != 0 { return nil }
        spent.update(from: b, count: stride)
        mls_cholesky_solve(stride, a, spent, x)
        return -Double(mls_dot(b, x, stride))
    }
}

/// Solves for all rows of one side.
struct RidgeHalfSweep {
    let solver: RidgeRowSolver
    /// By rows of the side that is solved for; `strengths` are the targets.
    let targets: WeightedRows
    let solved: FactorMatrix

    /// - Returns: the squared errors with the ridge of this side, or nil when some row has no single solution.
    func run(workers: any Workers) -> Double? {
        guard let values = targets.strengths else { return nil }
        let chunks = RowChunks(offsets: targets.offsets, costPerRow: solved.stride)
        let room = (solver.scratchSize + 15) / 16 * 16
        let scratch = SharedBuffer<Float>(count: workers.count * room)
        let losses = SharedBuffer<Double>(count: chunks.count)
        let failures = SharedBuffer<Bool>(count: chunks.count)
        workers.run(chunks: chunks.count) { worker, chunk in
            values.withUnsafeBufferPointer { values in
                targets.columns.withUnsafeBufferPointer { columns in
                    guard let value = values.baseAddress, let column = columns.baseAddress else { return }
                    for row in chunks[chunk] {
                        let entries = targets.entries(of: row)
                        guard
                            let loss = solver.solve(
                                indices: column + entries.lowerBound, targets: value + entries.lowerBound,
                                count: entries.count, scratch: scratch.start + worker * room, into: solved.row(row))
                        else {
                            failures[chunk] = true
                            return
                        }
                        losses[chunk] += loss
                    }
                }
            }
        }
        if failures.elements.contains(true) { return nil }
        let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
        return losses.elements.reduce(0, +) + squares
    }
}
