import Foundation
import Testing

@testable import Training

struct MetricNameTests {
    @Test(arguments: [
        "recall_at_20", "ndcg_at_100", "hit_rate_at_1", "coverage_at_10", "mrr", "novelty_at_10",
        "intra_list_similarity_at_5",
    ])
    func `a key is read and written alike`(key: String) throws {
        #expect(try MetricName(parsing: key).key == key)
    }

    @Test(arguments: [
        ("recall@20", "recall_at_20"), ("ndgc_at_10", "ndcg_at_10"), ("hitrate_at_5", "hit_rate_at_5"),
        ("ndcg", "ndcg_at_10"),
        ("recall_at_0", "recall_at_1"), ("mrr_at_10", "mrr"), ("recall_at_020", "recall_at_20"),
        ("novelty@10", "novelty_at_10"),
    ])
    func `an unknown metric is refused with the nearest key`(key: String, nearest: String) {
        #expect(throws: TrainingError.unknownMetric(key, nearest: nearest)) { try MetricName(parsing: key) }
    }

    @Test func `a word that is no metric finds none`() {
        #expect(throws: TrainingError.unknownMetric("loss", nearest: nil)) { try MetricName(parsing: "loss") }
    }
}

struct EvaluatorTests {
    static let items = IDTable(["1", "2", "3", "4", "5", "6"])
    static let metrics: [MetricName] = [
        MetricName(.recall, at: 2), MetricName(.recall, at: 3), MetricName(.ndcg, at: 3), MetricName(.hitRate, at: 1),
        MetricName(.mrr, at: 100), MetricName(.coverage, at: 2),
    ]

    /// User a is ranked 1 2 3 4 5 6, user b 6 5 4 3 2 1, the unknown 3 1 and then by item order.
    static let model = FixedRecommender(
        items: items, users: IDTable(["a", "b"]), known: [[6, 5, 4, 3, 2, 1], [1, 2, 3, 4, 5, 6]],
        unknown: [2, 0, 3, 0, 0, 0])

    private func evaluate(
        _ cases: [EvaluationCase], metrics: [MetricName] = metrics, workers: any Workers = InlineWorkers()
    ) throws -> EvaluationReport {
        try Evaluator.evaluate(Self.model, cases: cases, metrics: metrics, workers: workers)
    }

    private func subject(_ user: String, _ history: [String], _ targets: [String], foldIn: Bool = false)
        -> EvaluationCase
    {
        EvaluationCase(
            user: user, history: history.map { EvaluationCase.Interaction(item: $0, stars: 5) }, targets: targets,
            foldIn: foldIn)
    }

    @Test func `one list has the values that were worked out by hand`() throws {
        // History 1 is masked: the list is 2 3 4 5 6; the targets 3 and 6 stand at ranks 2 and 5.
        let report = try evaluate([subject("a", ["1"], ["3", "6"])])
        #expect(report.values[MetricName(.recall, at: 2)] == 0.5)
        #expect(report.values[MetricName(.recall, at: 3)] == 0.5)
        // 1/log2(3) over 1/log2(2) + 1/log2(3).
        let ndcg = try #require(report.values[MetricName(.ndcg, at: 3)])
        #expect(abs(ndcg - 0.38685280723454163) < 1e-12)
        #expect(report.values[MetricName(.hitRate, at: 1)] == 0)
        #expect(report.values[MetricName(.mrr, at: 100)] == 0.5)
        #expect(report.values[MetricName(.coverage, at: 2)] == 2.0 / 6)
        #expect(report.cases == 1)
        #expect(report.standardErrors.isEmpty)
    }

    @Test func `a perfect list is worth one at any length`() throws {
        let report = try evaluate(
            [subject("a", [], ["1", "2", "3", "4"])], metrics: [MetricName(.recall, at: 2), MetricName(.ndcg, at: 2)])
        #expect(Set(report.values.values) == [1])
    }

    @Test func `means, standard errors and coverage are taken over the cases`() throws {
        let report = try evaluate([
            subject("a", [], ["1"]), subject("b", [], ["5"]), subject("z", [], ["6"], foldIn: true),
        ])
        // First hits at ranks 1, 2 and 6: the unknown's list is 3 1 2 4 5 6.
        let mrr = MetricName(.mrr, at: 100)
        #expect(report.perCase[mrr] == [1, 0.5, 1.0 / 6])
        let mean = (1 + 0.5 + 1.0 / 6) / 3
        #expect(abs((report.values[mrr] ?? 0) - mean) < 1e-12)
        let variance = (pow(1 - mean, 2) + pow(0.5 - mean, 2) + pow(1.0 / 6 - mean, 2)) / 2
        #expect(abs((report.standardErrors[mrr] ?? 0) - (variance / 3).squareRoot()) < 1e-12)
        // Lists of two: 1 2, 6 5, 3 1.
        #expect(report.values[MetricName(.coverage, at: 2)] == 5.0 / 6)
        #expect(report.standardErrorsByKey["coverage_at_2"] == nil)
        #expect(report.valuesByKey.keys.sorted() == Self.metrics.map(\.key).sorted())
    }

