import CKernels

/// Ranks the whole catalogue for every case and compares with what the user did.
package enum Evaluator {
    /// A function of (model, cases, metrics, catalogue): the same to the bit on any number of workers. Blocks: call it from a
    /// thread that may.
    ///
    /// A user whom the model knows is ranked by what it learned of them unless the case says fold-in; anybody else by
    /// their history. Targets outside the catalogue, which no list can name, are left out, and with them a case that
    /// has no other; the report counts both.
    /// - Parameter catalogue: what is ranked and what counts as a target; the model's own items unless given. Models that
    ///   are compared are given one, so that they have the same cases and the same targets: nothing outside it is named,
    ///   and a target inside it that the model does not know is one that it misses.
    /// - Throws: `TrainingError.noCases` (also when no target is in the catalogue), `badCase`, `audiencesUnknown` for a
    ///   metric of diversity of a model without its training interactions; `CancellationError` when `isCancelled` says so.
    package static func evaluate(
        _ model: any Recommender, cases: [EvaluationCase], metrics: [MetricName], catalogue: IDTable? = nil,
        workers: any Workers, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> EvaluationReport {
        try check(cases)
        let scope = catalogue ?? model.items
        let targetCounts = cases.map { $0.targets.count { scope.index(of: $0) != nil } }
        let counted = cases.indices.filter { targetCounts[$0] > 0 }
        if counted.isEmpty { throw TrainingError.noCases }
        let foreign = catalogue.map { foreignItems(of: model, to: $0) } ?? []
        let metrics = Array(Set(metrics)).sorted { $0.key < $1.key }
        let means = metrics.filter { $0.kind != .coverage }
        let coverages = metrics.filter { $0.kind == .coverage }
        let audiences = try metrics.contains { $0.kind.isOfDiversity } ? itemAudiences(of: model) : nil
        let itemCount = model.items.count
        let depth = min(itemCount, metrics.map(\.k).max() ?? 0)

        // Small chunks: a user with a long history costs many times what another does.
        let chunks = RowChunks(rows: counted.count, rowsPerChunk: 16)
        let scores = SharedBuffer<Float>(count: workers.count * itemCount)
        let values = SharedBuffer<Double>(count: counted.count * means.count)
        // One set of named items for each worker and length: a union is the same in any order.
        let named = SharedBuffer<Bool>(count: workers.count * coverages.count * itemCount)
        workers.run(chunks: chunks.count) { worker, chunk in
            if isCancelled() { return }
            let room = UnsafeMutableBufferPointer(start: scores.start + worker * itemCount, count: itemCount)
            for index in chunks[chunk] {
                let subject = cases[counted[index]]
                let list = rank(subject, by: model, without: foreign, depth: depth, scores: room)
                let targets = subject.targets.lazy.filter { scope.index(of: $0) != nil }
                    .compactMap { model.items.index(of: $0).map { Int32($0) } }
                let ranked = RankedList(
                    items: list, targets: Set(targets), targetCount: targetCounts[counted[index]])
                for (place, metric) in means.enumerated() {
                    values[index * means.count + place] =
                        audiences?.value(of: metric, list: list) ?? ranked.value(of: metric)
                }
                for (place, metric) in coverages.enumerated() {
                    let set = (worker * coverages.count + place) * itemCount
                    for item in list.prefix(metric.k) { named[set + Int(item)] = true }
                }
            }
        }
        if isCancelled() { throw CancellationError() }
        return EvaluationReport(
            counted: counted, casesWithoutKnownTarget: cases.count - counted.count,
            unknownTargets: zip(cases, targetCounts).reduce(0) { $0 + $1.0.targets.count - $1.1 },
            coverage: coverage(
                coverages, named: named, workers: workers.count, itemCount: itemCount, of: scope.count),
            perCase: Dictionary(
                uniqueKeysWithValues: means.enumerated().map { place, metric in
                    (metric, counted.indices.map { values[$0 * means.count + place] })
                }))
    }

    /// What a model knows and a catalogue does not hold.
    private static func foreignItems(of model: any Recommender, to catalogue: IDTable) -> [Int] {
        (0..<model.items.count).filter { catalogue.index(of: model.items[$0]) == nil }
    }

    private static func itemAudiences(of model: any Recommender) throws(TrainingError) -> ItemAudiences {
        guard let audiences = ItemAudiences(of: model) else { throw .audiencesUnknown(algorithm: model.algorithm) }
        return audiences
    }

    private static func rank(
        _ subject: EvaluationCase, by model: any Recommender, without foreign: [Int], depth: Int,
        scores: UnsafeMutableBufferPointer<Float>
    ) -> [Int32] {
        let history = model.entries(of: subject.history.lazy.map { ($0.item, $0.stars) })
        if !subject.foldIn, let user = model.users.index(of: subject.user) {
            model.score(user: user, into: scores)
        } else {
            model.score(history: history, into: scores)
        }
        for entry in history { scores[entry.item] = -.infinity }
        for item in foreign { scores[item] = -.infinity }
        return model.best(of: UnsafeBufferPointer(scores), count: depth).map { Int32($0.item) }
    }

    private static func coverage(
        _ metrics: [MetricName], named: SharedBuffer<Bool>, workers: Int, itemCount: Int, of catalogueCount: Int
    ) -> [MetricName: Double] {
        var shares: [MetricName: Double] = [:]
        for (place, metric) in metrics.enumerated() {
            let distinct = (0..<itemCount).count { item in
                (0..<workers).contains { named[($0 * metrics.count + place) * itemCount + item] }
            }
            shares[metric] = Double(distinct) / Double(catalogueCount)
        }
        return shares
    }

    private static func check(_ cases: [EvaluationCase]) throws(TrainingError) {
        for subject in cases {
            if subject.targets.isEmpty { throw .badCase(user: subject.user, problem: "it has no target") }
            let targets = Set(subject.targets)
            if targets.count != subject.targets.count {
                throw .badCase(user: subject.user, problem: "a target is named twice")
            }
            if let both = subject.history.first(where: { targets.contains($0.item) }) {
                throw .badCase(user: subject.user, problem: "item \(both.item) is a target and in the history")
            }
        }
    }
}

extension RankedList {
    func value(of metric: MetricName) -> Double {
        switch metric.kind {
        case .recall: recall(at: metric.k)
        case .ndcg: ndcg(at: metric.k)
        case .hitRate: hitRate(at: metric.k)
        case .mrr: reciprocalRank
        case .coverage: preconditionFailure("coverage belongs to all lists together, not to one")
        case .novelty, .intraListSimilarity: preconditionFailure("diversity is no matter of hits: see ItemAudiences")
        }
    }
}

extension ItemAudiences {
    /// - Returns: nil for a metric that is no matter of diversity.
    func value(of metric: MetricName, list: [Int32]) -> Double? {
        switch metric.kind {
        case .novelty: novelty(of: list.prefix(metric.k))
        case .intraListSimilarity: intraListSimilarity(of: list.prefix(metric.k))
        case .recall, .ndcg, .hitRate, .mrr, .coverage: nil
        }
    }
}
