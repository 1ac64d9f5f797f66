import Foundation
import Testing

@testable import Training

/// A matrix that grew day by day must be the one that is made at once.
struct GrowingMatrixTests {
    private let workers = QueueWorkers(count: 2)

    private func log(_ rows: Int, seed: UInt64) throws -> RatingsLog {
        var random = SplitMix64(seed: seed, stream: 0)
        var lines: [String] = []
        for row in 0..<rows {
            let (user, item) = (random.next(upperBound: UInt64(30)), random.next(upperBound: UInt64(20)))
            lines.append("\(user),\(item),\(1 + random.next(upperBound: UInt64(5))),\(1000 + row / 3)")
        }
        return try RatingsFixture(["ratings.csv": lines.joined(separator: "\n")]).log()
    }

    @Test(arguments: [UInt64(1), 2, 3]) func `a day that is merged in gives what making everything anew gives`(
        seed: UInt64
    ) throws {
        let log = try log(400, seed: seed)
        let growing = GrowingMatrix()
        var feedback: [Rating] = []
        var random = SplitMix64(seed: seed, stream: 1)
        for rows in [1, 3, 3, 50, 51, 200, 398, 400] {
            for _ in 0..<3 {
                feedback.append(
                    Rating(
                        user: random.next(upperBound: UInt64(3)) == 0
                            ? "new-\(rows)" : "\(random.next(upperBound: UInt64(40)))",
                        item: "\(random.next(upperBound: UInt64(25)))",
                        stars: random.next(upperBound: UInt64(4)) == 0 ? nil : 3.5,
                        timestampSeconds: Int64(2000 + rows),
                        isRetracted: random.next(upperBound: UInt64(3)) == 0))
            }
            let arrived = ArrivedRatings(log: log, rowCount: rows, feedback: feedback)
            let anew = InteractionTable(arrived, workers: workers).matrix()
            let grown = growing.matrix(of: arrived, workers: workers)
            #expect(grown.users == anew.users && grown.items == anew.items)
            #expect(grown.rowOffsets == anew.rowOffsets && grown.columns == anew.columns)
            #expect(grown.timestampSeconds == anew.timestampSeconds)
            #expect(grown.contentHash == anew.contentHash)
        }
    }

    @Test func `a look at an earlier day leaves what has grown since`() throws {
        let log = try log(300, seed: 9)
        let growing = GrowingMatrix()
        let (early, late) = (
            ArrivedRatings(log: log, rowCount: 100, feedback: []), ArrivedRatings(log: log, rowCount: 300, feedback: [])
        )
        let whole = growing.matrix(of: late, workers: workers)
        #expect(growing.matrix(of: early, workers: workers).interactionCount < whole.interactionCount)
        #expect(growing.matrix(of: late, workers: workers) == whole)
        growing.clear()
        #expect(growing.matrix(of: early, workers: workers) == InteractionTable(early, workers: workers).matrix())
    }
}
