import Foundation
import Testing

@testable import Training

struct InteractionMatrixTests {
    private let workers = BackwardWorkers(count: 2)

    /// Users 1, 2 and 10; user 1 rates item 5 twice.
    private func arrived(_ rowCount: Int = 100, feedback: [Rating] = []) throws -> ArrivedRatings {
        let text = "10,5,3.0,100\n1,5,2.0,200\n1,9,4.5,300\n2,9,1.0,400\n1,5,5.0,500\n2,30,4.0,600\n"
        return ArrivedRatings(
            log: try RatingsFixture(["ratings.csv": text]).log(), rowCount: rowCount, feedback: feedback)
    }

    @Test func `a small matrix is what it is by hand, the latest rating of an item in it`() throws {
        let matrix = try arrived().matrix(options: MatrixOptions(), workers: workers).matrix
        #expect(matrix.users.all == ["1", "2", "10"])
        #expect(matrix.items.all == ["5", "9", "30"])
        #expect(matrix.rowOffsets == [0, 2, 4, 5])
        #expect(matrix.columns == [0, 1, 1, 2, 0])
        #expect(matrix.values == [5, 4.5, 1, 4, 3])
        #expect(matrix.timestampSeconds == [500, 300, 400, 600, 100])
    }

    @Test func `only what has arrived is in it`() throws {
        let matrix = try arrived(3).matrix(options: MatrixOptions(), workers: workers).matrix
        #expect(matrix.users.all == ["1", "10"])
        #expect(matrix.items.all == ["5", "9"])
        #expect(matrix.values == [2, 4.5, 3])
    }

    @Test func `feedback comes after the log, with people and items of its own`() throws {
        let feedback = [
            Rating(user: "new", item: "film", stars: nil, timestampSeconds: 700),
            Rating(user: "10", item: "5", stars: 0.5, timestampSeconds: 50),
        ]
        let arrived = try arrived(feedback: feedback)
        let matrix = try arrived.matrix(options: MatrixOptions(), workers: workers).matrix
        #expect(matrix.users.all == ["1", "2", "10", "new"])
        #expect(matrix.items.all == ["5", "9", "30", "film"])
        #expect(matrix.values[4] == 0.5)
        #expect(matrix.values[5].isNaN)
        #expect(arrived.history(of: "10").map(\.stars) == [0.5])
        #expect(arrived.history(of: "1").map(\.item) == ["9", "5"])
        #expect(arrived.history(of: "nobody").isEmpty)
    }

    @Test func `what was corrected counts as corrected, and what was taken back not at all`() throws {
        let feedback = [
            Rating(user: "1", item: "9", stars: 2, timestampSeconds: 700),
            Rating(user: "1", item: "5", stars: nil, timestampSeconds: 700, isRetracted: true),
            Rating(user: "10", item: "5", stars: nil, timestampSeconds: 700, isRetracted: true),
            Rating(user: "2", item: "9", stars: nil, timestampSeconds: 700, isRetracted: true),
            Rating(user: "2", item: "9", stars: 3, timestampSeconds: 800),
        ]
        let arrived = try arrived(feedback: feedback)
        let matrix = try arrived.matrix(options: MatrixOptions(), workers: workers).matrix
        #expect(matrix.users.all == ["1", "2"])
        #expect(matrix.items.all == ["9", "30"])
        #expect(matrix.values == [2, 3, 4])
        #expect(arrived.history(of: "1").map(\.item) == ["9"])
        #expect(arrived.history(of: "10").isEmpty)
    }

    @Test func `rare items and people are dropped until none is left that is too rare`() throws {
        // Without item 30, user 2 has one interaction left and goes; then item 9 has one and goes too.
        let options = MatrixOptions(minItemInteractions: 2, minUserInteractions: 2)
        #expect(message { _ = try arrived().matrix(options: options, workers: workers) }.contains("leave nothing"))
        let build = try arrived().matrix(options: MatrixOptions(minItemInteractions: 2), workers: workers)
        #expect(build.matrix.items.all == ["5", "9"])
        #expect((build.droppedItems, build.droppedUsers, build.droppedInteractions) == (1, 0, 1))
    }

