/// All ratings of a source in columns, in the order of the file, ids replaced by their places in sorted tables.
struct RatingsColumns: Sendable {
    var users: IDTable
    var items: IDTable
    var userIndex: [UInt32] = []
    var itemIndex: [UInt32] = []
    var stars: [Float] = []
    var timestampSeconds: [UInt32] = []
    /// Of the first bad lines, with line numbers of the file.
    var problems: [LineProblem] = []
    var badLines = 0
    var count: Int { stars.count }

    /// How many bad lines are remembered with their text.
    private static let keptProblems = 100_000

    /// Reads a whole source. The result does not depend on the number of workers: stretches are fixed by the file.
    init(
        reading source: DatasetSource, bytesPerChunk: Int = RatingsReader.bytesPerChunk, workers: any Workers,
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws(DataError) {
        let reader = try RatingsReader(source, bytesPerChunk: bytesPerChunk)
        let chunks = SharedSlots<RatingsChunk>(count: reader.chunkCount)
        let done = SharedCounter()
        workers.run(chunks: reader.chunkCount) { _, chunk in
            chunks.put(reader.read(chunk: chunk), at: chunk)
            progress(Double(done.increment()) / Double(reader.chunkCount))
        }
        var (users, items) = (IDInterner(), IDInterner())
        var maps: [(users: [UInt32], items: [UInt32])] = []
        var line = reader.headerLines
        for index in 0..<reader.chunkCount {
            let chunk = chunks.get(index)
            maps.append((chunk.users.ids.map { users.number(of: $0) }, chunk.items.ids.map { items.number(of: $0) }))
            badLines += chunk.problems.count
            for var problem in chunk.problems.prefix(RatingsColumns.keptProblems - problems.count) {
                problem.line += line
                problems.append(problem)
            }
            line += chunk.lineCount
        }
        self.users = IDTable(users.ids)
        self.items = IDTable(items.ids)
        let userPlaces = RatingsColumns.places(of: users.ids, in: self.users)
        let itemPlaces = RatingsColumns.places(of: items.ids, in: self.items)
        let total = (0..<reader.chunkCount).reduce(0) { $0 + chunks.get($1).count }
        if total > Int(UInt32.max) { throw .tooMany(path: source.ratingsPath, what: "ratings") }
        userIndex.reserveCapacity(total)
        itemIndex.reserveCapacity(total)
        stars.reserveCapacity(total)
        timestampSeconds.reserveCapacity(total)
        for index in 0..<reader.chunkCount {
            let chunk = chunks.take(index)
            let map = maps[index]
            for number in chunk.userNumbers { userIndex.append(userPlaces[Int(map.users[Int(number)])]) }
            for number in chunk.itemNumbers { itemIndex.append(itemPlaces[Int(map.items[Int(number)])]) }
            stars.append(contentsOf: chunk.stars)
            timestampSeconds.append(contentsOf: chunk.timestampSeconds)
        }
    }

    private static func places(of ids: [String], in table: IDTable) -> [UInt32] {
        ids.map { id in
            guard let place = table.index(of: id) else { preconditionFailure("the id table lost \(id)") }
            return UInt32(place)
        }
    }

    /// Rows by time, those of the same second in the order of the file: a radix sort over the two halves of the time.
    /// - Source: Knuth, volume 3, section 5.2.5.
    func order() -> [UInt32] {
        var order = (0..<UInt32(count)).map { $0 }
        var sorted = order
        for shift in [UInt32(0), 16] {
            var starts = [Int](repeating: 0, count: 65_537)
            for time in timestampSeconds { starts[Int(time >> shift & 0xFFFF) + 1] += 1 }
            for bucket in 0..<65_536 { starts[bucket + 1] += starts[bucket] }
            for row in order {
                let bucket = Int(timestampSeconds[Int(row)] >> shift & 0xFFFF)
                sorted[starts[bucket]] = row
                starts[bucket] += 1
            }
            swap(&order, &sorted)
        }
        return order
    }
}
