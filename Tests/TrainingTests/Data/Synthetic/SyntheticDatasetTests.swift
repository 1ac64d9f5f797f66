import Foundation
import Testing

@testable import Training

struct SyntheticDatasetTests {
    private func written(ratings: Int, days: Int, seed: UInt64) throws -> RatingsFixture {
        let fixture = try RatingsFixture()
        try SyntheticDataset(ratings: ratings, days: days, seed: seed).write(to: fixture.path)
        return fixture
    }

    private func bytes(_ fixture: RatingsFixture, _ name: String) -> Data? {
        FileManager.default.contents(atPath: fixture.folder.path(name))
    }

    @Test func `a seed decides every byte`() throws {
        let (first, again, other) = (
            try written(ratings: 2000, days: 20, seed: 3), try written(ratings: 2000, days: 20, seed: 3),
            try written(ratings: 2000, days: 20, seed: 4)
        )
        for name in ["ratings.csv", "movies.csv"] {
            #expect(bytes(first, name) == bytes(again, name))
            #expect(bytes(first, name) != bytes(other, name))
        }
    }

    @Test(arguments: [(1, 1), (7, 30), (500, 3), (4000, 40)])
    func `there are as many ratings as asked for, on as many days, in half stars and in the order of time`(
        ratings: Int, days: Int
    ) throws {
        let log = try written(ratings: ratings, days: days, seed: 1).log()
        #expect(log.count == ratings)
        #expect(log.ratingsPerDay().count <= days)
        let rows = (0..<log.count).map(log.row(at:))
        #expect(rows.allSatisfy { ($0.stars * 2).rounded() == $0.stars * 2 && (0.5...5).contains($0.stars) })
        #expect(Set(rows.map { "\($0.user) \($0.item)" }).count == ratings)
    }

    @Test func `the committed demo is what its seed gives`() throws {
        let root = URL(filePath: #filePath).pathComponents.dropLast(5).joined(separator: "/").dropFirst()
        let made = try written(ratings: 60_000, days: 180, seed: 7)
        for name in ["ratings.csv", "movies.csv"] {
            #expect(
                FileManager.default.contents(atPath: "\(root)/datasets/demo/\(name)") == bytes(made, name), "\(name)")
        }
    }

    @Test func `a few films get most ratings, and films come out all the time`() throws {
        let fixture = try written(ratings: 20_000, days: 100, seed: 5)
        let log = try fixture.log()
        var counts = [Int](repeating: 0, count: log.items.count)
        var firstDay = [Int64](repeating: .max, count: log.items.count)
        for row in (0..<log.count).map(log.row(at:)) {
            counts[row.item] += 1
            firstDay[row.item] = min(firstDay[row.item], (row.timestampSeconds - log.firstTimestampSeconds) / 86_400)
        }
        let top = counts.sorted(by: >).prefix(counts.count / 10).reduce(0, +)
        // An even spread would give a tenth.
        #expect(Double(top) > 0.25 * Double(log.count))
        #expect(firstDay.count { $0 >= 50 } > firstDay.count / 20)
    }

    @Test func `people keep to their genres, and rate them higher`() throws {
        let fixture = try written(ratings: 20_000, days: 100, seed: 5)
        let (log, films) = (try fixture.log(), try ItemCatalogue(reading: DatasetSource(recognising: fixture.path)))
        var shares: [Double] = []
        for user in 0..<log.users.count where log.rowsOfUser(user).count >= 30 {
            let rows = log.rowsOfUser(user).map { log.row(at: Int($0)) }
            var counts: [String: Int] = [:]
            for row in rows { for genre in films[log.items[row.item]]?.genres ?? [] { counts[genre, default: 0] += 1 } }
            let liked = Set(counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(\.key))
            let inside = rows.filter { row in films[log.items[row.item]]?.genres.contains(where: liked.contains) == true
            }
            shares.append(Double(inside.count) / Double(rows.count))
        }
        #expect(shares.count > 50)
        // Three genres of nineteen, drawn by chance, would hold about a quarter of the films with two genres each.
        #expect(shares.reduce(0, +) / Double(shares.count) > 0.7)
    }

    @Test func `every film has a title of its own with a year, and a genre`() throws {
        let fixture = try written(ratings: 20_000, days: 100, seed: 5)
        let text = try String(contentsOfFile: fixture.folder.path("movies.csv"), encoding: .utf8)
        let films = try ItemCatalogue(reading: DatasetSource(recognising: fixture.path))
        let items = (1...films.count).compactMap { films["\($0)"] }
        #expect(items.count == text.split(separator: "\n").count - 1)
        #expect(Set(items.map(\.title)).count == items.count)
        #expect(items.allSatisfy { $0.year != nil && !$0.genres.isEmpty })
    }

    @Test func `sizes that cannot be are refused with the limits`() throws {
        #expect(message { _ = try SyntheticDataset(ratings: 0, days: 1, seed: 1) }.contains("1 to 25000000"))
        #expect(message { _ = try SyntheticDataset(ratings: 26_000_000, days: 1, seed: 1) }.contains("1 to 25000000"))
        #expect(message { _ = try SyntheticDataset(ratings: 5, days: 0, seed: 1) }.contains("1 to 36500"))
    }
}
