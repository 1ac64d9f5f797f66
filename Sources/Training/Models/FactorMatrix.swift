import CKernels

/// A row of factors for each user or item.
///
/// - Shapes: `rows` x `factors`, each row padded with zeros to `stride`, a multiple of `MLS_LANES`, so that no loop
///   has a remainder.
struct FactorMatrix: Sendable {
    let rows: Int
    let factors: Int
    let stride: Int
    private let storage: SharedBuffer<Float>

    /// All zeros.
    init(rows: Int, factors: Int) {
        (self.rows, self.factors) = (rows, factors)
        stride = FactorMatrix.stride(for: factors)
        storage = SharedBuffer(count: rows * stride)
    }

    /// - Parameter packed: rows one behind the other without padding, `rows * factors` in all.
    init(packed: [Float], rows: Int, factors: Int) {
        precondition(packed.count == rows * factors, "factors do not fill the rows they are said to fill")
        self.init(rows: rows, factors: factors)
        for row in 0..<rows {
            for factor in 0..<factors { self.row(row)[factor] = packed[row * factors + factor] }
        }
    }

    static func stride(for factors: Int) -> Int { (factors + Int(MLS_LANES) - 1) / Int(MLS_LANES) * Int(MLS_LANES) }

    var start: UnsafeMutablePointer<Float> { storage.start }
    func row(_ index: Int) -> UnsafeMutablePointer<Float> { storage.start + index * stride }

    /// Rows one behind the other without padding.
    var packed: [Float] {
        [Float](unsafeUninitializedCapacity: rows * factors) { buffer, count in
            for row in 0..<rows {
                for factor in 0..<factors { buffer[row * factors + factor] = self.row(row)[factor] }
            }
            count = rows * factors
        }
    }

    var isFinite: Bool { storage.elements.allSatisfy(\.isFinite) }

    /// A row that was never learned is all zeros.
    func isZero(row index: Int) -> Bool {
        UnsafeBufferPointer(start: row(index), count: factors).allSatisfy { $0 == 0 }
    }

    /// Fills every row from a stream of its own with zero-mean values of the given standard deviation.
    ///
    /// Uniform rather than normal: only the spread matters to where the sweeps end, and no logarithm of the C library
    /// takes part.
    func randomize(seed: UInt64, standardDeviation: Float) {
        let halfWidth = standardDeviation * Float(3).squareRoot()
        for index in 0..<rows {
            var random = SplitMix64(seed: seed, stream: UInt64(index))
            for factor in 0..<factors { row(index)[factor] = random.nextSymmetricUnit() * halfWidth }
        }
    }

    /// Takes over the rows that a former matrix of as many factors has under the same ids.
    func copyRows(of former: FactorMatrix, named formerIDs: IDTable, to ids: IDTable) {
        for row in 0..<rows {
            guard let place = formerIDs.index(of: ids[row]) else { continue }
            self.row(row).update(from: former.row(place), count: stride)
        }
    }

    /// The sum of f * f' over all rows f: a full symmetric `stride` x `stride` matrix, times `scale`.
    ///
    /// Each chunk of rows adds up by itself and the chunks are added in their order, so that the sum is the same to
    /// the bit on any number of workers. The diagonal of the padding is 1, which leaves systems built upon it
    /// solvable.
    func gramian(scale: Float, workers: any Workers) -> [Float] {
        let size = stride * stride
        let chunks = RowChunks(rows: rows, rowsPerChunk: 1024, atMost: 32)
        let partial = SharedBuffer<Float>(count: max(1, chunks.count) * size)
        workers.run(chunks: chunks.count) { _, chunk in
            let range = chunks[chunk]
            mls_rank_update(stride, row(range.lowerBound), range.count, partial.start + chunk * size)
        }
        for chunk in 1..<max(1, chunks.count) { mls_axpy(1, partial.start + chunk * size, partial.start, size) }
        return [Float](unsafeUninitializedCapacity: size) { gram, count in
            for row in 0..<stride {
                for column in 0..<stride {
                    gram[row * stride + column] =
                        scale * partial[min(row, column) * stride + max(row, column)]
                }
            }
            for padding in factors..<stride { gram[padding * stride + padding] = 1 }
            count = size
        }
    }
}

extension FactorMatrix {
    var tensor: Tensor { Tensor(shape: [rows, factors], values: .float32(packed)) }
}

extension ArtifactContent {
    func factors(_ name: String, rows: Int, factors: Int) throws(ArtifactError) -> FactorMatrix {
        FactorMatrix(packed: try floats(name, shape: [rows, factors]), rows: rows, factors: factors)
    }
}