    @Test func `a known user is folded in when the case says so, and an unknown one always`() throws {
        let first = [MetricName(.hitRate, at: 1)]
        #expect(try evaluate([subject("a", [], ["1"])], metrics: first).valuesByKey == ["hit_rate_at_1": 1])
        #expect(
            try evaluate([subject("a", [], ["1"], foldIn: true)], metrics: first).valuesByKey == ["hit_rate_at_1": 0])
        #expect(try evaluate([subject("q", [], ["3"])], metrics: first).valuesByKey == ["hit_rate_at_1": 1])
    }

    @Test func `targets outside the catalogue are left out and counted`() throws {
        let report = try evaluate([
            subject("a", [], ["77"]), subject("a", ["88"], ["1", "99"]), subject("b", [], ["6"]),
        ])
        #expect(report.counted == [1, 2])
        #expect(report.casesWithoutKnownTarget == 1)
        #expect(report.unknownTargets == 2)
        #expect(report.values[MetricName(.recall, at: 2)] == 1)
        #expect(throws: TrainingError.noCases) { try evaluate([subject("a", [], ["77"])]) }
        #expect(throws: TrainingError.noCases) { try evaluate([]) }
    }

    @Test func `models that are compared are ranked and judged within one catalogue`() throws {
        // Of 1 to 6 the catalogue holds all but 1, and 7 besides: a's list is 2 3 4 5 6, and 7 is missed by everybody.
        let catalogue = IDTable(["2", "3", "4", "5", "6", "7"])
        let metrics = [MetricName(.recall, at: 2), MetricName(.mrr, at: 100), MetricName(.coverage, at: 2)]
        let report = try Evaluator.evaluate(
            Self.model, cases: [subject("a", [], ["2", "7", "1"]), subject("b", [], ["7"]), subject("b", [], ["1"])],
            metrics: metrics, catalogue: catalogue, workers: InlineWorkers())
        #expect(report.counted == [0, 1])
        #expect(report.unknownTargets == 2)
        #expect(report.perCase[MetricName(.recall, at: 2)] == [0.5, 0])
        #expect(report.perCase[MetricName(.mrr, at: 100)] == [1, 0])
        // Lists of two: 2 3 and 6 5.
        #expect(report.values[MetricName(.coverage, at: 2)] == 4.0 / 6)
    }

    @Test func `cases that break the definitions are refused`() {
        #expect(throws: TrainingError.badCase(user: "a", problem: "it has no target")) {
            try evaluate([subject("a", ["1"], [])])
        }
        #expect(throws: TrainingError.badCase(user: "a", problem: "a target is named twice")) {
            try evaluate([subject("a", [], ["1", "1"])])
        }
        #expect(throws: TrainingError.badCase(user: "a", problem: "item 2 is a target and in the history")) {
            try evaluate([subject("a", ["2"], ["1", "2"])])
        }
    }

    @Test func `the report is the same on any number of workers`() throws {
        let cases = (0..<100).map { subject($0 % 3 == 0 ? "a" : "b", ["\($0 % 6 + 1)"], ["\(($0 + 2) % 6 + 1)"]) }
        let one = try evaluate(cases)
        #expect(try evaluate(cases, workers: BackwardWorkers(count: 3)) == one)
        #expect(try evaluate(cases, workers: QueueWorkers(count: 2)) == one)
    }

    @Test func `an evaluation stops when it is asked to`() {
        #expect(throws: CancellationError.self) {
            try Evaluator.evaluate(
                Self.model, cases: [subject("a", [], ["1"])], metrics: Self.metrics, workers: InlineWorkers(),
                isCancelled: { true })
        }
    }

    @Test func `cases are made of the test's positives that the history does not hold`() {
        let test = matrix([("1", "5", 5, 0), ("1", "6", 2, 0), ("1", "7", nil, 0), ("2", "5", 1, 0), ("3", "9", 4, 0)])
        let history = matrix([("1", "7", 3, 0), ("1", "8", nil, 0)])
        let cases = EvaluationCase.cases(test: test, history: history, positiveFrom: 4, foldIn: true)
        #expect(
            cases == [
                EvaluationCase(
                    user: "1",
                    history: [
                        EvaluationCase.Interaction(item: "7", stars: 3),
                        EvaluationCase.Interaction(item: "8", stars: nil),
                    ], targets: ["5"], foldIn: true),
                EvaluationCase(user: "3", history: [], targets: ["9"], foldIn: true),
            ])
    }
}
