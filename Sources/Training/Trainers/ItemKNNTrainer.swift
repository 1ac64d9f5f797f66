/// Neighbourhoods of items.
///
/// **Idea.** Two films are alike when the same people like them. What is most alike to the films of a history is
/// recommended.
///
/// **Score.** Of item j for a history H: the sum over the i in H that are among the k nearest neighbours of j of
/// sim(i, j) = c(i, j) / (sqrt(c(i, i) c(j, j)) + shrinkage), c(i, j) being the number of people who like both. With
/// `damped` each person's row is first scaled by 1 / ln(e + positives): who likes everything says little of any pair.
/// All neighbours as near as the k-th are kept, so that the result depends on no order of the items; up to
/// `tiesPerNeighbour` times k, the first items before others, since all that one heavy user alone has met is equally near.
///
/// **Settings.** `k`; `shrinkage`: pulls similarities that rest on few people towards 0; `damped`.
///
/// **Cost.** The sum over people of the square of their positives, shared out among the workers; memory for k entries an
/// item, more where many are equally near. A closed form: `warm_start` changes nothing. A history is folded in by adding up rows.
///
/// **Source.** Deshpande, Karypis (2004), "Item-Based Top-N Recommendation Algorithms"; the damping is the inverse user
/// frequency of Breese, Heckerman, Kadie (1998), section 2.2.2, turned to users and bounded for small profiles.
package struct ItemKNNTrainer: Trainer {
    package static let name = "item-knn"
    package static let summary = "The items most alike, by the people who liked both, to those of a history"
    package static let hyperparameters = [
        HyperparameterSpec("k", .int(1...10_000), default: .int(100), help: "neighbours kept of each item"),
        HyperparameterSpec(
            "shrinkage", .float(0...1e6), default: .float(0), help: "pulls similarities that rest on few people to 0"),
        HyperparameterSpec(
            "damped", .bool, default: .bool(false), help: "whether people who like a lot count less, by a logarithm"),
        PositiveInteractions.threshold,
    ]

    private static let tiesPerNeighbour = 20

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) { settings = values }

    package func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        if monitor.isCancelled() { throw CancellationError() }
        let clock = ContinuousClock()
        let started = clock.now
        let positives = try positives(of: matrix)
        let neighbours = neighbours(of: positives.rows, itemCount: matrix.items.count, workers, monitor)
        if monitor.isCancelled() { throw CancellationError() }
        monitor.report(SweepReport(sweep: 1, sweeps: 1, loss: nil, seconds: (clock.now - started) / .seconds(1)))
        return ItemKNNModel(
            tables: ModelTables(of: matrix, positives: positives, settings: settings),
            liked: SeenItems(of: positives.rows), neighbours: neighbours)
    }

    private func neighbours(
        of byUser: WeightedRows, itemCount: Int, _ workers: any Workers, _ monitor: FitMonitor
    ) -> WeightedRows {
        let byItem = byUser.transposed(columnCount: itemCount)
        let weights = (0..<byUser.rowCount).map { user in
            settings.bool("damped") ? CoOccurrence.damping(positives: byUser.count(of: user)) : 1
        }
        let lengths = (0..<itemCount).map { item in
            byItem.columns[byItem.entries(of: item)].reduce(0) { $0 + weights[Int($1)] }.squareRoot()
        }
        let (k, shrinkage) = (settings.int("k"), settings.float("shrinkage"))
        let rows = SharedSlots<[(item: Int32, similarity: Float)]>(count: itemCount)
        let counts = SharedBuffer<Double>(count: workers.count * itemCount)
        let chunks = RowChunks(offsets: byItem.offsets, costPerRow: 1)
        workers.run(chunks: chunks.count) { worker, chunk in
            if monitor.isCancelled() { return }
            let together = UnsafeMutableBufferPointer(start: counts.start + worker * itemCount, count: itemCount)
            for item in chunks[chunk] {
                let met = CoOccurrence.count(with: item, byItem, byUser, weights, into: together)
                var near = met.compactMap { other -> (item: Int32, similarity: Float)? in
                    let length = lengths[item] * lengths[Int(other)]
                    defer { together[Int(other)] = 0 }
                    if Int(other) == item { return nil }
                    return (other, Float(together[Int(other)] / (length + shrinkage)))
                }
                if near.count > k {
                    near.sort { ($1.similarity, $0.item) < ($0.similarity, $1.item) }
                    let least = near[k - 1].similarity
                    near = Array(near.prefix(Self.tiesPerNeighbour * k).prefix { $0.similarity >= least })
                }
                rows.put(near.sorted { $0.item < $1.item }, at: item)
            }
        }
        if monitor.isCancelled() { return WeightedRows(offsets: [0], columns: [], strengths: []) }
        var kept = WeightedRows(offsets: [0], columns: [], strengths: [])
        for item in 0..<itemCount {
            for neighbour in rows.take(item) {
                kept.columns.append(neighbour.item)
                kept.strengths?.append(neighbour.similarity)
            }
            kept.offsets.append(kept.columns.count)
        }
        return kept
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        try ItemKNNModel(restoring: content)
    }
}
