import CKernels

/// Solves for one row of factors while the other side is fixed: the step that training repeats and that fold-in takes
/// once.
struct ALSRowSolver: Sendable {
    enum Method: Sendable, Equatable {
        case cholesky
        /// From where the row stands.
        case conjugateGradient(steps: Int)
        /// From where the row stands, one block of factors after another.
        case block(size: Int)
    }

    let objective: ALSObjective
    let method: Method
    /// The fixed side.
    let factors: FactorMatrix
    /// `factors.gramian(scale: objective.gramScale)`
    let gram: [Float]

    private var stride: Int { factors.stride }

    /// Floats that `solve` needs to work in for a row of so many entries.
    func scratchSize(entries: Int) -> Int {
        let method =
            switch method {
            case .cholesky: stride * stride + stride + mls_panel_size(stride)
            case .conjugateGradient: mls_conjugate_gradient_scratch(stride)
            case .block(let size): mls_block_descent_scratch(size) + entries
            }
        // Whole cache lines, so that two workers never write to one.
        return (stride + method + 15) / 16 * 16
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
        let b = scratch
        let rest = b + stride
        b.update(repeating: 0, count: stride)
        mls_gather_sum(stride, factors.start, indices, strengths, objective.base, count, b)
        switch method {
        case .conjugateGradient(let steps):
            return mls_conjugate_gradient(
                stride, gram, ridge, factors.start, indices, strengths, count, b, steps, rest, x)
        case .block(let size):
            let predictions = rest + mls_block_descent_scratch(size)
            let value = mls_block_descent(
                stride, size, gram, ridge, factors.start, indices, strengths, count, b, rest, predictions, x)
            return value.isNaN ? nil : value
        case .cholesky:
            let (a, spent) = (rest, rest + stride * stride)
            guard
                factorise(
                    indices: indices, strengths: strengths, count: count, ridge: ridge, into: a, panel: spent + stride)
            else { return nil }
            spent.update(from: b, count: stride)
            mls_cholesky_solve(stride, a, spent, x)
            // At the solution of A x = b, x'Ax - 2b'x = -b'x.
            return -Double(mls_dot(b, x, stride))
        }
    }

    /// - Returns: false when A is not positive definite.
    private func factorise(
        indices: UnsafePointer<Int32>, strengths: UnsafePointer<Float>?, count: Int, ridge: Float,
        into a: UnsafeMutablePointer<Float>, panel: UnsafeMutablePointer<Float>
    ) -> Bool {
        gram.withUnsafeBufferPointer { gram in
            guard let start = gram.baseAddress else { return }
            a.update(from: start, count: stride * stride)
        }
        for factor in 0..<factors.factors { a[factor * stride + factor] += ridge }
        mls_gather_rank_update(stride, factors.start, indices, strengths, count, panel, a)
        return mls_cholesky(stride, a) == 0
    }

    /// What each positive adds to the products of the row's exact solution with some vectors.
    /// - Returns: for each vector, in the order of `indices`; nil when the equations have no single solution.
    func contributions(
        of indices: [Int32], strengths: [Float], to vectors: [UnsafePointer<Float>]
    ) -> [[Float]]? {
        if indices.isEmpty { return vectors.map { _ in [] } }
        let scratch = SharedBuffer<Float>(count: stride * (stride + 2) + mls_panel_size(stride))
        let (a, spent) = (scratch.start, scratch.start + stride * stride)
        let solved = spent + stride
        let ridge = objective.ridge(strength: Self.sum(strengths, count: indices.count), others: factors.rows)
        guard
            factorise(
                indices: indices, strengths: strengths, count: indices.count, ridge: ridge, into: a,
                panel: solved + stride)
        else { return nil }
        return vectors.map { vector in
            spent.update(from: vector, count: stride)
            mls_cholesky_solve(stride, a, spent, solved)
            return zip(indices, strengths).map { index, strength in
                (objective.base + strength) * mls_dot(factors.row(Int(index)), solved, stride)
            }
        }
    }

    static func sum(_ strengths: UnsafePointer<Float>?, count: Int) -> Double {
        guard let strengths else { return Double(count) }
        return UnsafeBufferPointer(start: strengths, count: count).reduce(0) { $0 + Double($1) }
    }
}
