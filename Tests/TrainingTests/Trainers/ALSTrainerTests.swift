import Foundation
import Synchronization
import Testing

@testable import Training

struct ALSTrainerTests {
    static let objectives: [[String: HyperparameterValue]] = [
        ["objective": .string("ials"), "unobserved_weight": .float(0.2), "regularization": .float(0.02)],
        ["objective": .string("ials"), "nu": .float(0.5), "regularization": .float(0.5), "half_life_days": .float(20)],
        ["objective": .string("implicit"), "alpha": .float(2), "regularization": .float(3)],
        ["objective": .string("implicit"), "alpha": .float(2), "half_life_days": .float(20)],
    ]
    static let solvers = ["cholesky", "cg"]

    private final class Losses: Sendable {
        let values = Mutex<[Double]>([])
    }

    private func fit(
        _ given: [String: HyperparameterValue], on matrix: InteractionMatrix = Checkerboard.matrix,
        losses: Losses = Losses()
    ) throws -> ALSModel {
        let settings: [String: HyperparameterValue] = ["factors": .int(5), "iterations": .int(8), "seed": .int(1)]
        let trainer = try TrainerCatalogue.trainer(named: "als", settings.merging(given) { _, new in new })
        let monitor = FitMonitor(report: { report in losses.values.withLock { $0.append(report.loss ?? .nan) } })
        return try #require(
            try trainer.fit(matrix, workers: BackwardWorkers(count: 2), monitor: monitor) as? ALSModel)
    }

    /// The objective as the definition has it: over all pairs, in double precision.
    private func objective(of model: ALSModel, on matrix: InteractionMatrix) throws -> Double {
        let settings = model.tables.settings
        let halfLife = settings.optionalFloat("half_life_days")
        let newest = Double(matrix.timestampSeconds.max() ?? 0)
        let (m, n) = (matrix.users.count, matrix.items.count)
        var strength: [[Double]] = Array(repeating: Array(repeating: -1, count: n), count: m)
        for user in 0..<m {
            for entry in matrix.rowOffsets[user]..<matrix.rowOffsets[user + 1] {
                let stars = matrix.values[entry]
                guard stars.isNaN || stars >= 4 else { continue }
                let age = (newest - Double(matrix.timestampSeconds[entry])) / 86_400
                strength[user][Int(matrix.columns[entry])] = halfLife.map { exp2(-age / $0) } ?? 1
                if settings.string("objective") == "implicit" {
                    strength[user][Int(matrix.columns[entry])] *=
                        settings.float("alpha") * (stars.isNaN ? 1 : Double(stars))
                }
            }
        }
        var loss = 0.0
        for user in 0..<m {
            for item in 0..<n {
                let product = dot(model.userFactors.row(user), model.itemFactors.row(item), 5)
                let s = strength[user][item]
                if settings.string("objective") == "implicit" {
                    loss += s < 0 ? product * product : (1 + s) * (product - 1) * (product - 1)
                } else {
                    loss += settings.float("unobserved_weight") * product * product
                    if s >= 0 { loss += s * (product - 1) * (product - 1) }
                }
            }
        }
        func ridge(_ strengths: [Double], others: Int) -> Double {
            let positives = strengths.filter { $0 >= 0 }
            if positives.isEmpty { return 0 }
            if settings.string("objective") == "implicit" { return settings.float("regularization") }
            let weight = positives.reduce(0, +) + settings.float("unobserved_weight") * Double(others)
            return settings.float("regularization") * pow(weight, settings.float("nu"))
        }
        for user in 0..<m {
            let row = model.userFactors.row(user)
            loss += ridge(strength[user], others: n) * dot(row, row, 5)
        }
        for item in 0..<n {
            let row = model.itemFactors.row(item)
            loss += ridge(strength.map { $0[item] }, others: m) * dot(row, row, 5)
        }
        return loss / Double(strength.joined().count { $0 >= 0 })
    }

    private func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Double {
        (0..<count).reduce(0) { $0 + Double(x[$1]) * Double(y[$1]) }
    }

    @Test(arguments: objectives, solvers)
    func `the reported loss is the objective, and no sweep raises it`(
        settings: [String: HyperparameterValue], solver: String
    ) throws {
        let losses = Losses()
        let model = try fit(settings.merging(["solver": .string(solver)]) { $1 }, losses: losses)
        let reported = losses.values.withLock { $0 }
        let last = try #require(reported.last)
        #expect(abs(last - (try objective(of: model, on: Checkerboard.matrix))) < 1e-4 * last)
        #expect(zip(reported, reported.dropFirst()).allSatisfy { $1 <= $0 * (1 + 1e-5) })
        #expect(last < reported[0] * 0.99)
    }

    @Test(arguments: [objectives[0], objectives[2]])
    func `somebody folded in by the history that training saw is served as the known user is`(
        settings: [String: HyperparameterValue]
    ) throws {
        let model = try fit(settings.merging(["solver": .string("cholesky")]) { $1 })
        let board = Checkerboard.matrix
        for user in 0..<board.users.count {
            let history = (board.rowOffsets[user]..<board.rowOffsets[user + 1]).map { entry in
                let stars = board.values[entry]
                return HistoryEntry(item: Int(board.columns[entry]), stars: stars.isNaN ? nil : stars)
            }
            let known = model.recommend(for: .user(user), excluding: [], count: 30)
            let folded = model.recommend(for: .history(history.shuffled()), excluding: [], count: 30)
            let byItem = Dictionary(uniqueKeysWithValues: folded.map { ($0.item, $0.score) })
            #expect(known.allSatisfy { abs($0.score - (byItem[$0.item] ?? .nan)) < 1e-4 })
        }
    }

    @Test func `conjugate gradient comes to where Cholesky stands`() throws {
        let many: [String: HyperparameterValue] = ["solver": .string("cg"), "cg_steps": .int(30)]
        let exact = try fit(["solver": .string("cholesky")]).itemFactors.packed
        let stepped = try fit(many).itemFactors.packed
        #expect(zip(exact, stepped).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test func `another seed starts elsewhere`() throws {
        #expect(try fit(["seed": .int(1)]).itemFactors.packed != fit(["seed": .int(2)]).itemFactors.packed)
    }

    @Test func `padding beyond the factors stays empty`() throws {
        let model = try fit([:])
        for item in 0..<model.items.count {
            #expect((5..<model.itemFactors.stride).allSatisfy { model.itemFactors.row(item)[$0] == 0 })
        }
    }

    @Test func `a user in whom training saw nothing positive gets the popular list`() throws {
        let rows: [(user: String, item: String, stars: Float?, time: Int64)] = [
            ("1", "10", 5, 1), ("1", "20", 5, 1), ("2", "20", 5, 1), ("3", "30", 1, 1), ("4", "20", nil, 1),
            ("4", "10", 4, 1),
            ("5", "30", 4, 1),
        ]
        let model = try fit([:], on: matrix(rows))
        let cold = try #require(model.users.index(of: "3"))
        let list = model.recommend(for: .user(cold), excluding: [], count: 3)
        #expect(list.map { model.items[$0.item] } == ["20", "10", "30"])
        #expect(list.map(\.score) == [3, 2, 1])
    }

    @Test func `with a half-life a person's later taste weighs more`() throws {
        let day: Int64 = 86_400
        var rows: [(user: String, item: String, stars: Float?, time: Int64)] = []
        for user in 0..<20 {
            for item in 0..<6 { rows.append(("\(user)", "\(item * 2 + user % 2)", 5, 400 * day)) }
        }
        // Long ago of one kind, lately of the other.
        for item in 0..<4 { rows.append(("99", "\(item * 2)", 5, 10 * day)) }
        for item in 0..<3 { rows.append(("99", "\(item * 2 + 1)", 5, 400 * day)) }
        func best(_ more: [String: HyperparameterValue]) throws -> Int {
            let model = try fit(more, on: matrix(rows))
            let user = try #require(model.users.index(of: "99"))
            let seen = try #require(model.trainingItems(of: user))
            let first = try #require(model.recommend(for: .user(user), excluding: seen, count: 1).first)
            return try #require(Int(model.items[first.item])) % 2
        }
        #expect(try best([:]) == 0)
        #expect(try best(["half_life_days": .int(60)]) == 1)
    }

    @Test func `equations without a single solution are an error, not a model`() throws {
        let none: [String: HyperparameterValue] = [
            "regularization": .int(0), "unobserved_weight": .int(0), "solver": .string("cholesky"), "factors": .int(32),
        ]
        #expect(throws: TrainingError.singularSystem(algorithm: "als", sweep: 1, regularization: 0)) { try fit(none) }
    }

    @Test func `a factor that is not finite is an error, not a model`() throws {
        let rows: [(user: String, item: String, stars: Float?, time: Int64)] = [
            ("1", "1", 5, 1), ("2", "1", .infinity, 1), ("2", "2", 4, 1),
        ]
        let wild: [String: HyperparameterValue] = [
            "objective": .string("implicit"), "regularization": .int(1), "solver": .string("cg"),
        ]
        #expect(throws: TrainingError.nonFiniteFactor(algorithm: "als", sweep: 1, regularization: 1)) {
            try fit(wild, on: matrix(rows))
        }
    }

    @Test func `the settings of a model tell what it was made with, the ridge of the objective included`() throws {
        #expect(try fit([:]).tables.settings.float("regularization") == 0.008)
        #expect(try fit(["objective": .string("implicit")]).tables.settings.float("regularization") == 10)
        #expect(try fit(["regularization": .int(0)]).tables.settings.float("regularization") == 0)
    }
}
