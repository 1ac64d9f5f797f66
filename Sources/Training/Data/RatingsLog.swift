import Foundation

/// All ratings of a source on disk in columns, sorted by time, with an offset for each day; memory mapped and never changed.
///
/// "What has arrived" is a number of rows: the high-water mark. Rows of the same second keep the order of the source.
/// - Shapes: `count` rows; `timestamps`, `users`, `items` (UInt32) and `stars` (Float32, NaN without a rating) one file each; `days` one
///   row number (UInt64) for each day from the first, and one more; `user_rows` (UInt32) the rows of each user in order,
///   `user_offsets` (UInt64) where each user's begin.
/// - Units: times are seconds since 1970 UTC; days are UTC days.
package struct RatingsLog: Sendable {
    /// A rating by the places of its user and item in the log's tables.
    package struct Row: Sendable, Equatable {
        /// Index in `users`.
        package var user: Int
        /// Index in `items`.
        package var item: Int
        /// 0.5 ... 5; NaN without a rating.
        package var stars: Float
        package var timestampSeconds: Int64
    }

    package let folder: String
    /// SHA-256 of the source's bytes.
    package let contentHash: String
    package let users: IDTable
    package let items: IDTable
    package let count: Int
    /// Lines of the source that were no ratings and were left out.
    package let badLines: Int

    private let timestamps: Column<UInt32>
    private let userColumn: Column<UInt32>
    private let itemColumn: Column<UInt32>
    private let starColumn: Column<Float>
    private let days: Column<UInt64>
    private let userOffsets: Column<UInt64>
    private let userRows: Column<UInt32>
    private let firstDay: Int64

    /// - Throws: `DataError.missing`, `.damaged`.
    package init(opening folder: String) throws(DataError) {
        let manifest = try LogManifest(reading: folder)
        self.folder = folder
        contentHash = manifest.contentHash
        (count, badLines) = (manifest.ratings, manifest.badLines)
        users = IDTable(try LogFile.readIDs("\(folder)/\(LogFile.userIDs)"))
        items = IDTable(try LogFile.readIDs("\(folder)/\(LogFile.itemIDs)"))
        guard users.count == manifest.users, items.count == manifest.items, count > 0 else {
            throw .damaged(path: folder, reason: "the id tables do not fit the manifest")
        }
        timestamps = try Column("\(folder)/\(LogFile.timestamps)", count: count)
        userColumn = try Column("\(folder)/\(LogFile.users)", count: count)
        itemColumn = try Column("\(folder)/\(LogFile.items)", count: count)
        starColumn = try Column("\(folder)/\(LogFile.stars)", count: count)
        userRows = try Column("\(folder)/\(LogFile.userRows)", count: count)
        userOffsets = try Column("\(folder)/\(LogFile.userOffsets)", count: manifest.users + 1)
        days = try Column("\(folder)/\(LogFile.days)", count: manifest.days + 1)
        firstDay = manifest.firstDay
        try check()
    }

    /// That every number points to something that is there and that time goes forward: whoever reads the columns afterwards need
    /// not ask. A pass over memory, a hundredth of a second for ten million rows.
    private func check() throws(DataError) {
        func isAscending(_ column: Column<UInt64>) -> Bool {
            column.values.first == 0 && column.values.last == UInt64(count)
                && zip(column.values, column.values.dropFirst()).allSatisfy { $0 <= $1 }
        }
        let isWhole =
            userColumn.values.allSatisfy { $0 < users.count } && itemColumn.values.allSatisfy { $0 < items.count }
            && userRows.values.allSatisfy { $0 < count } && isAscending(days) && isAscending(userOffsets)
            && zip(timestamps.values, timestamps.values.dropFirst()).allSatisfy { $0 <= $1 }
            && firstTimestampSeconds / 86_400 == firstDay
            && lastTimestampSeconds / 86_400 == firstDay + Int64(days.count) - 2
        if !isWhole { throw .damaged(path: folder, reason: "its columns do not fit together") }
    }

    package var firstTimestampSeconds: Int64 { Int64(timestamps[0]) }
    package var lastTimestampSeconds: Int64 { Int64(timestamps[count - 1]) }

    /// - Parameter index: by time.
    package func row(at index: Int) -> Row {
        Row(
            user: Int(userColumn[index]), item: Int(itemColumn[index]), stars: starColumn[index],
            timestampSeconds: Int64(timestamps[index]))
    }

    /// How many rows are older than a moment: the high-water mark of that moment.
    package func rowCount(before timestampSeconds: Int64) -> Int {
        let day = Int64((Double(timestampSeconds) / 86_400).rounded(.down)) - firstDay
        if day < 0 { return 0 }
        if day >= days.count - 1 { return count }
        var (low, high) = (Int(days[Int(day)]), Int(days[Int(day) + 1]))
        while low < high {
            let middle = (low + high) / 2
            if Int64(timestamps[middle]) < timestampSeconds { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The row numbers of a user's ratings, ascending. Valid as long as the log is held.
    package func rowsOfUser(_ user: Int) -> Slice<UnsafeBufferPointer<UInt32>> {
        userRows.values[Int(userOffsets[user])..<Int(userOffsets[user + 1])]
    }

    /// How many ratings came on each day from the first to the last.
    package func ratingsPerDay() -> [(dayStartSeconds: Int64, count: Int)] {
        (0..<(days.count - 1)).map { ((firstDay + Int64($0)) * 86_400, Int(days[$0 + 1] - days[$0])) }
    }
}

/// One column of a log.
struct Column<Value: BitwiseCopyable>: @unchecked Sendable {  // guarded by: read-only memory
    let values: UnsafeBufferPointer<Value>
    private let file: MappedFile

    init(_ path: String, count: Int) throws(DataError) {
        file = try MappedFile(path: path)
        guard file.bytes.count == count * MemoryLayout<Value>.stride else {
            throw .damaged(
                path: path, reason: "it has \(file.bytes.count) bytes instead of \(count * MemoryLayout<Value>.stride)")
        }
        values = file.values(of: Value.self)
    }

    var count: Int { values.count }
    subscript(index: Int) -> Value { values[index] }
}
