extension ArrivedRatings {
    /// The matrix of everything that has arrived, less the hold-out.
    ///
    /// The latest rating of an item by a user wins, unless it was taken back. Blocks.
    /// - Throws: `DataError.nothingLeft`.
    package func matrix(options: MatrixOptions, workers: any Workers) throws(DataError) -> MatrixBuild {
        var table = InteractionTable(self)
        let holdout = table.withhold(options)
        let dropped = table.drop(
            itemsBelow: options.minItemInteractions, usersBelow: options.minUserInteractions)
        guard let matrix = table.matrix() else {
            throw .nothingLeft(
                reason:
                    "the limits (items \(options.minItemInteractions), users \(options.minUserInteractions)) leave nothing"
            )
        }
        // What was dropped is not known of the user either.
        let cases = holdout.map { held in
            HoldoutCase(
                user: held.user, targets: held.targets,
                history: held.history.filter { matrix.items.index(of: $0.item) != nil })
        }
        return MatrixBuild(
            matrix: matrix, holdout: cases.filter { !$0.history.isEmpty }, droppedItems: dropped.items,
            droppedUsers: dropped.users, droppedInteractions: dropped.interactions)
    }
}

/// Interactions by user, while it is decided which stay.
struct InteractionTable {
    struct Entry {
        var item: Int
        var stars: Float
        var timestampSeconds: Int64
        var isRetracted = false
    }

    private let users: [String]
    private let items: [String]
    /// By user; by time, the latest of an item only.
    private var rows: [[Entry]]

    init(_ arrived: ArrivedRatings) {
        let log = arrived.log
        var users = log.users.all
        var items = log.items.all
        var userNumbers: [String: Int] = [:]
        var itemNumbers: [String: Int] = [:]
        var rows: [[Entry]] = (0..<users.count).map { user in
            var row: [Entry] = []
            for number in log.rowsOfUser(user) {
                if Int(number) >= arrived.rowCount { break }
                let rating = log.row(at: Int(number))
                row.append(Entry(item: rating.item, stars: rating.stars, timestampSeconds: rating.timestampSeconds))
            }
            return row
        }
        for rating in arrived.feedback {
            let user =
                log.users.index(of: rating.user) ?? userNumbers[rating.user]
                ?? {
                    userNumbers[rating.user] = users.count
                    users.append(rating.user)
                    rows.append([])
                    return users.count - 1
                }()
            let item =
                log.items.index(of: rating.item) ?? itemNumbers[rating.item]
                ?? {
                    itemNumbers[rating.item] = items.count
                    items.append(rating.item)
                    return items.count - 1
                }()
            rows[user].append(
                Entry(
                    item: item, stars: rating.stars ?? .nan, timestampSeconds: rating.timestampSeconds,
                    isRetracted: rating.isRetracted))
        }
        (self.users, self.items) = (users, items)
        self.rows = rows.map(InteractionTable.latest)
    }

    /// From ratings of a file alone.
    init(_ columns: RatingsColumns) {
        users = columns.users.all
        items = columns.items.all
        var rows = [[Entry]](repeating: [], count: users.count)
        for row in columns.order() {
            let row = Int(row)
            rows[Int(columns.userIndex[row])].append(
                Entry(
                    item: Int(columns.itemIndex[row]), stars: columns.stars[row],
                    timestampSeconds: Int64(columns.timestampSeconds[row])))
        }
        self.rows = rows.map(InteractionTable.latest)
    }

    private static func latest(_ row: [Entry]) -> [Entry] {
        var seen: Set<Int> = []
        return row.reversed().filter { seen.insert($0.item).inserted && !$0.isRetracted }.reversed()
    }

    /// Takes the latest positives of some users out of the table.
    mutating func withhold(_ options: MatrixOptions) -> [HoldoutCase] {
        var cases: [HoldoutCase] = []
        for user in users.indices where options.isHeldOut(users[user]) {
            let positives = rows[user].indices.filter {
                rows[user][$0].stars.isNaN || rows[user][$0].stars >= MatrixOptions.positiveStars
            }
            if positives.count < MatrixOptions.fewestPositives { continue }
            let kept = max(1, Int((Double(positives.count) * options.holdoutShare).rounded(.down)))
            let withheld = Set(positives.suffix(kept))
            let targets = withheld.sorted().map { items[rows[user][$0].item] }
            rows[user] = rows[user].indices.filter { !withheld.contains($0) }.map { rows[user][$0] }
            let history = rows[user].map { entry in
                Rating(
                    user: users[user], item: items[entry.item], stars: entry.stars.isNaN ? nil : entry.stars,
                    timestampSeconds: entry.timestampSeconds)
            }
            cases.append(HoldoutCase(user: users[user], targets: targets, history: history))
        }
        return cases.sorted { IDTable.precedes($0.user, $1.user) }
    }

    /// Drops what is too rare, until nothing is.
    mutating func drop(itemsBelow: Int, usersBelow: Int) -> (items: Int, users: Int, interactions: Int) {
        let before = counts()
        while true {
            var count = [Int](repeating: 0, count: items.count)
            for row in rows { for entry in row { count[entry.item] += 1 } }
            var changed = false
            for user in rows.indices {
                let size = rows[user].count
                if size == 0 { continue }
                rows[user].removeAll { count[$0.item] < itemsBelow }
                if rows[user].count < usersBelow { rows[user] = [] }
                if rows[user].count != size { changed = true }
            }
            if !changed { break }
        }
        let after = counts()
        return (before.items - after.items, before.users - after.users, before.interactions - after.interactions)
    }

    private func counts() -> (items: Int, users: Int, interactions: Int) {
        var used = Set<Int>()
        for row in rows { for entry in row { used.insert(entry.item) } }
        return (used.count, rows.count { !$0.isEmpty }, rows.reduce(0) { $0 + $1.count })
    }

    /// nil when nothing is left.
    func matrix() -> InteractionMatrix? {
        let kept = rows.indices.filter { !rows[$0].isEmpty }
        if kept.isEmpty { return nil }
        var isUsed = [Bool](repeating: false, count: items.count)
        for user in kept { for entry in rows[user] { isUsed[entry.item] = true } }
        let userTable = IDTable(kept.map { users[$0] })
        let itemTable = IDTable(items.indices.filter { isUsed[$0] }.map { items[$0] })
        let columnOf = items.indices.map { isUsed[$0] ? Int32(itemTable.index(of: items[$0]) ?? -1) : -1 }
        var ordered = [Int](repeating: 0, count: kept.count)
        for user in kept { if let place = userTable.index(of: users[user]) { ordered[place] = user } }
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        var times: [Int64] = []
        for user in ordered {
            for entry in rows[user].sorted(by: { columnOf[$0.item] < columnOf[$1.item] }) {
                columns.append(columnOf[entry.item])
                values.append(entry.stars)
                times.append(entry.timestampSeconds)
            }
            offsets.append(columns.count)
        }
        return InteractionMatrix(
            users: userTable, items: itemTable, rowOffsets: offsets, columns: columns, values: values,
            timestampSeconds: times)
    }
}
