/// Solves for all rows of one side while the other is fixed, the rows shared out among the workers.
struct ALSHalfSweep {
    let solver: ALSRowSolver
    /// The positives by rows of the side that is solved for.
    let interactions: WeightedRows
    let chunks: RowChunks
    let solved: FactorMatrix
    /// Whether a row without entries stays as it is instead of becoming zero.
    var leavesEmptyRows = false

    struct Outcome {
        /// The objective's share of all rows, each with its ridge, in which the fixed side's ridge is not.
        var loss: Double
        /// The ridge term of the rows alone.
        var ridgeLoss: Double
    }

    /// - Returns: nil when some row's equations have no single solution.
    func run(workers: any Workers) -> Outcome? {
        let longest = (0..<interactions.rowCount).reduce(0) { max($0, interactions.count(of: $1)) }
        let room = solver.scratchSize(entries: longest)
        let scratch = SharedBuffer<Float>(count: workers.count * room)
        let losses = SharedBuffer<Double>(count: chunks.count)
        let ridgeLosses = SharedBuffer<Double>(count: chunks.count)
        let failures = SharedBuffer<Bool>(count: chunks.count)
        workers.run(chunks: chunks.count) { worker, chunk in
            var loss = 0.0
            var ridgeLoss = 0.0
            for row in chunks[chunk] {
                let count = interactions.count(of: row)
                if count == 0, leavesEmptyRows { continue }
                let share = withEntries(of: row) { indices, strengths -> Double? in
                    guard
                        let quadratic = solver.solve(
                            indices: indices, strengths: strengths, count: count,
                            scratch: scratch.start + worker * room, into: solved.row(row))
                    else { return nil }
                    let strength = ALSRowSolver.sum(strengths, count: count)
                    let ridge = solver.objective.ridge(strength: strength, others: solver.factors.rows)
                    ridgeLoss += Double(ridge) * squaredLength(of: row)
                    return quadratic + strength + Double(solver.objective.base) * Double(count)
                }
                guard let share else {
                    failures[chunk] = true
                    return
                }
                loss += share
            }
            losses[chunk] = loss
            ridgeLosses[chunk] = ridgeLoss
        }
        if failures.elements.contains(true) { return nil }
        return Outcome(loss: losses.elements.reduce(0, +), ridgeLoss: ridgeLosses.elements.reduce(0, +))
    }

    private func withEntries<Result>(
        of row: Int, _ body: (UnsafePointer<Int32>, UnsafePointer<Float>?) -> Result
    ) -> Result {
        let offset = interactions.offsets[row]
        return interactions.columns.withUnsafeBufferPointer { columns in
            guard let indices = columns.baseAddress else {
                preconditionFailure("a row was solved for without a single interaction anywhere")
            }
            guard let strengths = interactions.strengths else { return body(indices + offset, nil) }
            return strengths.withUnsafeBufferPointer { body(indices + offset, $0.baseAddress.map { $0 + offset }) }
        }
    }

    private func squaredLength(of row: Int) -> Double {
        UnsafeBufferPointer(start: solved.row(row), count: solved.factors).reduce(0) { $0 + Double($1) * Double($1) }
    }
}
