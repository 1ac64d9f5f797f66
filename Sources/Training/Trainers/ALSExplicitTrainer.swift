import CKernels
import Foundation

/// Alternating least squares for explicit ratings: predicts how many stars somebody would give.
///
/// **Idea.** A rating is the mean of all, plus how generous the user is, plus how good the item is, plus how well the two
/// go together; the last as the product of two vectors.
///
/// **Objective.** First the biases: min of the sum over ratings of (r - mean - b_u - b_i)^2 + bias_regularization *
/// (sum of b_u^2 + sum of b_i^2), by alternating means. Then the vectors, on what the biases leave: min of the sum over
/// ratings of (r' - x_u . y_i)^2 + regularization * (sum of n_u |x_u|^2 + sum of n_i |y_i|^2), n being the number of
/// ratings of a row (ALS-WR), each row solved exactly.
///
/// **Settings.** `factors`, `iterations`, `regularization`, `bias_regularization`, `seed`. `positive_from` decides only what
/// counts as liked in the popular list and in evaluation; interactions without a rating are not learned from.
///
/// **Use.** For the number of stars. For lists, `als` and `ease` are better: the films that would get most stars are not
/// those that somebody would choose.
///
/// **Cost.** A sweep takes about ratings * factors^2 + rows * factors^3 / 6 steps. **Warm start**: known rows go on from
/// where they stood, with a part of the sweeps unless `warm_iterations` says otherwise. A history is folded in by one
/// solve.
///
/// **Source.** Zhou, Wilkinson, Schreiber, Pan (2008), "Large-Scale Parallel Collaborative Filtering for the Netflix
/// Prize"; biases as in Koren, Bell, Volinsky (2009), "Matrix Factorization Techniques for Recommender Systems".
package struct ALSExplicitTrainer: Trainer {
    package static let name = "als-explicit"
    package static let summary = "Biases and matrix factorisation for ratings: predicts stars"
    package static let hyperparameters = [
        HyperparameterSpec("factors", .int(1...1024), default: .int(64), help: "the length of each vector"),
        HyperparameterSpec(
            "iterations", .int(1...1000), default: .int(15), help: "sweeps over all items and all users"),
        HyperparameterSpec(
            "regularization", .float(0...1e6), default: .float(0.14), help: "ridge of a vector for each of its ratings"),
        HyperparameterSpec(
            "bias_regularization", .float(0...1e6), default: .float(5), help: "ridge of a bias: ratings' worth of doubt"
        ),
        HyperparameterSpec("seed", .int(0...Int.max), default: .int(0), help: "where the factors start"),
        WarmStart.iterations(atMost: 1000),
        PositiveInteractions.threshold,
    ]

    package let settings: Hyperparameters

    package init(_ values: Hyperparameters) throws(TrainingError) { settings = values }

    package func obstacle(toContinuing former: any Recommender) -> String? {
        obstacle(toContinuing: former, as: ALSExplicitModel.self) { $0.itemFactors.factors }
    }

    package func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        let former = try starting(from: former, as: ALSExplicitModel.self)
        let ratings = try StarRows(of: matrix, positiveFrom: settings.float("positive_from"))
        let biases = Biases(of: ratings.rows, items: matrix.items.count, ridge: settings.float("bias_regularization"))
        let residuals = biases.residuals(of: ratings.rows)
        let factors = settings.int("factors")
        let users = FactorMatrix(rows: matrix.users.count, factors: factors)
        let items = FactorMatrix(rows: matrix.items.count, factors: factors)
        users.randomize(seed: UInt64(settings.int("seed")), standardDeviation: 0.1)
        if let former {
            users.copyRows(of: former.userFactors, named: former.users, to: matrix.users)
            items.copyRows(of: former.itemFactors, named: former.items, to: matrix.items)
        }
        try sweep(residuals, users: users, items: items, count: sweeps(isWarm: former != nil), workers, monitor)
        return ALSExplicitModel(
            tables: ModelTables(of: matrix, popularity: ratings.popularity, settings: settings), biases: biases,
            userFactors: users, itemFactors: items)
    }

    private func sweep(
        _ byUser: WeightedRows, users: FactorMatrix, items: FactorMatrix, count: Int, _ workers: any Workers,
        _ monitor: FitMonitor
    ) throws {
        let byItem = byUser.transposed(columnCount: items.rows)
        let clock = ContinuousClock()
        for sweep in 1...count {
            if monitor.isCancelled() { throw CancellationError() }
            let started = clock.now
            var loss: Double?
            for (fixed, solved, rows) in [(users, items, byItem), (items, users, byUser)] {
                let step = RidgeHalfSweep(
                    solver: RidgeRowSolver(factors: fixed, ridge: Float(settings.float("regularization"))),
                    targets: rows, solved: solved)
                guard let squares = step.run(workers: workers) else {
                    throw TrainingError.singularSystem(
                        algorithm: Self.name, sweep: sweep, regularization: settings.float("regularization"))
                }
                guard squares.isFinite else {
                    throw TrainingError.nonFiniteFactor(
                        algorithm: Self.name, sweep: sweep, regularization: settings.float("regularization"))
                }
                loss = squares / Double(max(1, byUser.columns.count))
            }
            monitor.report(
                SweepReport(sweep: sweep, sweeps: count, loss: loss, seconds: (clock.now - started) / .seconds(1)))
        }
    }

    package static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender {
        try ALSExplicitModel(restoring: content)
    }
}

