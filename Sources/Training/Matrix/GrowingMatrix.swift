import Synchronization

/// The matrix of everything that has arrived, kept from day to day: a new day is merged into it.
///
/// It only shortens the way: what comes out is what would be made from nothing.
package final class GrowingMatrix: Sendable {
    private struct State {
        let contentHash: String
        let rowCount: Int
        let feedback: [Rating]
        let matrix: InteractionMatrix
    }

    private let state = Mutex<State?>(nil)

    package init() {}

    /// Everything, without hold-out or limits. Blocks.
    func matrix(of arrived: ArrivedRatings, workers: any Workers) -> InteractionMatrix {
        let former = state.withLock { $0 }
        guard let former, former.contentHash == arrived.log.contentHash, former.rowCount <= arrived.rowCount,
            former.feedback.count <= arrived.feedback.count,
            former.feedback.elementsEqual(arrived.feedback.prefix(former.feedback.count))
        else {
            let matrix = InteractionTable(arrived, workers: workers).matrix()
            // A task that looks at yesterday after today was made must not take today away.
            if former?.contentHash != arrived.log.contentHash || former?.rowCount ?? 0 <= arrived.rowCount {
                keep(matrix, arrived)
            }
            return matrix
        }
        let fresh = GrowingMatrix.fresh(arrived, afterRow: former.rowCount, afterFeedback: former.feedback.count)
        let matrix = fresh.isEmpty ? former.matrix : former.matrix.merging(fresh, workers: workers)
        keep(matrix, arrived)
        return matrix
    }

    /// Forgets everything, for a replay that starts again.
    package func clear() { state.withLock { $0 = nil } }

    private func keep(_ matrix: InteractionMatrix, _ arrived: ArrivedRatings) {
        state.withLock {
            $0 = State(
                contentHash: arrived.log.contentHash, rowCount: arrived.rowCount, feedback: arrived.feedback,
                matrix: matrix)
        }
    }

    /// What came since, in the order in which the last counts. Feedback counts as newer than every row of the log, so a row
    /// of what somebody has given feedback on comes too late.
    private static func fresh(_ arrived: ArrivedRatings, afterRow: Int, afterFeedback: Int) -> [Rating] {
        struct Pair: Hashable {
            let user: String
            let item: String
        }
        let answered = Set(arrived.feedback.prefix(afterFeedback).map { Pair(user: $0.user, item: $0.item) })
        let log = arrived.log
        var fresh: [Rating] = []
        for index in afterRow..<arrived.rowCount {
            let row = log.row(at: index)
            let rating = Rating(
                user: log.users[row.user], item: log.items[row.item], stars: row.stars.isNaN ? nil : row.stars,
                timestampSeconds: row.timestampSeconds)
            if !answered.contains(Pair(user: rating.user, item: rating.item)) { fresh.append(rating) }
        }
        return fresh + arrived.feedback.dropFirst(afterFeedback)
    }
}

extension InteractionMatrix {
    /// With some ratings more, of which the last of an item by a user counts, or takes it away.
    ///
    /// Rows of other users are copied as they are, but for the numbers of their columns.
    func merging(_ fresh: [Rating], workers: any Workers) -> InteractionMatrix {
        let users = self.users.union(fresh.map(\.user))
        let items = self.items.union(fresh.map(\.item))
        var changes: [Int: [Int32: Rating]] = [:]
        for rating in fresh {
            guard let row = users.index(of: rating.user), let column = items.index(of: rating.item) else { continue }
            changes[row, default: [:]][Int32(column)] = rating
        }
        let formerRow = users.all.map { self.users.index(of: $0) ?? -1 }
        let newColumn = self.items.all.map { Int32(items.index(of: $0) ?? 0) }
        let merged = changes.mapValues { changes in changes.sorted { $0.key < $1.key } }
        @Sendable func former(_ row: Int) -> Range<Int> {
            formerRow[row] < 0 ? 0..<0 : rowOffsets[formerRow[row]]..<rowOffsets[formerRow[row] + 1]
        }
        var offsets = [0]
        offsets.reserveCapacity(users.count + 1)
        for row in 0..<users.count {
            var length = former(row).count
            if let changes = merged[row] {
                let known = Set(former(row).map { newColumn[Int(columns[$0])] })
                for (column, rating) in changes {
                    length += (rating.isRetracted ? 0 : 1) - (known.contains(column) ? 1 : 0)
                }
            }
            offsets.append(offsets[row] + length)
        }
        let rows = MatrixRows(count: offsets[users.count])
        let chunks = RowChunks(offsets: offsets, costPerRow: 16)
        workers.run(chunks: chunks.count) { [offsets] _, chunk in
            for row in chunks[chunk] {
                var place = offsets[row]
                func put(_ column: Int32, _ value: Float, _ time: Int64) {
                    rows.put(column, value, time, at: place)
                    place += 1
                }
                var changes = (merged[row] ?? [])[...]
                func putChanges(before column: Int32) {
                    while let (next, rating) = changes.first, next < column {
                        if !rating.isRetracted { put(next, rating.stars ?? .nan, rating.timestampSeconds) }
                        changes.removeFirst()
                    }
                }
                for entry in former(row) {
                    let column = newColumn[Int(columns[entry])]
                    putChanges(before: column)
                    if changes.first?.key == column { continue }
                    put(column, values[entry], timestampSeconds[entry])
                }
                putChanges(before: .max)
            }
        }
        return rows.matrix(users: users, items: items, offsets: offsets).withoutEmpty(workers: workers)
    }

    /// Users and items without an entry, which a retraction may leave, are no part of a matrix.
    private func withoutEmpty(workers: any Workers) -> InteractionMatrix {
        var isUsed = [Bool](repeating: false, count: items.count)
        for column in columns { isUsed[Int(column)] = true }
        let isWhole = isUsed.allSatisfy { $0 } && zip(rowOffsets, rowOffsets.dropFirst()).allSatisfy { $0 < $1 }
        if isWhole { return self }
        var columnOf = [Int32](repeating: -1, count: items.count)
        var next: Int32 = 0
        for column in columnOf.indices where isUsed[column] {
            columnOf[column] = next
            next += 1
        }
        let kept = (0..<users.count).filter { rowOffsets[$0] < rowOffsets[$0 + 1] }
        return InteractionMatrix(
            users: IDTable(ascending: kept.map { users[$0] }),
            items: IDTable(ascending: items.all.indices.filter { isUsed[$0] }.map { items[$0] }),
            rowOffsets: [0] + kept.map { rowOffsets[$0 + 1] }, columns: columns.map { columnOf[Int($0)] },
            values: values, timestampSeconds: timestampSeconds)
    }
}

extension IDTable {
    /// With some ids more; itself when it has them all.
    fileprivate func union(_ ids: [String]) -> IDTable {
        let added = Set(ids).filter { index(of: $0) == nil }.sorted(by: IDTable.precedes)
        if added.isEmpty { return self }
        var merged: [String] = []
        merged.reserveCapacity(count + added.count)
        var rest = added[...]
        for id in all {
            while let next = rest.first, IDTable.precedes(next, id) {
                merged.append(next)
                rest.removeFirst()
            }
            merged.append(id)
        }
        return IDTable(ascending: merged + rest)
    }
}
