import Registry
import Testing

@testable import Stack

struct RunComparisonTests {
    private func run(_ text: String) throws -> Answers.TrackedRun {
        let info =
            #""info":{"run_id":"r","run_name":"n","experiment_id":"1","status":"FINISHED","lifecycle_stage":"active"}"#
        return try StackClient.decode("{\(info),\"data\":{\(text)}}")
    }

    @Test func `only what differs is shown, and the best of each metric is marked`() throws {
        let runs = [
            try run(
                #""params":[{"key":"a","value":"1"},{"key":"b","value":"2"}],"metrics":[{"key":"ndcg","value":0.5},{"key":"rmse","value":0.9},{"key":"same","value":1}]"#
            ),
            try run(
                #""params":[{"key":"a","value":"1"}],"metrics":[{"key":"ndcg","value":0.25},{"key":"rmse","value":0.8},{"key":"same","value":1},{"key":"drift/x","value":"NaN"}],"tags":[{"key":"t","value":"x"}]"#
            ),
        ]
        let rows = RunComparison(runs, isWhole: false, withTags: false).rows
        #expect(rows.map(\.key) == ["b", "drift/x", "ndcg", "rmse"])
        #expect(rows.map(\.values) == [["2", nil], [nil, "NaN"], ["0.5", "0.25"], ["0.9", "0.8"]])
        #expect(rows.map(\.best) == [[], [], [0], [1]])
        let whole = RunComparison(runs, isWhole: true, withTags: true).rows
        #expect(whole.map(\.key) == ["a", "b", "drift/x", "ndcg", "rmse", "same", "t"])
    }

    @Test(arguments: [
        ("ndcg_at_10", MetricDirection.moreIsBetter), ("als/loss", .lessIsBetter), ("val_rmse", .lessIsBetter),
        ("intra_list_similarity_at_10", .lessIsBetter), ("accuracy", .moreIsBetter), ("drift/item_psi", .neutral),
        ("cosine_similarity", .moreIsBetter), ("terror", .moreIsBetter),
    ])
    func `the direction of a metric is read from its name`(_ key: String, _ direction: MetricDirection) {
        #expect(MetricDirection(of: key) == direction)
    }
}
