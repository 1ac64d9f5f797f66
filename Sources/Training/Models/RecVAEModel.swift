import CKernels

/// Encodes a history, and scores by the decoder.
struct RecVAEModel: HistoryRecommender {
    let tables: ModelTables
    let liked: SeenItems
    let encoder: RecVAEEncoder
    /// - Shapes: items x latent, and 1 x items.
    var decoder: FactorMatrix { vectors.factors }
    let decoderBias: FactorMatrix
    private let vectors: ItemVectors

    var algorithm: String { RecVAETrainer.name }

    init(
        tables: ModelTables, liked: SeenItems, encoder: RecVAEEncoder, decoder: FactorMatrix, decoderBias: FactorMatrix
    ) {
        (self.tables, self.liked, self.encoder) = (tables, liked, encoder)
        (vectors, self.decoderBias) = (ItemVectors(decoder), decoderBias)
    }

    init(restoring content: ArtifactContent) throws(ArtifactError) {
        let (items, latent) = (content.items.count, content.settings.int("latent"))
        self.init(
            tables: try ModelTables(restoring: content), liked: try content.itemRows("liked"),
            encoder: try RecVAEEncoder(items: items, hidden: content.settings.int("hidden"), latent: latent) {
                name, rows, columns throws(ArtifactError) in
                try content.factors(name, rows: rows, factors: columns)
            },
            decoder: try content.factors("decoder", rows: items, factors: latent),
            decoderBias: try content.factors("decoder_bias", rows: 1, factors: items))
    }

    func score(liked history: [Int32], into scores: UnsafeMutableBufferPointer<Float>) -> Bool {
        let code = encoder.activations(of: [RecVAEFit.history(history)], Product(workers: InlineWorkers())).mean
        vectors.score(code.row(0), into: scores)
        if let start = scores.baseAddress { mls_axpy(1, decoderBias.row(0), start, scores.count) }
        return true
    }

    func similar(to item: Int, count: Int) -> [ScoredItem] { nearest(to: item, by: vectors, count: count) }

    func artifactContent() -> ArtifactContent {
        var tensors = liked.tensors("liked")
        for (name, matrix) in encoder.weights { tensors[name] = matrix.tensor }
        tensors["decoder"] = decoder.tensor
        tensors["decoder_bias"] = decoderBias.tensor
        return tables.content(algorithm, tensors)
    }
}
