import Foundation
import Serving
import Testing
import Training

@testable import Stack

struct PrequentialTestTests {
    /// Knows item 1 to 4 and user `a`, to whom it recommends 4 3 2 1; to everybody else 1 2 3 4.
    private let production = WrittenRecommender(
        items: IDTable(["1", "2", "3", "4"]), users: IDTable(["a"]), known: [1, 2, 3, 4], unknown: [4, 3, 2, 1])

    /// Item 9, which production does not know, is the most popular; then 1 (long ago), then 2 (lately).
    private func learned(time: (Int) -> Int64 = { 1_700_000_000 + Int64($0) * 86_400 }) -> InteractionMatrix {
        let rows: [(item: String, day: Int)] = [
            ("9", 0), ("9", 1), ("9", 2), ("9", 3), ("1", 0), ("1", 0), ("1", 1), ("2", 100), ("2", 100),
        ]
        return InteractionMatrix(
            users: IDTable(rows.indices.map { "u\($0)" }), items: IDTable(["1", "2", "9"]),
            rowOffsets: Array(0...rows.count),
            columns: rows.map { ["1": 0, "2": 1, "9": 2][$0.item] ?? 0 }, values: rows.map { _ in 5 },
            timestampSeconds: rows.map { time($0.day) })
    }

    private func test(
        _ cases: [EvaluationCase], learned matrix: InteractionMatrix? = nil
    ) throws -> PrequentialTest? {
        try PrequentialTest(
            production: production, cases: cases,
            baselines: [
                (.popularity, try TrainerCatalogue.trainer(named: "popularity")),
                (.decayedPopularity, try TrainerCatalogue.trainer(named: "popularity", ["half_life_days": .int(10)])),
            ], learnedFrom: matrix ?? learned(), workers: InlineWorkers(), isCancelled: { false })
    }

    private func subject(_ user: String, _ targets: [String], isNew: Bool = false) -> EvaluationCase {
        EvaluationCase(user: user, history: [], targets: targets, foldIn: isNew)
    }

    @Test func `known and new people are counted apart, and all lines stand on the same cases`() throws {
        let outcome = try #require(
            try test([subject("a", ["1"]), subject("x", ["2"], isNew: true), subject("y", ["9"], isNew: true)]))
        let values = outcome.values
        // The case of 9 is nobody's: production cannot name it, so popularity is not asked either.
        #expect([values["cases"], values["known_cases"], values["new_cases"]] == [2, 1, 1])
        let (second, fourth) = (1 / Foundation.log2(3.0), 1 / Foundation.log2(5.0))
        // Production has 1 at rank 4 for a, 2 at rank 2 for x.
        #expect(values["known_ndcg_at_10"] == fourth)
        #expect(values["new_ndcg_at_10"] == second)
        #expect(values["ndcg_at_10"] == (fourth + second) / 2)
        // Within production's catalogue popularity's list is 1 2, the decayed one's 2 1.
        #expect(values["popularity_known_ndcg_at_10"] == 1)
        #expect(values["popularity_new_ndcg_at_10"] == second)
        #expect(values["decayed_popularity_known_ndcg_at_10"] == second)
        #expect(values["decayed_popularity_new_ndcg_at_10"] == 1)
        #expect(outcome.notes.isEmpty)
    }

    @Test func `a target that popularity does not know is one that it misses`() throws {
        // 4 is in production's catalogue; nobody has rated it.
        let values = try #require(try test([subject("a", ["4", "1"])])).values
        #expect(values["recall_at_20"] == 1)
        #expect(values["popularity_recall_at_20"] == 0.5)
        #expect(values["popularity_new_ndcg_at_10"] == nil)
        #expect(try #require(try test([subject("a", ["4"])])).values["popularity_ndcg_at_10"] == 0)
    }

    @Test func `a baseline that cannot learn leaves production's result alone`() throws {
        let outcome = try #require(try test([subject("a", ["4"])], learned: learned { _ in 0 }))
        #expect(outcome.values["ndcg_at_10"] == 1)
        #expect(outcome.values["popularity_ndcg_at_10"] == 0)
        #expect(outcome.values["decayed_popularity_ndcg_at_10"] == nil)
        #expect(outcome.notes.count == 1)
        #expect(outcome.notes.first?.contains("half_life_days") == true)
    }

    @Test func `what nobody could have foreseen is no test`() throws {
        #expect(try test([subject("a", ["77"])]) == nil)
    }
}
