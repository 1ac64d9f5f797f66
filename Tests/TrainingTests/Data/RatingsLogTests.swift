import Foundation
import Testing

@testable import Training

struct RatingsLogTests {
    private static let day: Int64 = 86_400

    /// Ratings on days 100, 101 and 103; nothing on day 102. Not in the order of time.
    private static let text = """
        userId,movieId,rating,timestamp
        b,2,4.0,\(103 * day)
        a,1,3.5,\(100 * day + 5)
        a,2,4.0,\(101 * day - 1)
        b,1,1.0,\(101 * day)
        a,1,5.0,\(101 * day)
        """

    private func rows(_ log: RatingsLog) -> [String] {
        (0..<log.count).map { index in
            let row = log.row(at: index)
            return "\(log.users[row.user]) \(log.items[row.item]) \(row.stars) \(row.timestampSeconds - 100 * Self.day)"
        }
    }

    @Test func `rows are in the order of time, those of one second in the order of the source`() throws {
        let log = try RatingsFixture(["ratings.csv": Self.text]).log()
        #expect(rows(log) == ["a 1 3.5 5", "a 2 4.0 86399", "b 1 1.0 86400", "a 1 5.0 86400", "b 2 4.0 259200"])
    }

    @Test func `the high-water mark moves at the borders of days and inside them`() throws {
        let log = try RatingsFixture(["ratings.csv": Self.text]).log()
        let (start, day) = (100 * Self.day, Self.day)
        #expect([start - 1, start, start + 5, start + 6].map(log.rowCount(before:)) == [0, 0, 0, 1])
        #expect([start + day - 1, start + day, start + day + 1].map(log.rowCount(before:)) == [1, 2, 4])
        #expect([start + 2 * day, start + 3 * day, start + 3 * day + 1].map(log.rowCount(before:)) == [4, 4, 5])
        #expect([Int64.min / 2, 0, 1 << 40].map(log.rowCount(before:)) == [0, 0, 5])
        #expect(log.ratingsPerDay().map(\.count) == [2, 2, 0, 1])
        #expect(log.ratingsPerDay().first?.dayStartSeconds == start)
    }

    @Test func `each day is told with whom and what it has, whoever came before, and the mean of its stars`() throws {
        let days = RatingDays(of: try RatingsFixture(["ratings.csv": Self.text]).log())
        #expect(days.firstDaySeconds == 100 * Self.day)
        #expect(days.ratings == [2, 2, 0, 1])
        #expect([days.users, days.newUsers] == [[1, 2, 0, 1], [1, 1, 0, 0]])
        #expect([days.items, days.newItems] == [[2, 1, 0, 1], [2, 0, 0, 0]])
        #expect(days.ratingMeans.map { $0.isNaN ? -1 : $0 } == [3.75, 3, -1, 4])
    }

    @Test func `a log's files are told with their sizes, and one that is gone is missed`() throws {
        let fixture = try RatingsFixture(["ratings.csv": Self.text])
        let log = try fixture.log()
        let sizes = Dictionary(uniqueKeysWithValues: try log.files().map { ($0.name, $0.bytes) })
        #expect(sizes["timestamps.u32"] == 20)
        #expect(sizes["days.u64"] == 40)
        #expect(try FileManager.default.contentsOfDirectory(atPath: log.folder).count == sizes.count)
        try FileManager.default.removeItem(atPath: log.folder + "/items.u32")
        #expect(throws: DataError.missing(path: log.folder + "/items.u32")) { _ = try log.files() }
    }

    @Test func `a person's rows are theirs, in the order of time`() throws {
        let log = try RatingsFixture(["ratings.csv": Self.text]).log()
        #expect(log.users.all == ["a", "b"])
        #expect(Array(log.rowsOfUser(0)) == [0, 1, 3])
        #expect(Array(log.rowsOfUser(1)) == [2, 4])
    }

    @Test func `the log is stamped with the hash of the source`() throws {
        let (first, second) = (
            try RatingsFixture(["ratings.csv": "abc,1,3,4\n"]), try RatingsFixture(["ratings.csv": "abc,1,3,5\n"])
        )
        // sha256sum of the ten bytes.
        #expect(try first.log().contentHash == "f11c4abba673650ac4194f6d9f1d031a8350403d46cfcad51072c1a2b5e962cd")
        #expect(try first.log(into: "again").contentHash == first.log(into: "third").contentHash)
        #expect(try first.log(into: "fourth").contentHash != second.log().contentHash)
    }

    @Test func `the same source gives the same bytes on any number of workers`() throws {
        let text = (1...500).map { "\($0 % 37),\($0 % 91),3.5,\(($0 * 7919) % 200_000)\n" }.joined()
        let fixture = try RatingsFixture(["ratings.csv": text])
        let source = try DatasetSource(recognising: fixture.path)
        let workers: [(name: String, workers: any Workers)] = [
            ("one", BackwardWorkers(count: 1)), ("three", QueueWorkers(count: 3)),
        ]
        for (name, workers) in workers {
            try RatingsLog.build(
                from: source, into: fixture.folder.path(name), options: ReadOptions(), workers: workers)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path("one")).sorted()
        #expect(names.count >= 10)
        for name in names {
            #expect(
                FileManager.default.contents(atPath: fixture.folder.path("one/\(name)"))
                    == FileManager.default.contents(atPath: fixture.folder.path("three/\(name)")), "\(name)")
        }
    }

    @Test func `a log that was cut or tampered with is refused, whichever file it is`() throws {
        let fixture = try RatingsFixture(["ratings.csv": Self.text])
        _ = try fixture.log()
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path("log")) {
            let path = "log/\(name)"
            let whole = try #require(FileManager.default.contents(atPath: fixture.folder.path(path)))
            try fixture.write(path, Array(whole.dropLast(3)))
            #expect(
                message { _ = try RatingsLog(opening: fixture.folder.path("log")) } != "no error", "\(name) was cut")
            if !name.hasPrefix("stars"), !name.hasSuffix("txt") {
                try fixture.write(path, Array(repeating: 0xFF, count: whole.count))
                let text = message { _ = try RatingsLog(opening: fixture.folder.path("log")) }
                #expect(text.contains("is damaged") && text.contains("remove it"), "\(name) was overwritten: \(text)")
            }
            try fixture.write(path, Array(whole))
        }
        #expect(rows(try RatingsLog(opening: fixture.folder.path("log"))).count == 5)
    }

    @Test func `a log that cannot be written leaves nothing behind`() throws {
        let fixture = try RatingsFixture(["ratings.csv": Self.text])
        try fixture.write("file", [1])
        let text = message {
            try RatingsLog.build(
                from: DatasetSource(recognising: fixture.path), into: fixture.folder.path("file/log"),
                options: ReadOptions(),
                workers: BackwardWorkers(count: 1))
        }
        #expect(text.contains("cannot be written"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.path).sorted() == ["file", "ratings.csv"])
    }
}
