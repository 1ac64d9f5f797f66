import CKernels

/// A dense matrix that somebody else holds, seen in one way: as it lies or transposed.
///
/// Entry (i, j) lies at `start + i * rowStep + j * columnStep`.
struct DenseView: @unchecked Sendable {  // guarded by: chunks write own rows
    let start: UnsafeMutablePointer<Float>
    let rows: Int
    let columns: Int
    let rowStep: Int
    let columnStep: Int

    init(_ start: UnsafeMutablePointer<Float>, rows: Int, columns: Int, rowStep: Int, columnStep: Int = 1) {
        (self.start, self.rows, self.columns) = (start, rows, columns)
        (self.rowStep, self.columnStep) = (rowStep, columnStep)
    }

    init(_ matrix: FactorMatrix) {
        self.init(matrix.start, rows: matrix.rows, columns: matrix.factors, rowStep: matrix.stride)
    }

    var transposed: DenseView {
        DenseView(start, rows: columns, columns: rows, rowStep: columnStep, columnStep: rowStep)
    }

    /// From some column on.
    func columns(from first: Int) -> DenseView {
        DenseView(
            start + first * columnStep, rows: rows, columns: columns - first, rowStep: rowStep, columnStep: columnStep)
    }

    /// Some of the rows.
    subscript(range: Range<Int>) -> DenseView {
        DenseView(
            start + range.lowerBound * rowStep, rows: range.count, columns: columns, rowStep: rowStep,
            columnStep: columnStep)
    }
}

/// Products of dense matrices, the rows of the result shared out among workers.
struct Product {
    let workers: any Workers
    private let scratch: SharedBuffer<Float>
    private static let scratchSize = Int(mls_product_scratch())

    init(workers: any Workers) {
        self.workers = workers
        scratch = SharedBuffer(count: workers.count * Product.scratchSize)
    }

    /// `sum += scale * left * right`, the same to the bit on any number of workers: each entry is one chain of additions
    /// whoever computes it.
    /// - Parameter sum: lies row by row.
    func add(_ left: DenseView, times right: DenseView, scale: Float = 1, to sum: DenseView) {
        precondition(
            left.columns == right.rows && sum.rows == left.rows && sum.columns == right.columns && sum.columnStep == 1,
            "the shapes of a product do not fit")
        // As few chunks as keep all busy: each packs the right side anew.
        let chunks = RowChunks(rows: left.rows, rowsPerChunk: max(48, (left.rows + 7) / 8))
        workers.run(chunks: chunks.count) { worker, chunk in
            add(left[chunks[chunk]], times: right, scale: scale, to: sum[chunks[chunk]], worker: worker)
        }
    }

    /// The same on one worker alone.
    func add(_ left: DenseView, times right: DenseView, scale: Float, to sum: DenseView, worker: Int) {
        mls_product(
            left.rows, sum.columns, left.columns, scale, left.start, left.rowStep, left.columnStep, right.start,
            right.rowStep, right.columnStep, sum.start, sum.rowStep, scratch.start + worker * Product.scratchSize)
    }
}
