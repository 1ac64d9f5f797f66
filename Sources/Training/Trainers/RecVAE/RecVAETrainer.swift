/// RecVAE: a variational autoencoder of histories with a composite prior, encoder and decoder learned in turns.
///
/// **Idea.** A history is pressed into a short code, as a distribution rather than a point, and the code must say again what
/// was in the history, and so what belongs with it.
///
/// **Objective.** Maximise for each user the multinomial log-likelihood of their history under the decoder's softmax, less
/// `gamma` times the length of the history times the divergence of the code's distribution from a composite prior
/// (`CompositePrior`: mostly what the encoder of the former round said). By Adam on mini-batches of rows of the user-item
/// matrix: three passes for the encoder, on histories of which half is dropped at random, then one for the decoder on
/// whole ones; the decoder is a single linear layer.
///
/// **Settings.** `hidden` and `latent`: widths of the encoder's five layers and of the code. `gamma`: how much the
/// divergence weighs; the sparser the data the larger. `learning_rate`, `batch_size`, `epochs` (rounds), `seed`.
///
/// **Cost.** A round takes about 4 (users * (items * latent + 5 hidden^2)) * 3 steps; `batch_size` rows of the catalogue are
/// in memory at a time. **Warm start**: layers and the rows of known items go on from where they stood, with a part of
/// the rounds. A history is folded in by the encoder's mean, without a draw.
///
/// **Source.** Shenbin, Alekseev, Tutubalina, Malykh, Nikolenko (2020), "RecVAE: A New Variational Autoencoder for Top-N
/// Recommendations with Implicit Feedback".
package struct RecVAETrainer: Trainer {
    package static let name = "recvae"
    package static let summary = "A variational autoencoder of histories: strong for people it has never seen"
    package static let hyperparameters = [
        HyperparameterSpec("hidden", .int(1...4096), default: .int(600), help: "width of the encoder's layers"),
        HyperparameterSpec("latent", .int(1...2048), default: .int(200), help: "length of the code"),
        HyperparameterSpec(
            "gamma", .float(0...10), default: .float(0.005), help: "weight of the divergence for each positive"),
        HyperparameterSpec("learning_rate", .float(1e-6...1), default: .float(5e-4), help: "of Adam"),
        HyperparameterSpec("batch_size", .int(1...65_536), default: .int(500), help: "users in a step"),
        HyperparameterSpec(
            "epochs", .int(1...100_000), default: .int(50), help: "rounds: the encoder three times, the decoder once"),
        HyperparameterSpec("seed", .int(0...Int.max), default: .int(0), help: "start, order, dropout and draws"),
        PositiveInteractions.threshold,
    ]

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) { settings = values }

    package func obstacle(toContinuing former: any Recommender) -> String? {
        guard let former = former as? RecVAEModel else {
            return "it is a model of `\(former.algorithm)`, not of `\(Self.name)`"
        }
        let theirs = (former.encoder.hidden, former.encoder.latent)
        return theirs == (settings.int("hidden"), settings.int("latent"))
            ? nil : "it has hidden \(theirs.0) and latent \(theirs.1)"
    }

    package func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        let former = try starting(from: former, as: RecVAEModel.self)
        let positives = try positives(of: matrix)
        let (items, latent) = (matrix.items.count, settings.int("latent"))
        let encoder = firstEncoder(items: items)
        let decoder = FactorMatrix.layer(inputs: latent, outputs: items, seed: seed(of: "decoder")).turned
        let bias = FactorMatrix(rows: 1, factors: items)
        if let former { take(up: former, matrix.items, encoder, decoder, bias) }
        let fit = RecVAEFit(
            histories: positives.rows, encoder: encoder, decoder: decoder, decoderBias: bias, settings: settings,
            product: Product(workers: workers), monitor: monitor)
        let epochs = settings.int("epochs")
        try fit.run(epochs: former == nil ? epochs : WarmStart.sweeps(insteadOf: epochs))
        return RecVAEModel(
            tables: ModelTables(of: matrix, positives: positives, settings: settings),
            liked: SeenItems(of: positives.rows), encoder: encoder, decoder: decoder, decoderBias: bias)
    }

    /// Every layer has a stream of its own.
    private func seed(of layer: String) -> UInt64 {
        layer.utf8.reduce(UInt64(settings.int("seed"))) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private func firstEncoder(items: Int) -> RecVAEEncoder {
        RecVAEEncoder(items: items, hidden: settings.int("hidden"), latent: settings.int("latent")) {
            name, rows, columns in
            switch name {
            case "encoder_gains":
                let gains = FactorMatrix(rows: rows, factors: columns)
                gains.fill(1)
                return gains
            case "encoder_biases", "encoder_shifts", "encoder_head_biases":
                return FactorMatrix(rows: rows, factors: columns)
            default: return FactorMatrix.layer(inputs: rows, outputs: columns, seed: seed(of: name))
            }
        }
    }

    private func take(
        up former: RecVAEModel, _ items: IDTable, _ encoder: RecVAEEncoder, _ decoder: FactorMatrix,
        _ bias: FactorMatrix
    ) {
        encoder.first.copyRows(of: former.encoder.first, named: former.items, to: items)
        for (own, theirs) in zip(encoder.weights.dropFirst(), former.encoder.weights.dropFirst()) {
            own.matrix.start.update(from: theirs.matrix.start, count: own.matrix.rows * own.matrix.stride)
        }
        decoder.copyRows(of: former.decoder, named: former.items, to: items)
        for item in 0..<items.count {
            if let place = former.items.index(of: items[item]) {
                bias.row(0)[item] = former.decoderBias.row(0)[place]
            }
        }
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        try RecVAEModel(restoring: content)
    }
}

extension FactorMatrix {
    /// Transposed.
    fileprivate var turned: FactorMatrix {
        let turned = FactorMatrix(rows: factors, factors: rows)
        for row in 0..<rows {
            for factor in 0..<factors { turned.row(factor)[row] = self.row(row)[factor] }
        }
        return turned
    }
}
