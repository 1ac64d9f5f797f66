import CKernels
import Foundation

/// One training of a RecVAE: the encoder and the decoder in turns.
struct RecVAEFit {
    /// What each user liked; rows without an entry are left out.
    let histories: WeightedRows
    let encoder: RecVAEEncoder
    /// - Shapes: items x latent, and 1 x items.
    let decoder: FactorMatrix
    let decoderBias: FactorMatrix
    let settings: Hyperparameters
    let product: Product
    let monitor: FitMonitor

    /// Passes over the data with which the encoder answers one of the decoder; as in the original.
    private static let encoderPasses = 3
    private static let dropout: Float = 0.5

    private var users: [Int] { (0..<histories.rowCount).filter { histories.count(of: $0) > 0 } }

    /// - Throws: `TrainingError.nonFiniteFactor`, `CancellationError` between batches.
    func run(epochs: Int) throws {
        let clock = ContinuousClock()
        var steps = (encoder: 0, decoder: 0)
        let forward = RecVAEEncoderGradient(of: encoder)
        let (weights, bias) = (Parameter(decoder), Parameter(decoderBias))
        let rate = Float(settings.float("learning_rate"))
        // Before the first round the former encoder is the first one.
        var former = encoder.copy
        for epoch in 1...epochs {
            let started = clock.now
            var loss = 0.0
            for pass in 0..<Self.encoderPasses {
                loss = try eachBatch(epoch: epoch, pass: pass) { batch, noise in
                    let step = latentStep(batch, dropout: Self.dropout, former: former, noise)
                    let gradient = decode(step.code, batch)
                    product.add(DenseView(gradient.logits), times: DenseView(decoder), to: DenseView(step.codeGradient))
                    let (mean, logVariance) = step.headGradients
                    forward.add(
                        mean: mean, logVariance: logVariance, of: step.inputs, step.activations, product)
                    steps.encoder += 1
                    for parameter in forward.parameters {
                        parameter.descend(rate: rate, step: steps.encoder, workers: product.workers)
                    }
                    return gradient.loss + step.divergence
                }
            }
            former = encoder.copy
            _ = try eachBatch(epoch: epoch, pass: Self.encoderPasses) { batch, noise in
                let step = latentStep(batch, dropout: 0, former: former, noise)
                let gradient = decode(step.code, batch)
                product.add(
                    DenseView(gradient.logits).transposed, times: DenseView(step.code), to: DenseView(weights.gradient))
                for row in 0..<batch.count {
                    mls_axpy(1, gradient.logits.row(row), bias.gradient.row(0), decoder.rows)
                }
                steps.decoder += 1
                weights.descend(rate: rate, step: steps.decoder, workers: product.workers)
                bias.descend(rate: rate, step: steps.decoder, workers: product.workers)
                return gradient.loss
            }
            guard loss.isFinite, decoder.isFinite, encoder.weights.allSatisfy({ $0.matrix.isFinite }) else {
                throw TrainingError.nonFiniteFactor(
                    algorithm: RecVAETrainer.name, sweep: epoch, regularization: settings.float("gamma"))
            }
            monitor.report(
                SweepReport(
                    sweep: epoch, sweeps: epochs, loss: loss, seconds: (clock.now - started) / .seconds(1)))
        }
    }

    /// The users in a new order, a batch at a time.
    /// - Parameter body: gets the users and a seed for what is drawn; returns the batch's mean loss.
    /// - Returns: the mean loss of a user.
    private func eachBatch(
        epoch: Int, pass: Int, _ body: (_ users: [Int], _ noise: UInt64) throws -> Double
    ) throws -> Double {
        let seed = UInt64(settings.int("seed"))
        let round = UInt64(epoch * (Self.encoderPasses + 1) + pass)
        var random = SplitMix64(seed: seed, stream: round)
        let order = users.shuffled(using: &random)
        var (loss, start) = (0.0, 0)
        while start < order.count {
            if monitor.isCancelled() { throw CancellationError() }
            let batch = Array(order[start..<min(order.count, start + settings.int("batch_size"))])
            loss += try body(batch, random.next()) * Double(batch.count)
            start += batch.count
        }
        return loss / Double(order.count)
    }

    private struct LatentStep {
        let inputs: HistoryBatch
        let activations: RecVAEEncoder.Activations
        /// Batch x latent.
        let code: FactorMatrix
        /// Of the loss by the code: so far that of the divergence.
        let codeGradient: FactorMatrix
        /// What each coordinate of the code is away from its mean, in standard deviations.
        let noise: FactorMatrix
        /// Weight of the divergence of each user.
        let pull: [Float]
        /// Mean over the batch, weighted.
        let divergence: Double

        /// Of the loss by means and logarithms of variances. By the reparametrisation z = mean + noise * deviation the
        /// density of z itself only depends on the variance.
        var headGradients: (FactorMatrix, FactorMatrix) {
            let logVariance = FactorMatrix(rows: code.rows, factors: code.factors)
            for row in 0..<code.rows {
                for place in 0..<code.factors {
                    let deviation = expf(0.5 * activations.logVariance.row(row)[place])
                    logVariance.row(row)[place] =
                        codeGradient.row(row)[place] * noise.row(row)[place] * deviation * 0.5 - 0.5 * pull[row]
                }
            }
            return (codeGradient, logVariance)
        }
    }