/// What has a rating, by user; `strengths` are stars.
struct StarRows {
    let rows: WeightedRows
    /// How many liked each item.
    let popularity: [Float]

    /// - Throws: `TrainingError.starsMissing` when nothing has a rating.
    init(of matrix: InteractionMatrix, positiveFrom: Double) throws(TrainingError) {
        var rows = WeightedRows(offsets: [0], columns: [], strengths: [])
        var popularity = [Float](repeating: 0, count: matrix.items.count)
        for user in 0..<matrix.users.count {
            for entry in matrix.rowOffsets[user]..<matrix.rowOffsets[user + 1] {
                let stars = matrix.values[entry]
                if stars.isNaN || stars >= Float(positiveFrom) { popularity[Int(matrix.columns[entry])] += 1 }
                if stars.isNaN { continue }
                rows.columns.append(matrix.columns[entry])
                rows.strengths?.append(stars)
            }
            rows.offsets.append(rows.columns.count)
        }
        if rows.columns.isEmpty {
            throw .starsMissing(algorithm: ALSExplicitTrainer.name, interactions: matrix.interactionCount)
        }
        (self.rows, self.popularity) = (rows, popularity)
    }
}

/// How far users and items lie from the mean of all ratings.
struct Biases: Sendable {
    let mean: Float
    let users: [Float]
    let items: [Float]
    let ridge: Double

    private static let rounds = 15

    init(mean: Float, users: [Float], items: [Float], ridge: Double) {
        (self.mean, self.users, self.items, self.ridge) = (mean, users, items, ridge)
    }

    /// - Parameter byUser: `strengths` are stars.
    init(of byUser: WeightedRows, items itemCount: Int, ridge: Double) {
        let byItem = byUser.transposed(columnCount: itemCount)
        let stars = byUser.strengths ?? []
        let mean = stars.reduce(0) { $0 + Double($1) } / Double(max(1, stars.count))
        var users = [Double](repeating: 0, count: byUser.rowCount)
        var items = [Double](repeating: 0, count: itemCount)
        func solve(_ rows: WeightedRows, _ others: [Double], into own: inout [Double]) {
            for row in own.indices {
                let sum = rows.entries(of: row).reduce(0.0) { sum, entry in
                    sum + Double(rows.strengths?[entry] ?? 0) - mean - others[Int(rows.columns[entry])]
                }
                let count = Double(rows.count(of: row))
                own[row] = count == 0 ? 0 : sum / (count + ridge)
            }
        }
        for _ in 0..<Self.rounds {
            solve(byItem, users, into: &items)
            solve(byUser, items, into: &users)
        }
        self.init(mean: Float(mean), users: users.map { Float($0) }, items: items.map { Float($0) }, ridge: ridge)
    }

    /// What the biases leave of the stars.
    func residuals(of byUser: WeightedRows) -> WeightedRows {
        var rows = byUser
        for user in 0..<rows.rowCount {
            for entry in rows.entries(of: user) {
                rows.strengths?[entry] -= mean + users[user] + items[Int(rows.columns[entry])]
            }
        }
        return rows
    }
}
