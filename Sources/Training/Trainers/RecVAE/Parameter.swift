import CKernels

/// A matrix of weights that is learned by gradient, with what Adam remembers of it.
///
/// - Source: Kingma, Ba (2015), "Adam: A Method for Stochastic Optimization", algorithm 1, with its default constants.
struct Parameter {
    let value: FactorMatrix
    /// Of the loss by each weight; zero after a step.
    let gradient: FactorMatrix
    private let mean: FactorMatrix
    private let square: FactorMatrix

    init(_ value: FactorMatrix) {
        self.value = value
        gradient = FactorMatrix(rows: value.rows, factors: value.factors)
        mean = FactorMatrix(rows: value.rows, factors: value.factors)
        square = FactorMatrix(rows: value.rows, factors: value.factors)
    }

    /// Moves the weights against the gradient and forgets the gradient.
    /// - Parameter step: from 1.
    func descend(rate: Float, step: Int, workers: any Workers) {
        let size = value.rows * value.stride
        let chunks = RowChunks(rows: size, rowsPerChunk: 1 << 16)
        workers.run(chunks: chunks.count) { _, chunk in
            let range = chunks[chunk]
            mls_adam(
                range.count, rate, Int32(step), gradient.start + range.lowerBound, mean.start + range.lowerBound,
                square.start + range.lowerBound, value.start + range.lowerBound)
        }
    }
}

extension FactorMatrix {
    /// Uniform in +-1 / sqrt(inputs), as a linear layer of PyTorch starts.
    static func layer(inputs: Int, outputs: Int, seed: UInt64) -> FactorMatrix {
        let weights = FactorMatrix(rows: inputs, factors: outputs)
        weights.randomize(seed: seed, standardDeviation: 1 / Float(3 * inputs).squareRoot())
        return weights
    }

    var copy: FactorMatrix {
        let copy = FactorMatrix(rows: rows, factors: factors)
        copy.start.update(from: start, count: rows * stride)
        return copy
    }

    func fill(_ value: Float) {
        for row in 0..<rows { self.row(row).update(repeating: value, count: factors) }
    }
}
