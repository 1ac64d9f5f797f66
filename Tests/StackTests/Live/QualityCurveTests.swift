import Serving
import Testing

@testable import Stack

struct QualityCurveTests {
    @Test func `a running mean takes the last values, and their spread over the root of their number`() {
        var mean = RunningMean(window: 3)
        #expect(mean.add(1) == .init(mean: 1, standardError: nil))
        // Variance ((1 - 2)² + (3 - 2)²) / 1 = 2, over 2 values: 1.
        #expect(mean.add(3) == .init(mean: 2, standardError: 1))
        #expect(mean.add(2) == .init(mean: 2, standardError: (1.0 / 3).squareRoot()))
        // The first has gone: 3, 2, 7.
        #expect(mean.add(7).mean == 4)
    }

    @Test func `a day without new people leaves their mean alone`() {
        let curve = QualityCurve([
            QualityPoint(date: "2024-01-01", values: ["ndcg_at_10": 0.2, "new_ndcg_at_10": 0.4]),
            QualityPoint(date: "2024-01-02", values: ["ndcg_at_10": 0.4]),
            QualityPoint(date: "2024-01-03", values: ["ndcg_at_10": 0.6, "new_ndcg_at_10": 0.6, "cases": 3]),
        ])
        #expect(curve.points.map { $0.running["new_ndcg_at_10"]?.mean } == [0.4, nil, 0.5])
        #expect(curve.points.last?.running["cases"] == nil)
    }

    @Test func `a day that is tested again replaces itself`() {
        let points = (1...4).map { QualityPoint(date: "2024-01-0\($0)", values: ["ndcg_at_10": Double($0)]) }
        let expected = QualityCurve(points)
        var curve = QualityCurve(Array(points.dropLast()))
        curve.put(points[1])
        curve.put(points[3])
        curve.put(points[3])
        #expect(curve.points == expected.points)
    }

    @Test func `production and everybody need no word in a key`() {
        #expect(
            QualityKey.all(of: "recall_at_20").map(\.text) == [
                "recall_at_20", "popularity_recall_at_20", "decayed_popularity_recall_at_20", "known_recall_at_20",
                "popularity_known_recall_at_20", "decayed_popularity_known_recall_at_20", "new_recall_at_20",
                "popularity_new_recall_at_20", "decayed_popularity_new_recall_at_20",
            ])
    }
}
