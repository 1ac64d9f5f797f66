/// Alternating least squares for implicit feedback.
///
/// Each sweep solves for all items, then for all users: so a user's factors are exactly what fold-in would find for
/// the history that training saw, and a person who is folded in is served like one who is known.
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
                "solver", .choice(["cholesky", "cg"]), default: .string("cg"),
                help: "cholesky: exact; cg: a few steps of conjugate gradient from the previous sweep"),
            HyperparameterSpec("cg_steps", .int(1...100), default: .int(3), help: "cg only: steps for each row"),
            HyperparameterSpec("seed", .int(0...Int.max), default: .int(0), help: "where the factors start"),
        ] + PositiveInteractions.specs

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) {
        settings = Self.complete(values)
    }

    /// With the ridge that suits the objective: the two differ by orders of magnitude, for ials multiplies its own by
    /// a row's weight.
    private static func complete(_ values: Hyperparameters) -> Hyperparameters {
        let isImplicit = values.string("objective") == "implicit"
        return values.filling("regularization", with: .float(isImplicit ? 10 : 0.008))
    }

    package func fit(_ matrix: InteractionMatrix, workers: any Workers, monitor: FitMonitor) throws -> any Recommender {
        let positives = try PositiveInteractions(
            of: matrix, positiveFrom: settings.float("positive_from"),
            halfLifeDays: settings.optionalFloat("half_life_days"), algorithm: Self.name)
        let objective = ALSObjective(settings)
        let byUser = objective.strengths(of: positives)
        let byItem = byUser.transposed(columnCount: matrix.items.count)
        let factors = settings.int("factors")
        let users = FactorMatrix(rows: matrix.users.count, factors: factors)
        let items = FactorMatrix(rows: matrix.items.count, factors: factors)
        // As in Rendle et al. (2022): small, and the smaller the more factors there are, so that a first product is
        // about 0.01.
        users.randomize(
            seed: UInt64(settings.int("seed")), standardDeviation: 0.1 / Float(factors).squareRoot())
        try sweep(
            Sides(
                users: users, items: items, byUser: byUser, byItem: byItem, objective: objective,
                method: ALSRowSolver.Method(settings)),
            workers: workers, monitor: monitor)
        return ALSModel(
            users: matrix.users, items: matrix.items, userFactors: users, itemFactors: items,
            popularity: positives.rows.columnSums(columnCount: matrix.items.count), seen: SeenItems(of: matrix),
            interactionCount: matrix.interactionCount, settings: settings)
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

    private func sweep(_ sides: Sides, workers: any Workers, monitor: FitMonitor) throws {
        let objective = sides.objective
        let clock = ContinuousClock()
        let sweeps = settings.int("iterations")
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
        self = settings.string("solver") == "cg" ? .conjugateGradient(steps: settings.int("cg_steps")) : .cholesky
    }
}
