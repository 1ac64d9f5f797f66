/// Which entries of a matrix stay, while that is decided.
struct MatrixSelection {
    private let matrix: InteractionMatrix
    private let workers: any Workers
    private let isKept: SharedBuffer<Bool>
    /// Entries kept of each user.
    private let lengths: SharedBuffer<Int>

    init(of matrix: InteractionMatrix, workers: any Workers) {
        (self.matrix, self.workers) = (matrix, workers)
        isKept = SharedBuffer(count: matrix.interactionCount)
        isKept.elements.update(repeating: true)
        lengths = SharedBuffer(count: matrix.users.count)
        for user in 0..<matrix.users.count { lengths[user] = matrix.rowOffsets[user + 1] - matrix.rowOffsets[user] }
    }

    private func entries(of user: Int) -> Range<Int> { matrix.rowOffsets[user]..<matrix.rowOffsets[user + 1] }

    private func drop(_ entry: Int, of user: Int) {
        isKept[entry] = false
        lengths[user] -= 1
    }

    /// Drops the items that a filter does not keep.
    func apply(_ filter: ItemFilter) -> FilterCount {
        let before = counts()
        let keeps = matrix.items.all.map(filter.keeps)
        for user in 0..<matrix.users.count {
            for entry in entries(of: user) where isKept[entry] && !keeps[Int(matrix.columns[entry])] {
                drop(entry, of: user)
            }
        }
        let after = counts()
        return FilterCount(
            filter: filter.name, items: before.items - after.items, users: before.users - after.users,
            interactions: before.interactions - after.interactions)
    }

    /// Takes the latest positives of some users out.
    func withhold(_ options: MatrixOptions) -> [HoldoutCase] {
        if options.holdoutUserFraction <= 0 { return [] }
        return (0..<matrix.users.count).compactMap { user in
            options.isHeldOut(matrix.users[user]) ? withhold(from: user, options.holdoutShare) : nil
        }
    }

    /// - Returns: nil when the user has too few positives.
    private func withhold(from user: Int, _ share: Double) -> HoldoutCase? {
        let byTime = entries(of: user).filter { isKept[$0] }.sorted { left, right in
            let (l, r) = (matrix.timestampSeconds[left], matrix.timestampSeconds[right])
            return l == r ? left < right : l < r
        }
        let positives = byTime.filter {
            let value = matrix.values[$0]
            return value.isNaN || value >= MatrixOptions.positiveStars
        }
        if positives.count < MatrixOptions.fewestPositives { return nil }
        let withheld = positives.suffix(max(1, Int((Double(positives.count) * share).rounded(.down))))
        for entry in withheld { drop(entry, of: user) }
        func item(_ entry: Int) -> String { matrix.items[Int(matrix.columns[entry])] }
        let history = byTime.filter { isKept[$0] }.map { entry in
            let stars = matrix.values[entry]
            return Rating(
                user: matrix.users[user], item: item(entry), stars: stars.isNaN ? nil : stars,
                timestampSeconds: matrix.timestampSeconds[entry])
        }
        return HoldoutCase(user: matrix.users[user], targets: withheld.map(item), history: history)
    }

    /// Drops what is too rare, until nothing is.
    /// - Returns: how much went.
    func drop(itemsBelow: Int, usersBelow: Int) -> (items: Int, users: Int, interactions: Int) {
        let before = counts()
        while true {
            let count = itemCounts()
            let isRare = count.contains { $0 > 0 && $0 < itemsBelow }
            var changed = false
            for user in 0..<matrix.users.count where lengths[user] > 0 {
                let size = lengths[user]
                if isRare {
                    for entry in entries(of: user)
                    where isKept[entry] && count[Int(matrix.columns[entry])] < itemsBelow { drop(entry, of: user) }
                }
                if lengths[user] < usersBelow {
                    for entry in entries(of: user) where isKept[entry] { drop(entry, of: user) }
                }
                if lengths[user] != size { changed = true }
            }
            if !changed { break }
        }
        let after = counts()
        return (before.items - after.items, before.users - after.users, before.interactions - after.interactions)
    }

    private func itemCounts() -> [Int] {
        let chunks = RowChunks(rows: matrix.users.count, rowsPerChunk: 4096, atMost: 64)
        let counts = SharedBuffer<Int32>(count: workers.count * matrix.items.count)
        workers.run(chunks: chunks.count) { worker, chunk in
            let own = counts.start + worker * matrix.items.count
            let rows = chunks[chunk]
            for entry in matrix.rowOffsets[rows.lowerBound]..<matrix.rowOffsets[rows.upperBound] where isKept[entry] {
                own[Int(matrix.columns[entry])] += 1
            }
        }
        return (0..<matrix.items.count).map { item in
            (0..<workers.count).reduce(0) { $0 + Int(counts[$1 * matrix.items.count + item]) }
        }
    }

    private func counts() -> (items: Int, users: Int, interactions: Int) {
        let lengths = lengths.elements[..<matrix.users.count]
        return (itemCounts().count { $0 > 0 }, lengths.count { $0 > 0 }, lengths.reduce(0, +))
    }

    /// What is kept; nil when nothing is left.
    func selected() -> InteractionMatrix? {
        let users = (0..<matrix.users.count).filter { lengths[$0] > 0 }
        if users.isEmpty { return nil }
        let total = users.reduce(0) { $0 + lengths[$1] }
        if total == matrix.interactionCount { return matrix }
        let count = itemCounts()
        let items = (0..<matrix.items.count).filter { count[$0] > 0 }
        var columnOf = [Int32](repeating: -1, count: matrix.items.count)
        for (column, item) in items.enumerated() { columnOf[item] = Int32(column) }
        var offsets = [0]
        offsets.reserveCapacity(users.count + 1)
        for user in users { offsets.append(offsets[offsets.count - 1] + lengths[user]) }
        let rows = MatrixRows(count: total)
        let chunks = RowChunks(offsets: offsets, costPerRow: 16)
        workers.run(chunks: chunks.count) { [offsets, columnOf] _, chunk in
            for row in chunks[chunk] {
                var place = offsets[row]
                for entry in entries(of: users[row]) where isKept[entry] {
                    rows.put(
                        columnOf[Int(matrix.columns[entry])], matrix.values[entry], matrix.timestampSeconds[entry],
                        at: place)
                    place += 1
                }
            }
        }
        return rows.matrix(
            users: IDTable(ascending: users.map { matrix.users[$0] }),
            items: IDTable(ascending: items.map { matrix.items[$0] }), offsets: offsets)
    }
}

/// Entries of a matrix that workers fill, each rows of its own.
struct MatrixRows {
    private let columns: SharedBuffer<Int32>
    private let values: SharedBuffer<Float>
    private let seconds: SharedBuffer<Int64>
    private let count: Int

    init(count: Int) {
        self.count = count
        columns = SharedBuffer(uninitialized: count)
        values = SharedBuffer(uninitialized: count)
        seconds = SharedBuffer(uninitialized: count)
    }

    func put(_ column: Int32, _ value: Float, _ time: Int64, at place: Int) {
        columns[place] = column
        values[place] = value
        seconds[place] = time
    }

    func matrix(users: IDTable, items: IDTable, offsets: [Int]) -> InteractionMatrix {
        InteractionMatrix(
            users: users, items: items, rowOffsets: offsets, columns: columns.array(count),
            values: values.array(count), timestampSeconds: seconds.array(count))
    }
}
