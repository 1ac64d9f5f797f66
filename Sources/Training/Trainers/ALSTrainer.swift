import CKernels

/// Alternating least squares for implicit feedback.
///
/// **Idea.** A vector for each user and each item, whose product is near 1 where somebody liked something and near 0
/// elsewhere. While one side stands still the best rows of the other are each the solution of a small linear system.
///
/// **Objective.** See `ALSObjective`: `ials` and `implicit` are two parameterisations of one solver.
///
/// **Solvers.** `cg`: `cg_steps` steps of conjugate gradient from where the previous sweep left the row (Takács,
/// Pilászy, Tikk 2011, "Applications of the Conjugate Gradient Method for Implicit Feedback Collaborative Filtering").
/// `cholesky`: exact. `block`: exact in one block of factors after another (Rendle et al. 2021, "iALS++"), for many
/// factors.
///
/// **Order.** Each sweep solves for all items, then for all users: so a user's factors are what fold-in would find for
/// the history that training saw, and a person who is folded in is served like one who is known.
///
/// **Warm start.** Rows of known users and items go on from where they stood, new users are folded in first, and
/// `warm_iterations` sweeps follow instead of `iterations`.
///
/// **Cost.** With F factors, P positives and R rows on both sides, a sweep takes about P F (cg_steps + 1) + R F^2 steps
/// for cg, P F^2 + R F^3 / 6 for cholesky, P F block_size + R F (F + block_size^2 / 6) for block.
package struct ALSTrainer: Trainer {
    package static let name = "als"
    package static let summary = "Matrix factorisation for implicit feedback by alternating least squares"

    package static let hyperparameters =
        [
            HyperparameterSpec(
                "objective", .choice(["ials", "implicit"]), default: .string("ials"),
                help: "ials: every positive pulls to 1, all pairs weakly to 0; implicit: confidence 1 + alpha * stars"),
            HyperparameterSpec(
                "factors", .int(1...1024), default: .int(64), help: "the length of a user's and an item's vector"),
            HyperparameterSpec(
                "iterations", .int(1...1000), default: .int(10), help: "sweeps over all items and all users"),
            HyperparameterSpec(
                "regularization", .float(0...1e9), default: nil,
                help: "ridge; unless given 0.008 for ials, times a row's weight, and 10 for implicit"),
            HyperparameterSpec(
                "alpha", .float(1e-9...1e9), default: .float(1),
                help: "implicit only: confidence gained by a star, or by an interaction without a rating"),
            HyperparameterSpec(
                "unobserved_weight", .float(0...1e6), default: .float(0.2),
                help: "ials only: how much each pair without an interaction weighs beside a positive"),
            HyperparameterSpec(
                "nu", .float(0...2), default: .float(1),
                help: "ials only: how much stronger the ridge of frequent users and items is; 0: all alike"),
            HyperparameterSpec(
                "solver", .choice(["cg", "cholesky", "block"]), default: .string("cg"),
                help: "cg: a few steps of conjugate gradient from the previous sweep; cholesky: exact; "
                    + "block: exact in a block of factors at a time"),
            HyperparameterSpec("cg_steps", .int(1...100), default: .int(3), help: "cg only: steps for each row"),
            HyperparameterSpec(
                "block_size", .int(16...1024), default: .int(64),
                help: "block only: factors in a block, a multiple of 16"),
            WarmStart.iterations(atMost: 1000),
            HyperparameterSpec("seed", .int(0...Int.max), default: .int(0), help: "where the factors start"),
            PositiveInteractions.threshold, PositiveInteractions.halfLife,
        ]

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) {
        settings = Self.complete(values)
        let block = settings.int("block_size")
        if !block.isMultiple(of: Int(MLS_LANES)) {
            throw .badHyperparameter(
                "block_size", algorithm: Self.name, value: "\(block)", expected: "a multiple of \(MLS_LANES)")
        }
    }

    /// With the ridge that suits the objective: the two differ by orders of magnitude, for ials multiplies its own by
    /// a row's weight.
    private static func complete(_ values: Hyperparameters) -> Hyperparameters {
        let isImplicit = values.string("objective") == "implicit"
        return values.filling("regularization", with: .float(isImplicit ? 10 : 0.008))
    }

    package func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        let former = try starting(from: former, as: ALSModel.self)
        let positives = try positives(of: matrix)
        let objective = ALSObjective(settings)
        let byUser = objective.strengths(of: positives)
        let byItem = byUser.transposed(columnCount: matrix.items.count)
        let factors = settings.int("factors")
        let sides = Sides(
            users: FactorMatrix(rows: matrix.users.count, factors: factors),
            items: FactorMatrix(rows: matrix.items.count, factors: factors), byUser: byUser, byItem: byItem,
            objective: objective, method: ALSRowSolver.Method(settings))
        if let former {
            try take(up: former, in: matrix, sides, workers: workers)
        } else {
            // As in Rendle et al. (2022): small, and the smaller the more factors there are, so that a first product is
            // about 0.01.
            sides.users.randomize(
                seed: UInt64(settings.int("seed")), standardDeviation: 0.1 / Float(factors).squareRoot())
        }
        try sweep(sides, count: sweeps(isWarm: former != nil), workers: workers, monitor: monitor)
        return ALSModel(
            tables: ModelTables(of: matrix, positives: positives, settings: settings), userFactors: sides.users,
            itemFactors: sides.items)
    }

    package func obstacle(toContinuing former: any Recommender) -> String? {
        obstacle(toContinuing: former, as: ALSModel.self) { $0.itemFactors.factors }
    }

    /// Starts where a former model stood. Users whom it does not know, or of whom it knew nothing good, are folded in, for the items' half of the first
    /// sweep would take a row of zeros for somebody who likes nothing.
    private func take(
        up former: ALSModel, in matrix: InteractionMatrix, _ sides: Sides, workers: any Workers
    ) throws(TrainingError) {
        sides.users.copyRows(of: former.userFactors, named: former.users, to: matrix.users)
        sides.items.copyRows(of: former.itemFactors, named: former.items, to: matrix.items)
        let strangers = sides.byUser.keeping { sides.users.isZero(row: $0) }
        let solver = ALSRowSolver(
            objective: sides.objective, method: .cholesky, factors: sides.items,
            gram: sides.items.gramian(scale: sides.objective.gramScale, workers: workers))
        let fold = ALSHalfSweep(
            solver: solver, interactions: strangers,
            chunks: RowChunks(offsets: strangers.offsets, costPerRow: 1), solved: sides.users, leavesEmptyRows: true)
        guard fold.run(workers: workers) != nil else {
            throw .singularSystem(
                algorithm: Self.name, sweep: 0, regularization: sides.objective.regularization)
        }
    }

    /// What the sweeps work on: the factors they move and what they move them by.
    private struct Sides {
        let users: FactorMatrix
        let items: FactorMatrix
        let byUser: WeightedRows
        let byItem: WeightedRows
        let objective: ALSObjective
        let method: ALSRowSolver.Method
    }

    private func sweep(_ sides: Sides, count sweeps: Int, workers: any Workers, monitor: FitMonitor) throws {
        let objective = sides.objective
        let clock = ContinuousClock()
        // A row's own system costs about as much as gathering this many entries.
        let itemChunks = RowChunks(offsets: sides.byItem.offsets, costPerRow: sides.items.stride)
        let userChunks = RowChunks(offsets: sides.byUser.offsets, costPerRow: sides.users.stride)
        for sweep in 1...sweeps {
            if monitor.isCancelled() { throw CancellationError() }
            let started = clock.now
            func half(fixed: FactorMatrix, solved: FactorMatrix, by rows: WeightedRows, _ chunks: RowChunks)
                throws(TrainingError) -> ALSHalfSweep.Outcome
            {
                let solver = ALSRowSolver(
                    objective: objective, method: sides.method, factors: fixed,
                    gram: fixed.gramian(scale: objective.gramScale, workers: workers))
                let step = ALSHalfSweep(solver: solver, interactions: rows, chunks: chunks, solved: solved)
                guard let outcome = step.run(workers: workers) else {
                    throw .singularSystem(
                        algorithm: Self.name, sweep: sweep, regularization: objective.regularization)
                }
                // A single non-finite factor makes the loss non-finite, so this looks at all of them.
                guard outcome.loss.isFinite, outcome.ridgeLoss.isFinite else {
                    throw .nonFiniteFactor(
                        algorithm: Self.name, sweep: sweep, regularization: objective.regularization)
                }
                return outcome
            }
            let items = try half(fixed: sides.users, solved: sides.items, by: sides.byItem, itemChunks)
            let users = try half(fixed: sides.items, solved: sides.users, by: sides.byUser, userChunks)
            let loss = (users.loss + items.ridgeLoss) / Double(sides.byUser.columns.count)
            monitor.report(
                SweepReport(sweep: sweep, sweeps: sweeps, loss: loss, seconds: (clock.now - started) / .seconds(1)))
        }
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        var content = content
        content.settings = complete(content.settings)
        return try ALSModel(restoring: content)
    }
}

extension ALSObjective {
    init(_ settings: Hyperparameters) {
        let regularization = settings.float("regularization")
        self =
            switch settings.string("objective") {
            case "implicit": .implicit(alpha: settings.float("alpha"), regularization: regularization)
            default:
                .ials(
                    unobservedWeight: settings.float("unobserved_weight"), regularization: regularization,
                    nu: settings.float("nu"))
            }
    }

    /// The positives with this objective's strength of each.
    func strengths(of positives: PositiveInteractions) -> WeightedRows {
        var rows = positives.rows
        if hasUnitStrengths { return rows }
        rows.strengths = positives.stars.indices.map { entry in
            strength(stars: positives.stars[entry], weight: positives.rows.strengths?[entry] ?? 1)
        }
        return rows
    }
}

extension ALSRowSolver.Method {
    init(_ settings: Hyperparameters) {
        self =
            switch settings.string("solver") {
            case "cholesky": .cholesky
            case "block": .block(size: settings.int("block_size"))
            default: .conjugateGradient(steps: settings.int("cg_steps"))
            }
    }
}
