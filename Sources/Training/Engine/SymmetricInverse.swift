import CKernels

/// Inverts large symmetric positive definite matrices in place, block by block, on all workers.
///
/// The sweep operator on blocks of rows: sweeping block K replaces A(K,K) by -inv(A(K,K)), A(K,j) by inv(A(K,K)) A(K,j),
/// and takes A(i,K) inv(A(K,K)) A(K,j) from the rest; once every block is swept -inv(A) stands there. Nearly all of it
/// is products of matrices. Only the upper triangle is kept up to date in between.
/// - Source: Goodnight (1979), "A Tutorial on the SWEEP Operator".
struct SymmetricInverse {
    let workers: any Workers
    let monitor: FitMonitor

    private static let blockSize = 128

    /// Replaces a matrix by the negative of its inverse; reports each block as a sweep.
    /// - Throws: `CancellationError` between blocks.
    func replace(_ matrix: FactorMatrix) throws {
        let (size, stride) = (matrix.rows, matrix.stride)
        let blocks = Swift.stride(from: 0, to: size, by: Self.blockSize).map { $0..<min(size, $0 + Self.blockSize) }
        let clock = ContinuousClock()
        let panel = FactorMatrix(rows: Self.blockSize, factors: size)
        let solved = FactorMatrix(rows: Self.blockSize, factors: size)
        let product = Product(workers: workers)
        for (index, block) in blocks.enumerated() {
            if monitor.isCancelled() { throw CancellationError() }
            let started = clock.now
            // The block's rows whole: left of the diagonal they stand as columns.
            for row in block {
                let target = panel.row(row - block.lowerBound)
                for column in 0..<row { target[column] = matrix.row(column)[row] }
                (target + row).update(from: matrix.row(row) + row, count: size - row)
            }
            let inverse = inverted(matrix, block)
            solved.start.update(repeating: 0, count: block.count * stride)
            let narrow = DenseView(panel)[0..<block.count]
            product.add(
                DenseView(inverse)[0..<block.count], times: narrow, to: DenseView(solved)[0..<block.count])
            product.subtractUpper(narrow, times: DenseView(solved)[0..<block.count], from: matrix)
            store(inverse, solved, block, in: matrix)
            monitor.report(
                SweepReport(
                    sweep: index + 1, sweeps: blocks.count, loss: nil, seconds: (clock.now - started) / .seconds(1)))
        }
        for row in 0..<size {
            for column in 0..<row { matrix.row(row)[column] = matrix.row(column)[row] }
        }
    }

    private func store(_ inverse: FactorMatrix, _ solved: FactorMatrix, _ block: Range<Int>, in matrix: FactorMatrix) {
        for row in block {
            let (inner, outer) = (inverse.row(row - block.lowerBound), solved.row(row - block.lowerBound))
            for column in row..<block.upperBound { matrix.row(row)[column] = -inner[column - block.lowerBound] }
            for column in 0..<block.lowerBound { matrix.row(column)[row] = outer[column] }
            for column in block.upperBound..<matrix.rows { matrix.row(row)[column] = outer[column] }
        }
    }

    /// The inverse of a diagonal block, by Gauss and Jordan in double precision: it is small.
    private func inverted(_ matrix: FactorMatrix, _ block: Range<Int>) -> FactorMatrix {
        let size = block.count
        var a = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in row..<size {
                let value = Double(matrix.row(block.lowerBound + row)[block.lowerBound + column])
                (a[row * size + column], a[column * size + row]) = (value, value)
            }
        }
        for pivot in 0..<size {
            let inverse = 1 / a[pivot * size + pivot]
            a[pivot * size + pivot] = 1
            for column in 0..<size { a[pivot * size + column] *= inverse }
            for row in 0..<size where row != pivot {
                let factor = a[row * size + pivot]
                a[row * size + pivot] = 0
                for column in 0..<size { a[row * size + column] -= factor * a[pivot * size + column] }
            }
        }
        return FactorMatrix(packed: a.map { Float($0) }, rows: size, factors: size)
    }
}

extension Product {
    /// Takes left' * right from the upper triangle of a matrix, for rows of which `left` has the columns.
    fileprivate func subtractUpper(_ left: DenseView, times right: DenseView, from matrix: FactorMatrix) {
        // Chunks of different lengths: the upper rows reach further.
        let chunks = RowChunks(rows: matrix.rows, rowsPerChunk: 96)
        let rows = left.transposed
        workers.run(chunks: chunks.count) { worker, chunk in
            let from = chunks[chunk].lowerBound
            let target = DenseView(matrix)[chunks[chunk]].columns(from: from)
            add(rows[chunks[chunk]], times: right.columns(from: from), scale: -1, to: target, worker: worker)
        }
    }
}