    /// Draws a code for each user and says how far it strays from the prior.
    private func latentStep(
        _ users: [Int], dropout: Float, former: RecVAEEncoder, _ seed: UInt64
    ) -> LatentStep {
        let whole = users.map { RecVAEFit.history(histories.columns[histories.entries(of: $0)]) }
        let inputs = dropout == 0 ? whole : whole.enumerated().map { dropped($1, dropout, seed, UInt64($0)) }
        let activations = encoder.activations(of: inputs, product)
        let prior = former.activations(of: whole, product)
        let latent = encoder.latent
        let code = FactorMatrix(rows: users.count, factors: latent)
        let gradient = FactorMatrix(rows: users.count, factors: latent)
        let noise = FactorMatrix(rows: users.count, factors: latent)
        let divergences = SharedBuffer<Double>(count: users.count)
        // The more somebody has said, the more their code has to be worth.
        let pull = users.map { Float(settings.float("gamma")) * Float(histories.count(of: $0)) / Float(users.count) }
        let chunks = RowChunks(rows: users.count, rowsPerChunk: 16)
        product.workers.run(chunks: chunks.count) { _, chunk in
            for row in chunks[chunk] {
                var random = SplitMix64(seed: ~seed, stream: UInt64(row))
                var sum = 0.0
                for place in 0..<latent {
                    let mean = activations.mean.row(row)[place]
                    let logVariance = activations.logVariance.row(row)[place]
                    let draw = random.nextNormal()
                    let z = mean + draw * expf(0.5 * logVariance)
                    let density = CompositePrior.logDensity(
                        z, formerMean: prior.mean.row(row)[place], formerLogVariance: prior.logVariance.row(row)[place])
                    code.row(row)[place] = z
                    noise.row(row)[place] = draw
                    gradient.row(row)[place] = -density.slope * pull[row]
                    sum += Double(-0.5 * (1.837877 + logVariance + draw * draw) - density.value)
                }
                divergences[row] = sum * Double(pull[row])
            }
        }
        return LatentStep(
            inputs: inputs, activations: activations, code: code, codeGradient: gradient, noise: noise, pull: pull,
            divergence: divergences.elements.reduce(0, +))
    }

    /// The multinomial likelihood of the histories under codes.
    /// - Returns: the mean loss, and its gradient by the logits, batch x items.
    private func decode(_ code: FactorMatrix, _ users: [Int]) -> (loss: Double, logits: FactorMatrix) {
        let items = decoder.rows
        let logits = FactorMatrix(rows: users.count, factors: items)
        product.add(DenseView(code), times: DenseView(decoder).transposed, to: DenseView(logits))
        let losses = SharedBuffer<Double>(count: users.count)
        let chunks = RowChunks(rows: users.count, rowsPerChunk: 8)
        product.workers.run(chunks: chunks.count) { _, chunk in
            for row in chunks[chunk] {
                let values = logits.row(row)
                mls_axpy(1, decoderBias.row(0), values, items)
                let liked = histories.columns[histories.entries(of: users[row])]
                var top = -Float.infinity
                for item in 0..<items { top = max(top, values[item]) }
                let ofLiked = liked.reduce(0.0) { $0 + Double(values[Int($1)] - top) }
                mls_exponentials(values, -top, values, items)
                var sum: Float = 0
                for item in 0..<items { sum += values[item] }
                losses[row] = Double(liked.count) * log(Double(sum)) - ofLiked
                let scale = Float(liked.count) / sum / Float(users.count)
                for item in 0..<items { values[item] *= scale }
                for item in liked { values[Int(item)] -= 1 / Float(users.count) }
            }
        }
        return (losses.elements.reduce(0, +) / Double(users.count), logits)
    }

    private func dropped(
        _ history: (items: [Int32], values: [Float]), _ dropout: Float, _ seed: UInt64, _ stream: UInt64
    ) -> (items: [Int32], values: [Float]) {
        var random = SplitMix64(seed: seed, stream: stream)
        var kept: (items: [Int32], values: [Float]) = ([], [])
        for (item, value) in zip(history.items, history.values)
        where (random.nextSymmetricUnit() + 1) / 2 >= dropout {
            kept.items.append(item)
            kept.values.append(value / (1 - dropout))
        }
        return kept
    }

    /// Of length 1.
    static func history(_ items: some Collection<Int32>) -> (items: [Int32], values: [Float]) {
        (Array(items), [Float](repeating: 1 / Float(items.count).squareRoot(), count: items.count))
    }
}

extension RecVAEEncoder {
    var copy: RecVAEEncoder {
        let copies = Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.matrix.copy) })
        return RecVAEEncoder(items: first.rows, hidden: hidden, latent: latent) { name, rows, columns in
            copies[name] ?? FactorMatrix(rows: rows, factors: columns)
        }
    }
}

extension SplitMix64 {
    /// Standard normal. Source: Box, Muller (1958).
    mutating func nextNormal() -> Float {
        // 2^-24 at least, so that the logarithm is finite.
        let uniform = Float(next() >> 40 | 1) * 0x1p-24
        let angle = Float(next() >> 40) * 0x1p-24 * 2 * .pi
        return (-2 * logf(uniform)).squareRoot() * cosf(angle)
    }
}
