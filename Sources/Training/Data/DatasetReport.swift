/// What reading a dataset through finds, without building anything.
package struct DatasetReport: Sendable {
    package struct StarCount: Sendable, Equatable {
        package var stars: Float
        package var count: Int
    }

    package let ratings: Int
    package let users: Int
    package let items: Int
    package let firstTimestampSeconds: Int64?
    package let lastTimestampSeconds: Int64?
    /// Ascending.
    package let starCounts: [StarCount]
    /// Ratings of an item by somebody who had rated it before in the file.
    package let duplicates: Int
    package let badLines: Int
    /// The first of them.
    package let problems: [LineProblem]

    /// Share of the user-item pairs that have a rating.
    package var density: Double {
        users == 0 || items == 0 ? 0 : Double(ratings - duplicates) / (Double(users) * Double(items))
    }

    /// Blocks.
    /// - Throws: `DataError`, but never for a bad line.
    package init(validating source: DatasetSource, maxProblems: Int, workers: any Workers) throws(DataError) {
        let columns = try RatingsColumns(reading: source, workers: workers, progress: { _ in })
        ratings = columns.count
        users = columns.users.count
        items = columns.items.count
        firstTimestampSeconds = columns.timestampSeconds.min().map(Int64.init)
        lastTimestampSeconds = columns.timestampSeconds.max().map(Int64.init)
        var counts: [Float: Int] = [:]
        for stars in columns.stars where !stars.isNaN { counts[stars, default: 0] += 1 }
        starCounts = counts.sorted { $0.key < $1.key }.map { StarCount(stars: $0.key, count: $0.value) }
        var pairs = zip(columns.userIndex, columns.itemIndex).map { UInt64($0) << 32 | UInt64($1) }
        pairs.sort()
        duplicates = zip(pairs, pairs.dropFirst()).count { $0 == $1 }
        badLines = columns.badLines
        problems = Array(columns.problems.prefix(maxProblems))
    }
}
