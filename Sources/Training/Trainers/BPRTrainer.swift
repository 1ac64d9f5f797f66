import CKernels

/// Bayesian personalised ranking: what somebody liked should stand above what they have not met.
///
/// **Idea.** Matrix factorisation whose loss looks at pairs: for a user, an item they like and one that they don't know.
///
/// **Objective.** Maximise the sum over sampled triples (u, i, j) of ln sigma(x_ui - x_uj) - regularization / 2 times the
/// squares of the rows involved, with x_ui = user . item + bias of the item; by stochastic gradient with a constant
/// `learning_rate`. A sweep draws as many triples as there are positives: a positive at random, and another positive's item
/// (so by popularity) that the user does not like.
///
/// **Settings.** `factors`, `iterations` (sweeps), `learning_rate`, `regularization`, `seed`.
///
/// **Determinism.** The steps follow one another on one worker, in an order that the seed alone decides: sharing them out
/// would make the result depend on who was faster.
///
/// **Cost.** A sweep takes about 6 steps for each positive and factor. **Warm start**: known rows go on from where they
/// stood, with a part of the sweeps unless `warm_iterations` says otherwise. A history is folded in by the same steps
/// on the new row alone.
///
/// **Source.** Rendle, Freudenthaler, Gantner, Schmidt-Thieme (2009), "BPR: Bayesian Personalized Ranking from Implicit
/// Feedback".
package struct BPRTrainer: Trainer {
    package static let name = "bpr"
    package static let summary = "Matrix factorisation that learns to put what was liked above what was not met"
    package static let hyperparameters = [
        HyperparameterSpec("factors", .int(1...1024), default: .int(64), help: "the length of each vector"),
        HyperparameterSpec("iterations", .int(1...100_000), default: .int(100), help: "sweeps over the positives"),
        HyperparameterSpec("learning_rate", .float(1e-6...10), default: .float(0.02), help: "length of a step"),
        HyperparameterSpec("regularization", .float(0...10), default: .float(0.01), help: "pull towards zero"),
        HyperparameterSpec("seed", .int(0...Int.max), default: .int(0), help: "start and order of the steps"),
        WarmStart.iterations(atMost: 100_000),
        PositiveInteractions.threshold,
    ]

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) { settings = values }

    package func obstacle(toContinuing former: any Recommender) -> String? {
        obstacle(toContinuing: former, as: BPRModel.self) { $0.factors }
    }

    package func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        let former = try starting(from: former, as: BPRModel.self)
        let positives = try positives(of: matrix)
        // The last factor is 1 for every user, and so an item's bias.
        let factors = settings.int("factors")
        let users = FactorMatrix(rows: matrix.users.count, factors: factors + 1)
        let items = FactorMatrix(rows: matrix.items.count, factors: factors + 1)
        let seed = UInt64(settings.int("seed"))
        users.randomize(seed: seed, standardDeviation: 0.5 / Float(factors).squareRoot())
        items.randomize(seed: ~seed, standardDeviation: 0.5 / Float(factors).squareRoot())
        for user in 0..<users.rows { users.row(user)[factors] = 1 }
        for item in 0..<items.rows { items.row(item)[factors] = 0 }
        if let former {
            users.copyRows(of: former.userFactors, named: former.users, to: matrix.users)
            items.copyRows(of: former.itemFactors, named: former.items, to: matrix.items)
        }
        let descent = PairwiseDescent(
            positives: positives.rows, users: users, items: items, rate: Float(settings.float("learning_rate")),
            regularization: Float(settings.float("regularization")))
        try descent.run(sweeps: sweeps(isWarm: former != nil), seed: seed, algorithm: Self.name, monitor: monitor)
        banish(positives.rows.transposed(columnCount: items.rows), items)
        return BPRModel(
            tables: ModelTables(of: matrix, positives: positives, settings: settings),
            liked: SeenItems(of: positives.rows), userFactors: users, itemFactors: items)
    }

    /// An item that nobody likes was never drawn: its vector is still the random start, and means nothing. It stands behind
    /// every other instead.
    private func banish(_ byItem: WeightedRows, _ items: FactorMatrix) {
        let bias = items.factors - 1
        let least = (0..<items.rows).reduce(Float(0)) { min($0, items.row($1)[bias]) }
        for item in 0..<items.rows where byItem.count(of: item) == 0 {
            items.row(item).update(repeating: 0, count: items.factors)
            items.row(item)[bias] = least - 10
        }
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        try BPRModel(restoring: content)
    }
}

/// Stochastic gradient over pairs of a liked and an unknown item.
struct PairwiseDescent {
    /// Rows are users.
    let positives: WeightedRows
    let users: FactorMatrix
    let items: FactorMatrix
    let rate: Float
    let regularization: Float

    /// Draws for an unknown item before a step is given up: somebody may like nearly everything.
    private static let draws = 20

    /// - Throws: `TrainingError.nonFiniteFactor`, `CancellationError` between sweeps.
    func run(sweeps: Int, seed: UInt64, algorithm: String, monitor: FitMonitor) throws {
        let owners = (0..<positives.rowCount).flatMap { row in
            repeatElement(Int32(row), count: positives.count(of: row))
        }
        let clock = ContinuousClock()
        for sweep in 1...sweeps {
            if monitor.isCancelled() { throw CancellationError() }
            let started = clock.now
            var random = SplitMix64(seed: seed, stream: UInt64(sweep) << 32)
            var inOrder = 0
            for _ in 0..<positives.columns.count {
                let entry = Int(random.next(upperBound: UInt64(positives.columns.count)))
                let user = Int(owners[entry])
                guard let other = unknown(to: user, &random) else { continue }
                if step(user: user, liked: Int(positives.columns[entry]), other: other) > 0 { inOrder += 1 }
            }
            guard users.isFinite, items.isFinite else {
                throw TrainingError.nonFiniteFactor(
                    algorithm: algorithm, sweep: sweep, regularization: Double(regularization))
            }
            monitor.report(
                SweepReport(
                    sweep: sweep, sweeps: sweeps, loss: 1 - Double(inOrder) / Double(positives.columns.count),
                    seconds: (clock.now - started) / .seconds(1)))
        }
    }

    /// - Returns: by how much the liked one was ahead.
    private func step(user: Int, liked: Int, other: Int) -> Float {
        let row = users.row(user)
        let ahead = mls_pair_step(users.stride, rate, regularization, row, items.row(liked), items.row(other))
        row[users.factors - 1] = 1
        return ahead
    }

    private func unknown(to user: Int, _ random: inout SplitMix64) -> Int? {
        let own = positives.columns[positives.entries(of: user)]
        for _ in 0..<Self.draws {
            let item = positives.columns[Int(random.next(upperBound: UInt64(positives.columns.count)))]
            if !SortedSearch.contains(item, in: own) { return Int(item) }
        }
        return nil
    }
}
