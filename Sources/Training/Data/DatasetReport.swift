/// What reading a dataset through finds, without building anything.
package struct DatasetReport: Sendable {
    /// How many ratings gave so many stars.
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
        let times = columns.timestampSeconds.elements[..<columns.count]
        firstTimestampSeconds = times.min().map(Int64.init)
        lastTimestampSeconds = times.max().map(Int64.init)
        var counts: [Float: Int] = [:]
        // Neighbours often have the same stars: a run of them is one look-up.
        var (current, run) = (Float.nan, 0)
        for stars in columns.stars.elements[..<columns.count] {
            if stars == current {
                run += 1
                continue
            }
            if run > 0 { counts[current, default: 0] += run }
            (current, run) = (stars, stars.isNaN ? 0 : 1)
        }
        if run > 0 { counts[current, default: 0] += run }
        starCounts = counts.sorted { $0.key < $1.key }.map { StarCount(stars: $0.key, count: $0.value) }
        duplicates = Self.duplicates(in: columns, workers)
        badLines = columns.badLines
        problems = Array(columns.problems.prefix(maxProblems))
    }

    private static func duplicates(in columns: RatingsColumns, _ workers: any Workers) -> Int {
        let (offsets, rows) = columns.rowsByUser(workers: workers)
        let chunks = RowChunks(offsets: offsets, costPerRow: 16)
        let found = SharedBuffer<Int>(count: chunks.count)
        let met = SharedBuffer<UInt32>(count: workers.count * columns.items.count)
        workers.run(chunks: chunks.count) { worker, chunk in
            // The user who was last seen to have rated an item, from 1.
            let met = met.start + worker * columns.items.count
            for user in chunks[chunk] {
                for place in offsets[user]..<offsets[user + 1] {
                    let item = Int(columns.itemIndex[Int(rows[place])])
                    if met[item] == UInt32(user) + 1 { found[chunk] += 1 }
                    met[item] = UInt32(user) + 1
                }
            }
        }
        return found.elements[..<chunks.count].reduce(0, +)
    }
}
