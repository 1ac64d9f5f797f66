import CKernels

/// Inputs of a batch: the histories of some users, each of length 1, some of their entries dropped.
typealias HistoryBatch = [(items: [Int32], values: [Float])]

/// From a history to a normal distribution over the latent space: five layers of swish, each normalised, each seeing the
/// sum of all before it.
///
/// - Shapes: `first` items x hidden; `inner` four of hidden x hidden; `mean` and `logVariance` hidden x latent; `biases`,
///   `gains` and `shifts` 5 x hidden; `headBiases` 2 x latent.
struct RecVAEEncoder {
    static let layers = 5
    /// Added to a variance before its root is divided by, as in the original.
    private static let epsilon: Float = 0.1

    let first: FactorMatrix
    let inner: [FactorMatrix]
    let mean: FactorMatrix
    let logVariance: FactorMatrix
    let biases: FactorMatrix
    let gains: FactorMatrix
    let shifts: FactorMatrix
    let headBiases: FactorMatrix

    var hidden: Int { first.factors }
    var latent: Int { mean.factors }
    /// In a fixed order, by the name that they have in an artefact.
    var weights: [(name: String, matrix: FactorMatrix)] {
        [
            ("encoder_first", first), ("encoder_inner_1", inner[0]), ("encoder_inner_2", inner[1]),
            ("encoder_inner_3", inner[2]), ("encoder_inner_4", inner[3]), ("encoder_mean", mean),
            ("encoder_log_variance", logVariance), ("encoder_biases", biases), ("encoder_gains", gains),
            ("encoder_shifts", shifts), ("encoder_head_biases", headBiases),
        ]
    }

    /// - Parameter matrix: for each name and shape, the weights.
    init<Failure: Error>(
        items: Int, hidden: Int, latent: Int,
        _ matrix: (_ name: String, _ rows: Int, _ columns: Int) throws(Failure) -> FactorMatrix
    ) throws(Failure) {
        first = try matrix("encoder_first", items, hidden)
        var inner: [FactorMatrix] = []
        for layer in 1..<Self.layers { inner.append(try matrix("encoder_inner_\(layer)", hidden, hidden)) }
        self.inner = inner
        mean = try matrix("encoder_mean", hidden, latent)
        logVariance = try matrix("encoder_log_variance", hidden, latent)
        biases = try matrix("encoder_biases", Self.layers, hidden)
        gains = try matrix("encoder_gains", Self.layers, hidden)
        shifts = try matrix("encoder_shifts", Self.layers, hidden)
        headBiases = try matrix("encoder_head_biases", 2, latent)
    }

    /// What the layers held for a batch, which the way back needs again.
    struct Activations {
        /// Before swish, by layer: batch x hidden.
        var sums: [FactorMatrix]
        /// After it, with mean 0 and variance 1.
        var normalized: [FactorMatrix]
        /// 1 / standard deviation, by layer and row.
        var inverseDeviations: [[Float]]
        var outputs: [FactorMatrix]
        var mean: FactorMatrix
        var logVariance: FactorMatrix
    }

    func activations(of batch: HistoryBatch, _ product: Product) -> Activations {
        let rows = batch.count
        func room(_ columns: Int) -> FactorMatrix { FactorMatrix(rows: rows, factors: columns) }
        var all = Activations(
            sums: [], normalized: [], inverseDeviations: [], outputs: [], mean: room(latent), logVariance: room(latent))
        for layer in 0..<Self.layers {
            let (sums, normalized, output) = (room(hidden), room(hidden), room(hidden))
            if layer == 0 {
                gather(batch, into: sums, product.workers)
            } else {
                product.add(DenseView(all.outputs[layer - 1]), times: DenseView(inner[layer - 1]), to: DenseView(sums))
            }
            let deviations = SharedBuffer<Float>(count: rows)
            let earlier = all.outputs
            let chunks = RowChunks(rows: rows, rowsPerChunk: 32)
            product.workers.run(chunks: chunks.count) { _, chunk in
                for row in chunks[chunk] {
                    mls_axpy(1, biases.row(layer), sums.row(row), hidden)
                    for output in earlier { mls_axpy(1, output.row(row), sums.row(row), hidden) }
                    deviations[row] = activate(layer, sums.row(row), normalized.row(row), output.row(row))
                }
            }
            all.sums.append(sums)
            all.normalized.append(normalized)
            all.inverseDeviations.append(Array(deviations.elements))
            all.outputs.append(output)
        }
        let last = DenseView(all.outputs[Self.layers - 1])
        for (head, weights, result) in [(0, mean, all.mean), (1, logVariance, all.logVariance)] {
            for row in 0..<rows { result.row(row).update(from: headBiases.row(head), count: latent) }
            product.add(last, times: DenseView(weights), to: DenseView(result))
        }
        return all
    }

    private func gather(_ batch: HistoryBatch, into sums: FactorMatrix, _ workers: any Workers) {
        let chunks = RowChunks(rows: batch.count, rowsPerChunk: 16)
        workers.run(chunks: chunks.count) { _, chunk in
            for row in chunks[chunk] {
                mls_gather_sum(
                    first.stride, first.start, batch[row].items, batch[row].values, 0, batch[row].items.count,
                    sums.row(row))
            }
        }
    }

    /// Swish, then layer normalisation.
    /// - Returns: 1 / standard deviation.
    private func activate(
        _ layer: Int, _ sum: UnsafeMutablePointer<Float>, _ normalized: UnsafeMutablePointer<Float>,
        _ output: UnsafeMutablePointer<Float>
    ) -> Float {
        Swish.apply(sum, into: normalized, count: hidden)
        var average: Float = 0
        for place in 0..<hidden { average += normalized[place] }
        average /= Float(hidden)
        var variance: Float = 0
        for place in 0..<hidden {
            normalized[place] -= average
            variance += normalized[place] * normalized[place]
        }
        let inverse = 1 / (variance / Float(hidden) + Self.epsilon).squareRoot()
        let (gain, shift) = (gains.row(layer), shifts.row(layer))
        for place in 0..<hidden {
            normalized[place] *= inverse
            output[place] = normalized[place] * gain[place] + shift[place]
        }
        return inverse
    }
}

/// x * sigma(x).
enum Swish {
    static func apply(
        _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
    ) {
        for place in 0..<count { y[place] = -x[place] }
        mls_exponentials(y, 0, y, count)
        for place in 0..<count { y[place] = x[place] / (1 + y[place]) }
    }

    /// Multiplies by the derivative at x: sigma(x) (1 + x (1 - sigma(x))).
    static func multiplyByDerivative(
        at x: UnsafeMutablePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, count: Int,
        scratch: UnsafeMutablePointer<Float>
    ) {
        for place in 0..<count { scratch[place] = -x[place] }
        mls_exponentials(scratch, 0, scratch, count)
        for place in 0..<count {
            let sigma = 1 / (1 + scratch[place])
            gradient[place] *= sigma * (1 + x[place] * (1 - sigma))
        }
    }
}
