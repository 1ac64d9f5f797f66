import CKernels

/// The way back through the encoder: from the gradient by its outputs to that by its weights.
struct RecVAEEncoderGradient {
    let encoder: RecVAEEncoder
    /// In the order of `encoder.weights`.
    let parameters: [Parameter]

    init(of encoder: RecVAEEncoder) {
        self.encoder = encoder
        parameters = encoder.weights.map { Parameter($0.matrix) }
    }

    private var first: FactorMatrix { parameters[0].gradient }
    private func inner(_ layer: Int) -> FactorMatrix { parameters[layer].gradient }
    private var heads: [FactorMatrix] { [parameters[5].gradient, parameters[6].gradient] }
    private var biases: FactorMatrix { parameters[7].gradient }
    private var gains: FactorMatrix { parameters[8].gradient }
    private var shifts: FactorMatrix { parameters[9].gradient }
    private var headBiases: FactorMatrix { parameters[10].gradient }

    /// Adds up the gradients of all weights.
    /// - Parameters:
    ///   - mean: of the loss by the means, batch x latent; likewise `logVariance`.
    func add(
        mean: FactorMatrix, logVariance: FactorMatrix, of batch: HistoryBatch, _ activations: RecVAEEncoder.Activations,
        _ product: Product
    ) {
        let (rows, hidden) = (batch.count, encoder.hidden)
        let last = RecVAEEncoder.layers - 1
        let outputs = (0...last).map { _ in FactorMatrix(rows: rows, factors: hidden) }
        let weights = [encoder.mean, encoder.logVariance]
        for (head, gradient) in [mean, logVariance].enumerated() {
            product.add(
                DenseView(activations.outputs[last]).transposed, times: DenseView(gradient), to: DenseView(heads[head]))
            for row in 0..<rows { mls_axpy(1, gradient.row(row), headBiases.row(head), encoder.latent) }
            product.add(DenseView(gradient), times: DenseView(weights[head]).transposed, to: DenseView(outputs[last]))
        }
        for layer in (0...last).reversed() {
            backThroughActivation(layer, outputs[layer], activations, product.workers)
            let sums = outputs[layer]
            for row in 0..<rows { mls_axpy(1, sums.row(row), biases.row(layer), hidden) }
            if layer == 0 { break }
            product.add(
                DenseView(activations.outputs[layer - 1]).transposed, times: DenseView(sums),
                to: DenseView(inner(layer)))
            for earlier in 0..<layer { mls_axpy(1, sums.start, outputs[earlier].start, rows * sums.stride) }
            product.add(
                DenseView(sums), times: DenseView(encoder.inner[layer - 1]).transposed,
                to: DenseView(outputs[layer - 1]))
        }
        scatter(outputs[0], batch, product.workers)
    }

    /// Turns the gradient by a layer's outputs into that by its sums, in place.
    private func backThroughActivation(
        _ layer: Int, _ gradient: FactorMatrix, _ activations: RecVAEEncoder.Activations, _ workers: any Workers
    ) {
        let hidden = encoder.hidden
        let normalized = activations.normalized[layer]
        for row in 0..<gradient.rows {
            let (given, value) = (gradient.row(row), normalized.row(row))
            let (gain, shift) = (gains.row(layer), shifts.row(layer))
            for place in 0..<hidden {
                gain[place] += given[place] * value[place]
                shift[place] += given[place]
            }
        }
        let scratch = SharedBuffer<Float>(count: workers.count * gradient.stride)
        let chunks = RowChunks(rows: gradient.rows, rowsPerChunk: 32)
        let deviations = activations.inverseDeviations[layer]
        workers.run(chunks: chunks.count) { worker, chunk in
            for row in chunks[chunk] {
                let (given, value) = (gradient.row(row), normalized.row(row))
                let gain = encoder.gains.row(layer)
                var (average, along) = (Float(0), Float(0))
                for place in 0..<hidden {
                    given[place] *= gain[place]
                    average += given[place]
                    along += given[place] * value[place]
                }
                average /= Float(hidden)
                along /= Float(hidden)
                for place in 0..<hidden {
                    given[place] = deviations[row] * (given[place] - average - value[place] * along)
                }
                Swish.multiplyByDerivative(
                    at: activations.sums[layer].row(row), given, count: hidden,
                    scratch: scratch.start + worker * gradient.stride)
            }
        }
    }

    /// Each worker adds up columns of its own, so that the sums come out the same however many there are.
    private func scatter(_ sums: FactorMatrix, _ batch: HistoryBatch, _ workers: any Workers) {
        let width = 64
        let chunks = RowChunks(rows: encoder.hidden, rowsPerChunk: width)
        workers.run(chunks: chunks.count) { _, chunk in
            let columns = chunks[chunk]
            for (row, history) in batch.enumerated() {
                let source = sums.row(row) + columns.lowerBound
                for (item, value) in zip(history.items, history.values) {
                    mls_axpy(value, source, first.row(Int(item)) + columns.lowerBound, columns.count)
                }
            }
        }
    }
}
