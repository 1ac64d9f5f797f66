import CKernels

/// Solves for one row of factors while the other side is fixed: the step that training repeats and that fold-in takes
/// once.
struct ALSRowSolver: Sendable {
    enum Method: Sendable, Equatable {
        case cholesky
        /// From where the row stands.
        case conjugateGradient(steps: Int)
    }

    let objective: ALSObjective
    let method: Method
    /// The fixed side.
    let factors: FactorMatrix
    /// `factors.gramian(scale: objective.gramScale)`
    let gram: [Float]

    private var stride: Int { factors.stride }

    /// Floats that `solve` needs to work in.
    var scratchSize: Int {
        stride * stride + 2 * stride + max(mls_panel_size(stride), mls_conjugate_gradient_scratch(stride))
    }

    /// - Parameters:
    ///   - strengths: one for each index; nil: all 1.
    ///   - x: in: where conjugate gradient starts. Out: the solution; zero without positives. `factors.stride` floats.
    /// - Returns: the row's share of the objective with its ridge, less the positives' constant, or nil when the
    ///   equations have no single solution.
    func solve(
        indices: UnsafePointer<Int32>, strengths: UnsafePointer<Float>?, count: Int,
        scratch: UnsafeMutablePointer<Float>,
        into x: UnsafeMutablePointer<Float>
    ) -> Double? {
        if count == 0 {
            x.update(repeating: 0, count: stride)
            return 0
        }
        let ridge = objective.ridge(strength: Self.sum(strengths, count: count), others: factors.rows)
        let b = scratch + stride * stride
        b.update(repeating: 0, count: stride)
        mls_gather_sum(stride, factors.start, indices, strengths, objective.base, count, b)
        switch method {
        case .conjugateGradient(let steps):
            return mls_conjugate_gradient(
                stride, gram, ridge, factors.start, indices, strengths, count, b, steps, b + 2 * stride, x)
        case .cholesky:
            let a = scratch
            gram.withUnsafeBufferPointer { gram in
                guard let start = gram.baseAddress else { return }
                a.update(from: start, count: stride * stride)
            }
            for factor in 0..<factors.factors { a[factor * stride + factor] += ridge }
            mls_gather_rank_update(stride, factors.start, indices, strengths, count, b + 2 * stride, a)
            if mls_cholesky(stride, a) != 0 { return nil }
            let spent = b + stride
            spent.update(from: b, count: stride)
            mls_cholesky_solve(stride, a, spent, x)
            // At the solution of A x = b, x'Ax - 2b'x = -b'x.
            return -Double(mls_dot(b, x, stride))
        }
    }

    static func sum(_ strengths: UnsafePointer<Float>?, count: Int) -> Double {
        guard let strengths else { return Double(count) }
        return UnsafeBufferPointer(start: strengths, count: count).reduce(0) { $0 + Double($1) }
    }
}
