/// Interactions by user on their way into a matrix.
///
/// Flat: user `u` has the entries from `starts[u]` on, `lengths[u]` of them, by time, the latest of an item only.
struct InteractionTable {
    private let users: [String]
    private let items: [String]
    private let workers: any Workers
    private let starts: [Int]
    private let lengths: SharedBuffer<Int>
    private let itemOf: SharedBuffer<UInt32>
    /// NaN without a rating.
    private let stars: SharedBuffer<Float>
    private let seconds: SharedBuffer<Int64>

    /// Room for rows of the given lengths; `lengths` says how many entries each has so far.
    private init(users: [String], items: [String], rowCounts: [Int], workers: any Workers) {
        (self.users, self.items, self.workers) = (users, items, workers)
        var starts = [0]
        starts.reserveCapacity(rowCounts.count + 1)
        for count in rowCounts { starts.append(starts[starts.count - 1] + count) }
        self.starts = starts
        let total = starts[rowCounts.count]
        lengths = SharedBuffer(count: users.count)
        itemOf = SharedBuffer(uninitialized: total)
        stars = SharedBuffer(uninitialized: total)
        seconds = SharedBuffer(uninitialized: total)
    }

    private func put(_ item: Int, _ stars: Float, _ seconds: Int64, at place: Int) {
        itemOf[place] = UInt32(item)
        self.stars[place] = stars
        self.seconds[place] = seconds
    }

    init(_ arrived: ArrivedRatings, workers: any Workers) {
        let log = arrived.log
        let feedback = FeedbackRows(arrived.feedback, log)
        let users = log.users.all + feedback.newUsers
        let fromLog = SharedBuffer<Int>(count: users.count)
        let chunks = RowChunks(rows: log.users.count, rowsPerChunk: 512)
        workers.run(chunks: chunks.count) { _, chunk in
            for user in chunks[chunk] { fromLog[user] = arrived.rowsOfUser(user).count }
        }
        self.init(
            users: users, items: log.items.all + feedback.newItems,
            rowCounts: users.indices.map { fromLog[$0] + (feedback.byUser[$0]?.count ?? 0) }, workers: workers)
        let table = self
        compactEachUser { user in
            var place = table.starts[user]
            if user < log.users.count {
                for row in arrived.rowsOfUser(user) {
                    let rating = log.row(at: Int(row))
                    table.put(rating.item, rating.stars, rating.timestampSeconds, at: place)
                    place += 1
                }
            }
            for (item, rating) in feedback.byUser[user] ?? [] {
                table.put(item, rating.stars ?? .nan, rating.timestampSeconds, at: place)
                if rating.isRetracted { table.seconds[place] = Self.retracted }
                place += 1
            }
        }
    }

    /// From ratings of a file alone.
    init(_ columns: RatingsColumns, workers: any Workers) {
        let (offsets, rows) = columns.rowsByUser(workers: workers)
        self.init(
            users: columns.users.all, items: columns.items.all,
            rowCounts: zip(offsets, offsets.dropFirst()).map { $1 - $0 }, workers: workers)
        let table = self
        compactEachUser { user in
            let own = rows.start + offsets[user]
            let count = offsets[user + 1] - offsets[user]
            let isInOrder = (1..<max(1, count)).allSatisfy {
                columns.timestampSeconds[Int(own[$0 - 1])] <= columns.timestampSeconds[Int(own[$0])]
            }
            if !isInOrder {
                var ownRows = UnsafeMutableBufferPointer(start: own, count: count)
                ownRows.sort { left, right in
                    let (l, r) = (columns.timestampSeconds[Int(left)], columns.timestampSeconds[Int(right)])
                    return l == r ? left < right : l < r
                }
            }
            for place in 0..<count {
                let row = Int(own[place])
                table.put(
                    Int(columns.itemIndex[row]), columns.stars[row], Int64(columns.timestampSeconds[row]),
                    at: table.starts[user] + place)
            }
        }
    }

    /// The time of what was taken back: it hides earlier ratings and is none itself.
    private static let retracted = Int64.min

    /// Fills each user's stretch, and keeps of several entries of an item the last.
    private func compactEachUser(_ fill: @Sendable (_ user: Int) -> Void) {
        let chunks = RowChunks(offsets: starts, costPerRow: 16)
        let met = SharedBuffer<UInt32>(count: workers.count * items.count)
        let table = self
        workers.run(chunks: chunks.count) { worker, chunk in
            // The user who was last seen to have rated an item, from 1.
            let met = met.start + worker * table.items.count
            for user in chunks[chunk] {
                fill(user)
                let (start, end) = (table.starts[user], table.starts[user + 1])
                var isLatest = [Bool](repeating: true, count: end - start)
                for place in (start..<end).reversed() {
                    let item = Int(table.itemOf[place])
                    isLatest[place - start] = met[item] != UInt32(user) + 1 && table.seconds[place] != Self.retracted
                    met[item] = UInt32(user) + 1
                }
                table.lengths[user] = end - start
                table.keep(of: user) { isLatest[$0] }
            }
        }
    }

