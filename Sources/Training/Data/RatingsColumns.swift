/// All ratings of a source in columns, in the order of the file, ids replaced by their places in sorted tables.
struct RatingsColumns: Sendable {
    private(set) var users: IDTable
    private(set) var items: IDTable
    let count: Int
    let userIndex: SharedBuffer<UInt32>
    let itemIndex: SharedBuffer<UInt32>
    /// 0.5 ... 5; NaN without a rating.
    let stars: SharedBuffer<Float>
    let timestampSeconds: SharedBuffer<UInt32>
    /// Of the first bad lines, with line numbers of the file.
    private(set) var problems: [LineProblem] = []
    private(set) var badLines = 0

    /// How many bad lines are remembered with their text.
    private static let keptProblems = 100_000

    /// Reads a whole source. The result does not depend on the number of workers: stretches are fixed by the file.
    ///
    /// Every stretch is parsed straight into its rows of the columns; what the file itself takes in memory is given back
    /// stretch by stretch.
    init(
        reading source: DatasetSource, bytesPerChunk: Int = RatingsReader.bytesPerChunk, workers: any Workers,
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws(DataError) {
        let reader = try RatingsReader(source, bytesPerChunk: bytesPerChunk)
        let lines = SharedBuffer<Int>(count: reader.chunkCount)
        workers.run(chunks: reader.chunkCount) { _, chunk in lines[chunk] = reader.lineCount(chunk: chunk) }
        var firstRows = [0]
        for chunk in 0..<reader.chunkCount { firstRows.append(firstRows[chunk] + lines[chunk]) }
        let room = firstRows[reader.chunkCount]
        if room > Int(UInt32.max) { throw .tooMany(path: source.ratingsPath, what: "ratings") }
        (userIndex, itemIndex) = (SharedBuffer(uninitialized: room), SharedBuffer(uninitialized: room))
        (stars, timestampSeconds) = (SharedBuffer(uninitialized: room), SharedBuffer(uninitialized: room))
        let raw = RawColumns(
            users: userIndex.start, items: itemIndex.start, stars: stars.start, times: timestampSeconds.start)
        let chunks = SharedSlots<RatingsChunk>(count: reader.chunkCount)
        let done = SharedCounter()
        workers.run(chunks: reader.chunkCount) { [firstRows] _, chunk in
            chunks.put(reader.read(chunk: chunk, into: raw.from(firstRows[chunk])), at: chunk)
            progress(Double(done.increment()) / Double(reader.chunkCount))
        }
        let parts = (0..<reader.chunkCount).map { chunks.take($0) }
        // Blank and bad lines leave gaps at the ends of stretches.
        var starts: [Int] = [0]
        for (chunk, part) in parts.enumerated() {
            let start = starts[chunk]
            if firstRows[chunk] != start {
                raw.move(firstRows[chunk]..<firstRows[chunk] + part.rows, to: start)
            }
            starts.append(start + part.rows)
        }
        count = starts[reader.chunkCount]
        users = IDNumbering.replace(userIndex, starts, names: parts.map(\.users.ids), workers)
        items = IDNumbering.replace(itemIndex, starts, names: parts.map(\.items.ids), workers)
        var line = reader.headerLines
        for part in parts {
            badLines += part.badLines
            for var problem in part.problems.prefix(Self.keptProblems - problems.count) {
                problem.line += line
                problems.append(problem)
            }
            line += part.lineCount
        }
    }

    /// Rows by time, those of the same second in the order of the file.
    func order(workers: any Workers) -> SharedBuffer<UInt32> {
        TimeOrder(timestampSeconds, count: count).rows(workers: workers)
    }

    /// A column in another order.
    func sorted<Value>(
        _ column: SharedBuffer<Value>, by order: SharedBuffer<UInt32>, workers: any Workers
    ) -> SharedBuffer<Value> {
        let sorted = SharedBuffer<Value>(uninitialized: count)
        let chunks = RowChunks(rows: count, rowsPerChunk: 1 << 20)
        workers.run(chunks: chunks.count) { _, chunk in
            for row in chunks[chunk] { sorted[row] = column[Int(order[row])] }
        }
        return sorted
    }

    /// Where the rows of each user begin, and the rows themselves, in the order of the file.
    func rowsByUser(workers: any Workers) -> (offsets: [Int], rows: SharedBuffer<UInt32>) {
        Grouping.rows(by: userIndex, count: count, groups: users.count, workers: workers)
    }
}

/// Turns `IDCode`s into places in the sorted table of all ids.
enum IDNumbering {
    /// - Parameters:
    ///   - starts: stretch `c` is the rows `starts[c] ..< starts[c + 1]`.
    ///   - names: by stretch, the ids that are no plain numbers.
    static func replace(
        _ codes: SharedBuffer<UInt32>, _ starts: [Int], names: [[String]], _ workers: any Workers
    ) -> IDTable {
        let words = Int(IDCode.limit) / 64
        let seen = SharedBuffer<UInt64>(count: workers.count * words)
        workers.run(chunks: starts.count - 1) { worker, chunk in
            let own = seen.start + worker * words
            for row in starts[chunk]..<starts[chunk + 1] {
                let code = codes[row]
                if IDCode.place(code) == nil { own[Int(code >> 6)] |= 1 << UInt64(code & 63) }
            }
        }
        var numbers: [UInt32] = []
        for word in 0..<words {
            var bits = (0..<workers.count).reduce(0) { $0 | seen[$1 * words + word] }
            while bits != 0 {
                numbers.append(UInt32(word * 64 + bits.trailingZeroBitCount))
                bits &= bits - 1
            }
        }
        let plain = numbers.map { String($0) }
        let isPlain = names.allSatisfy(\.isEmpty)
        // Plain numbers stand in order already.
        let table = isPlain ? IDTable(ascending: plain) : IDTable(plain + names.joined())
        var places = [UInt32](repeating: 0, count: Int(numbers.last ?? 0) + 1)
        for (place, number) in numbers.enumerated() {
            places[Int(number)] = isPlain ? UInt32(place) : Self.place(of: plain[place], in: table)
        }
        let named = names.map { $0.map { Self.place(of: $0, in: table) } }
        workers.run(chunks: starts.count - 1) { [places] _, chunk in
            for row in starts[chunk]..<starts[chunk + 1] {
                let code = codes[row]
                codes[row] = IDCode.place(code).map { named[chunk][$0] } ?? places[Int(code)]
            }
        }
        return table
    }

    private static func place(of id: String, in table: IDTable) -> UInt32 {
        guard let place = table.index(of: id) else { preconditionFailure("the id table lost \(id)") }
        return UInt32(place)
    }
}