    @Test func `filters leave items out one after the other, and each says what it took`() throws {
        let build = try arrived().matrix(
            options: MatrixOptions(),
            filters: [ItemFilter("deny") { $0 != "30" }, ItemFilter("allow") { ["9", "30"].contains($0) }],
            workers: workers)
        #expect(build.matrix.items.all == ["9"])
        #expect(
            build.filtered == [
                FilterCount(filter: "deny", items: 1, users: 0, interactions: 1),
                FilterCount(filter: "allow", items: 1, users: 1, interactions: 2),
            ])
        #expect(build.droppedInteractions == 0)
        let nothing = ItemFilter("deny") { _ in false }
        #expect(
            message { _ = try arrived().matrix(options: MatrixOptions(), filters: [nothing], workers: workers) }
                .contains("deny, the limits"))
    }

    @Test func `the hold-out is a person's latest positives, and the matrix has never seen them`() throws {
        var lines: [String] = []
        for user in 1...40 {
            for item in 1...10 { lines.append("\(user),\(item),\(item % 5 == 0 ? 1 : 4),\(item * 100 + user)") }
        }
        let log = try RatingsFixture(["ratings.csv": lines.joined(separator: "\n")]).log()
        let options = MatrixOptions(holdoutUserFraction: 0.5, holdoutShare: 0.25)
        let build = try ArrivedRatings(log: log, rowCount: log.count, feedback: []).matrix(
            options: options, workers: workers)
        #expect((10...30).contains(build.holdout.count))
        for held in build.holdout {
            // Of the positives 1, 2, 3, 4, 6, 7, 8, 9 a quarter: the last two.
            #expect(held.targets == ["8", "9"])
            #expect(held.history.map(\.item) == ["1", "2", "3", "4", "5", "6", "7", "10"])
            let row = try #require(build.matrix.users.index(of: held.user))
            let columns = build.matrix.columns[build.matrix.rowOffsets[row]..<build.matrix.rowOffsets[row + 1]]
            #expect(columns.map { build.matrix.items[Int($0)] }.sorted() == held.history.map(\.item).sorted())
        }
        #expect(build.matrix.interactionCount == 400 - 2 * build.holdout.count)
    }

    @Test func `the same people are held out from day to day`() throws {
        let options = MatrixOptions(holdoutUserFraction: 0.3)
        let held = (0..<1000).filter { options.isHeldOut("\($0)") }
        #expect((230...370).contains(held.count))
        var other = options
        other.seed = 8
        #expect(held != (0..<1000).filter { other.isHeldOut("\($0)") })
    }

    @Test func `a matrix comes back from its file as it was, and its hash tells others apart`() throws {
        let fixture = try RatingsFixture()
        let matrix = try arrived().matrix(options: MatrixOptions(), workers: workers).matrix
        try matrix.write(to: fixture.folder.path("m"))
        #expect(try InteractionMatrix(reading: fixture.folder.path("m")) == matrix)
        #expect(
            matrix.contentHash != (try arrived(3).matrix(options: MatrixOptions(), workers: workers).matrix.contentHash)
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.path) == ["m"])
    }

    @Test func `a matrix file with any byte changed or missing is refused`() throws {
        let fixture = try RatingsFixture()
        let path = fixture.folder.path("m")
        try arrived().matrix(options: MatrixOptions(), workers: workers).matrix.write(to: path)
        let whole = Array(try #require(FileManager.default.contents(atPath: path)))
        for place in stride(from: 0, to: whole.count, by: 5) {
            var changed = whole
            changed[place] ^= 1
            try fixture.write("m", changed)
            #expect(message { _ = try InteractionMatrix(reading: path) }.contains("is damaged"), "byte \(place)")
            try fixture.write("m", Array(whole.prefix(place)))
            #expect(message { _ = try InteractionMatrix(reading: path) }.contains("is damaged"), "cut at \(place)")
        }
    }

    @Test func `hold-out cases come back from their file`() throws {
        let fixture = try RatingsFixture()
        let path = fixture.folder.path("h")
        let cases = [
            HoldoutCase(
                user: "a \"quoted\" one", targets: ["1"],
                history: [Rating(user: "a \"quoted\" one", item: "2", stars: nil, timestampSeconds: 3)]),
            HoldoutCase(user: "b", targets: ["2", "3"], history: []),
        ]
        try HoldoutCase.write(cases, to: path)
        #expect(try HoldoutCase.read(from: path) == cases)
        try fixture.write("h", Array("{}\n".utf8))
        #expect(message { _ = try HoldoutCase.read(from: path) }.contains("line 1"))
    }

    @Test func `a ratings file is a matrix without a log`() throws {
        let fixture = try RatingsFixture(["ratings.csv": "1,5,2.0,200\n1,5,4.0,300\n2,9,3.0,100\n"])
        let matrix = try InteractionMatrix(readingRatings: fixture.path, options: ReadOptions(), workers: workers)
        #expect(matrix.values == [4, 3])
    }
}
