import Foundation
import Testing

@testable import Training

struct DiversityTests {
    /// Item 0 was had by all four users, item 1 by the first two, item 2 by the third, item 3 by nobody.
    private let audiences = ItemAudiences(rows: [[0, 1], [0, 1], [0, 2], [0]], itemCount: 4)

    @Test func `an item is as surprising as few have it`() {
        #expect((0..<4).map { audiences.selfInformation(Int32($0)) } == [0, 1, 2, 2])
        #expect(audiences.novelty(of: [0, 1, 2]) == 1)
        #expect(audiences.novelty(of: []) == 0)
    }

    @Test func `items are alike by the users that they share`() {
        #expect(abs(audiences.likeness(0, 1) - 2 / 8.0.squareRoot()) < 1e-12)
        #expect(audiences.likeness(0, 2) == 0.5)
        #expect(audiences.likeness(1, 2) == 0)
        #expect(audiences.likeness(1, 1) == 1)
        #expect(audiences.likeness(0, 3) == 0)
    }

    @Test func `a list is as uniform as its pairs are alike on average`() {
        let expected = (2 / 8.0.squareRoot() + 0.5 + 0) / 3
        #expect(abs(audiences.intraListSimilarity(of: [0, 1, 2]) - expected) < 1e-12)
        #expect(audiences.intraListSimilarity(of: [2]) == 0)
    }

    @Test func `both are measured beside the hits, in the order of the list`() throws {
        // User a's list is 1 2 3, b's 3 2 1.
        let model = FixedRecommender(
            items: IDTable(["1", "2", "3"]), users: IDTable(["a", "b", "c", "d"]),
            known: [[3, 2, 1], [1, 2, 3], [0, 0, 0], [0, 0, 0]], unknown: [0, 0, 0],
            seen: [[0, 1], [0, 1], [0, 2], [0]])
        let cases = ["a", "b"].map { EvaluationCase(user: $0, history: [], targets: ["1"]) }
        let (novelty, similarity) = (MetricName(.novelty, at: 2), MetricName(.intraListSimilarity, at: 2))
        let report = try Evaluator.evaluate(
            model, cases: cases, metrics: [novelty, similarity, MetricName(.recall, at: 1)],
            workers: BackwardWorkers(count: 2))
        #expect(report.perCase[novelty] == [0.5, 1.5])
        #expect(report.perCase[similarity] == [2 / 8.0.squareRoot(), 0])
        #expect(report.valuesByKey["recall_at_1"] == 0.5)
    }

    @Test func `a model that carries no interactions is refused, unless nothing of the kind is asked`() throws {
        let cases = [EvaluationCase(user: "a", history: [], targets: ["1"])]
        #expect(throws: TrainingError.audiencesUnknown(algorithm: "fixed")) {
            try Evaluator.evaluate(
                EvaluatorTests.model, cases: cases, metrics: [MetricName(.novelty, at: 2)], workers: InlineWorkers())
        }
        #expect(
            try Evaluator.evaluate(
                EvaluatorTests.model, cases: cases, metrics: [MetricName(.coverage, at: 2)], workers: InlineWorkers()
            ).cases == 1)
    }
}