    /// Closes up over the entries of a user that are not kept.
    /// - Parameter isKept: asked with each place within the user's entries.
    private func keep(of user: Int, _ isKept: (_ place: Int) -> Bool) {
        let start = starts[user]
        var kept = 0
        for place in 0..<lengths[user] where isKept(place) {
            if kept != place {
                put(Int(itemOf[start + place]), stars[start + place], seconds[start + place], at: start + kept)
            }
            kept += 1
        }
        lengths[user] = kept
    }

    private func entries(of user: Int) -> Range<Int> { starts[user]..<starts[user] + lengths[user] }

    /// Everything, the users and items without an entry left out.
    func matrix() -> InteractionMatrix {
        let kept = users.indices.filter { lengths[$0] > 0 }
        let isUsed = usedItems()
        let (userTable, userOrder) = InteractionTable.table(of: users, kept)
        let (itemTable, itemOrder) = InteractionTable.table(of: items, items.indices.filter { isUsed[$0] })
        var columnOf = [Int32](repeating: -1, count: items.count)
        for (column, item) in itemOrder.enumerated() { columnOf[item] = Int32(column) }
        var offsets = [0]
        offsets.reserveCapacity(kept.count + 1)
        for user in userOrder { offsets.append(offsets[offsets.count - 1] + lengths[user]) }
        let total = offsets[kept.count]
        let result = MatrixRows(count: total)
        let chunks = RowChunks(offsets: offsets, costPerRow: 16)
        workers.run(chunks: chunks.count) { [columnOf, offsets] _, chunk in
            for row in chunks[chunk] {
                // The column above, the entry below: one comparison sorts.
                var keys = entries(of: userOrder[row]).map { UInt64(columnOf[Int(itemOf[$0])]) << 32 | UInt64($0) }
                if zip(keys, keys.dropFirst()).contains(where: { $0 > $1 }) { keys.sort() }
                for (place, key) in keys.enumerated() {
                    let entry = Int(key & 0xFFFF_FFFF)
                    result.put(Int32(key >> 32), stars[entry], seconds[entry], at: offsets[row] + place)
                }
            }
        }
        return result.matrix(users: userTable, items: itemTable, offsets: offsets)
    }

    private func usedItems() -> [Bool] {
        let used = SharedBuffer<Bool>(count: workers.count * items.count)
        let chunks = RowChunks(rows: users.count, rowsPerChunk: 4096, atMost: 64)
        workers.run(chunks: chunks.count) { worker, chunk in
            let own = used.start + worker * items.count
            for user in chunks[chunk] { for entry in entries(of: user) { own[Int(itemOf[entry])] = true } }
        }
        return items.indices.map { item in (0..<workers.count).contains { used[$0 * items.count + item] } }
    }

    /// The ids that are kept, in order, and where each stood.
    private static func table(of ids: [String], _ kept: [Int]) -> (table: IDTable, order: [Int]) {
        let isAscending = zip(kept, kept.dropFirst()).allSatisfy { IDTable.precedes(ids[$0], ids[$1]) }
        let order = isAscending ? kept : kept.sorted { IDTable.precedes(ids[$0], ids[$1]) }
        return (IDTable(ascending: order.map { ids[$0] }), order)
    }
}

/// Feedback by user, with numbers for the people and items that the log does not have.
private struct FeedbackRows: Sendable {
    private(set) var newUsers: [String] = []
    private(set) var newItems: [String] = []
    private(set) var byUser: [Int: [(item: Int, rating: Rating)]] = [:]

    init(_ feedback: [Rating], _ log: RatingsLog) {
        var userNumbers: [String: Int] = [:]
        var itemNumbers: [String: Int] = [:]
        for rating in feedback {
            let user = number(rating.user, log.users, &userNumbers, &newUsers)
            let item = number(rating.item, log.items, &itemNumbers, &newItems)
            byUser[user, default: []].append((item, rating))
        }
    }

    private func number(
        _ id: String, _ table: IDTable, _ numbers: inout [String: Int], _ added: inout [String]
    ) -> Int {
        if let known = table.index(of: id) ?? numbers[id] { return known }
        let number = table.count + added.count
        numbers[id] = number
        added.append(id)
        return number
    }
}

extension ArrivedRatings {
    /// The rows of a user of the log that have arrived, ascending. Valid as long as the log is held.
    fileprivate func rowsOfUser(_ user: Int) -> Slice<UnsafeBufferPointer<UInt32>> {
        let all = log.rowsOfUser(user)
        if let last = all.last, Int(last) < rowCount { return all }
        return all.prefix { Int($0) < rowCount }
    }
}
