/// A division of rows into chunks of about equal work.
///
/// It depends on the rows alone and never on the number of workers: what is summed chunk by chunk, and then over the
/// chunks in their order, comes out the same to the bit however many took part.
struct RowChunks: Sendable, Equatable {
    /// Chunk `c` is rows `bounds[c] ..< bounds[c + 1]`.
    let bounds: [Int]

    var count: Int { bounds.count - 1 }
    subscript(chunk: Int) -> Range<Int> { bounds[chunk]..<bounds[chunk + 1] }

    /// Enough chunks that the last one to finish keeps nobody waiting long.
    private static let wanted = 128

    /// - Parameter offsets: of a compressed-sparse-row matrix, one more than rows.
    /// - Parameter costPerRow: what a row costs besides its entries, in entries.
    init(offsets: [Int], costPerRow: Int) {
        let rows = offsets.count - 1
        let total = (offsets.last ?? 0) + rows * costPerRow
        let share = max(1, (total + RowChunks.wanted - 1) / RowChunks.wanted)
        var bounds = [0]
        var spent = 0
        for row in 0..<max(0, rows) {
            spent += offsets[row + 1] - offsets[row] + costPerRow
            if spent >= share {
                bounds.append(row + 1)
                spent = 0
            }
        }
        if bounds[bounds.count - 1] < rows { bounds.append(rows) }
        self.bounds = bounds
    }

    /// Rows of equal cost.
    /// - Parameter atMost: bounds the number of chunks, where each needs memory of its own.
    init(rows: Int, rowsPerChunk: Int, atMost: Int? = nil) {
        let size = max(rowsPerChunk, atMost.map { (rows + $0 - 1) / $0 } ?? 1, 1)
        bounds = Array(stride(from: 0, to: rows, by: size)) + [rows]
    }
}
