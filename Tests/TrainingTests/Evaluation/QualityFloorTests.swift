import Foundation
import Testing

@testable import Training

private let testData = ProcessInfo.processInfo.environment["MLSTACK_TEST_DATA"]

/// The quality that the algorithms must reach on real data; the folder `splits` of `MLSTACK_TEST_DATA` holds it.
@Suite(.enabled(if: testData != nil, "MLSTACK_TEST_DATA names no folder with the MovieLens splits"))
struct QualityFloorTests {
    private func read(_ name: String) throws -> InteractionMatrix {
        let path = try #require(testData) + "/splits/small_strong_f0_\(name).csv"
        let lines = try String(contentsOfFile: path, encoding: .utf8).utf8.split { $0 == 10 || $0 == 13 }.dropFirst()
        return matrix(
            lines.map { line in
                let fields = line.split(separator: UInt8(ascii: ","))
                return (String(Substring(fields[0])), String(Substring(fields[1])), nil, 0)
            })
    }

    private func evaluate(_ name: String, _ given: [String: HyperparameterValue] = [:]) throws -> [String: Double] {
        let model = try TrainerCatalogue.trainer(named: name, given)
            .fit(read("train"), workers: QueueWorkers(count: 2), monitor: FitMonitor())
        let cases = EvaluationCase.cases(
            test: try read("test_target"), history: try read("test_foldin"), positiveFrom: 4, foldIn: true)
        return try Evaluator.evaluate(
            model, cases: cases, metrics: [MetricName(.recall, at: 20), MetricName(.ndcg, at: 100)],
            workers: QueueWorkers(count: 2)
        ).valuesByKey
    }

    @Test func `als finds what strangers like, well above the popular list`() throws {
        let popular = try evaluate("popularity")
        let personal = try evaluate("als")
        #expect(abs(try #require(popular["recall_at_20"]) - 0.1754) < 0.0005)
        #expect(abs(try #require(popular["ndcg_at_100"]) - 0.2085) < 0.0005)
        #expect(try #require(personal["recall_at_20"]) > 0.33)
        #expect(try #require(personal["ndcg_at_100"]) > 0.335)
    }
}
