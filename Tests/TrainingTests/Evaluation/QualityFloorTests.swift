import Foundation
import Testing

@testable import Training

private let testData = ProcessInfo.processInfo.environment["MLSTACK_TEST_DATA"]

/// The quality that the algorithms must reach on real data; the folder `splits` of `MLSTACK_TEST_DATA` holds it.
///
/// One fold, and settings that are quick to train without optimisation; `Tests/Benchmarks/quality` measures all folds with the
/// references' settings.
@Suite(
    .enabled(
        if: testData.map { FileManager.default.fileExists(atPath: $0 + "/splits") } ?? false,
        "MLSTACK_TEST_DATA names no folder with the MovieLens splits"))
struct QualityFloorTests {
    /// What an algorithm must reach on the first fold.
    struct Floor: Sendable, CustomTestStringConvertible {
        var algorithm: String
        var settings: [String: HyperparameterValue] = [:]
        var recall: Double
        var ndcg: Double
        /// A closed form has one right answer, of which this is so far off at most; nil: more is welcome.
        var tolerance: Double?
        var testDescription: String { "\(algorithm) \(settings.keys.sorted())" }
    }

    static let floors = [
        Floor(algorithm: "popularity", recall: 0.1754, ndcg: 0.2085, tolerance: 0.0005),
        Floor(
            algorithm: "item-knn", settings: ["k": .int(50), "shrinkage": .int(10)], recall: 0.3150, ndcg: 0.3326,
            tolerance: 0.0005),
        Floor(algorithm: "ease", settings: ["lambda": .int(100)], recall: 0.3381, ndcg: 0.3581, tolerance: 0.0005),
        // The default.
        Floor(algorithm: "als", recall: 0.33, ndcg: 0.335),
        Floor(
            algorithm: "als",
            settings: [
                "objective": .string("implicit"), "factors": .int(32), "alpha": .int(5), "iterations": .int(15),
            ], recall: 0.325, ndcg: 0.34),
        Floor(algorithm: "bpr", settings: ["factors": .int(32)], recall: 0.215, ndcg: 0.235),
        Floor(
            algorithm: "recvae",
            settings: [
                "hidden": .int(64), "latent": .int(32), "epochs": .int(8), "batch_size": .int(32),
                "learning_rate": .float(0.003),
            ], recall: 0.25, ndcg: 0.27),
    ]

    private func read(_ path: String) throws -> InteractionMatrix {
        let text = try String(contentsOfFile: #require(testData) + "/" + path, encoding: .utf8)
        return matrix(
            text.utf8.split { $0 == 10 || $0 == 13 }.dropFirst().map { line in
                let fields = line.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
                return (fields[0], fields[1], fields.count > 2 ? Float(fields[2]) : nil, 0)
            })
    }

    private func fold(_ part: String) throws -> InteractionMatrix {
        try read("splits/small_strong_f0_\(part).csv")
    }

    @Test(arguments: floors) func `strangers are named what they like`(floor: Floor) throws {
        let workers = QueueWorkers(count: 2)
        let model = try TrainerCatalogue.trainer(named: floor.algorithm, floor.settings)
            .fit(fold("train"), workers: workers, monitor: FitMonitor())
        let cases = EvaluationCase.cases(
            test: try fold("test_target"), history: try fold("test_foldin"), positiveFrom: 4, foldIn: true)
        let values = try Evaluator.evaluate(
            model, cases: cases, metrics: [MetricName(.recall, at: 20), MetricName(.ndcg, at: 100)], workers: workers
        ).values
        for (metric, least) in [(MetricName(.recall, at: 20), floor.recall), (MetricName(.ndcg, at: 100), floor.ndcg)] {
            let value = try #require(values[metric])
            if let tolerance = floor.tolerance {
                #expect(abs(value - least) < tolerance, "\(metric.key)")
            } else {
                #expect(value > least, "\(metric.key)")
            }
        }
    }

    @Test func `stars are foreseen better than by the mean, or by who and what alone`() throws {
        let all = try read("ml-latest-small/ratings.csv")
        // Every fifth rating is a test.
        func part(_ belongs: (Int) -> Bool) -> InteractionMatrix {
            matrix(
                (0..<all.users.count).flatMap { row in
                    (all.rowOffsets[row]..<all.rowOffsets[row + 1]).filter(belongs).map { entry in
                        (all.users[row], all.items[Int(all.columns[entry])], all.values[entry], 0)
                    }
                })
        }
        let (train, test) = (part { $0 % 5 != 0 }, part { $0 % 5 == 0 })
        func error(_ settings: [String: HyperparameterValue]) throws -> Double {
            let model = try TrainerCatalogue.trainer(named: "als-explicit", settings)
                .fit(train, workers: QueueWorkers(count: 2), monitor: FitMonitor())
            let predictor = try #require(model as? any StarPredictor)
            return try #require(predictor.errors(on: test, history: nil)).rootMeanSquare
        }
        let factors = try error(["factors": .int(32), "iterations": .int(8)])
        let biases = try error(["factors": .int(1), "iterations": .int(1), "regularization": .float(1e6)])
        #expect(factors < 0.88)
        #expect(biases < 0.9 && factors < biases)
    }

    @Test func `every algorithm has its floor`() {
        let covered = Set(Self.floors.map(\.algorithm) + ["als-explicit"])
        #expect(covered == Set(TrainerCatalogue.all.map { $0.name }))
    }
}
