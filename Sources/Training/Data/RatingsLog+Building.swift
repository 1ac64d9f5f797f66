import Foundation

/// What reading a source came to.
package struct BuildReport: Sendable, Equatable {
    package var ratings: Int
    package var users: Int
    package var items: Int
    package var badLines: Int
    package var quarantinePath: String?
    package var seconds: Double
}

extension RatingsLog {
    /// Parses a source once into a log's folder, which appears whole or not at all.
    ///
    /// Blocks. The same source gives the same bytes on any number of workers.
    /// - Parameter progress: told the share of the file that has been read, 0 ... 1, from any worker.
    /// - Throws: `DataError`; a bad line is one unless the options say to skip them.
    @discardableResult
    package static func build(
        from source: DatasetSource, into folder: String, options: ReadOptions, workers: any Workers,
        progress: @Sendable (Double) -> Void = { _ in }
    ) throws(DataError) -> BuildReport {
        let began = ContinuousClock.now
        let columns = try RatingsColumns(reading: source, workers: workers, progress: progress)
        if let problem = columns.problems.first {
            guard options.skipBadLines else {
                throw .badLine(path: problem.path, line: problem.line, problem: problem.problem)
            }
            if let path = options.quarantinePath {
                let text = columns.problems.map { "\($0)\t\($0.text)\n" }.joined()
                try LogFile.write(Array(text.utf8), to: path)
            }
        }
        if columns.count == 0 { throw .empty(path: source.ratingsPath) }
        let partial = "\(folder).\(String(UInt64.random(in: 0 ... .max), radix: 36)).partial"
        do {
            try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: partial, reason: "its folder cannot be made")
        }
        do throws(DataError) {
            try write(columns, hash: try hash(of: source), to: partial, workers)
            try LogFile.publish(partial, as: folder)
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw error
        }
        let elapsed = (ContinuousClock.now - began).components
        return BuildReport(
            ratings: columns.count, users: columns.users.count, items: columns.items.count, badLines: columns.badLines,
            quarantinePath: columns.badLines > 0 ? options.quarantinePath : nil,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
    }

    private static func write(
        _ columns: RatingsColumns, hash: String, to folder: String, _ workers: any Workers
    ) throws(DataError) {
        let order = columns.order(workers: workers)
        // One column at a time: each is as large as the order itself.
        func sorted<Value>(_ column: SharedBuffer<Value>) -> SharedBuffer<Value> {
            columns.sorted(column, by: order, workers: workers)
        }
        try LogFile.write(sorted(columns.itemIndex), columns.count, to: "\(folder)/\(LogFile.items)")
        try LogFile.write(sorted(columns.stars), columns.count, to: "\(folder)/\(LogFile.stars)")
        let times = sorted(columns.timestampSeconds)
        let users = sorted(columns.userIndex)
        try LogFile.write(times, columns.count, to: "\(folder)/\(LogFile.timestamps)")
        try LogFile.write(users, columns.count, to: "\(folder)/\(LogFile.users)")
        let firstDay = Int64(times[0]) / 86_400
        let days = offsetsOfDays(times, count: columns.count, firstDay: firstDay)
        try LogFile.write(days, to: "\(folder)/\(LogFile.days)")
        let (offsets, rows) = Grouping.rows(
            by: users, count: columns.count, groups: columns.users.count, workers: workers)
        try LogFile.write(offsets.map { UInt64($0) }, to: "\(folder)/\(LogFile.userOffsets)")
        try LogFile.write(rows, columns.count, to: "\(folder)/\(LogFile.userRows)")
        try LogFile.write(
            Array((columns.users.all.joined(separator: "\n") + "\n").utf8), to: "\(folder)/\(LogFile.userIDs)")
        try LogFile.write(
            Array((columns.items.all.joined(separator: "\n") + "\n").utf8), to: "\(folder)/\(LogFile.itemIDs)")
        let manifest = LogManifest(
            contentHash: hash, ratings: columns.count, users: columns.users.count, items: columns.items.count,
            firstDay: firstDay, days: days.count - 1, badLines: columns.badLines)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(manifest) else {
            preconditionFailure("a manifest of numbers and one hash can always be encoded")
        }
        try LogFile.write(Array(data), to: "\(folder)/\(LogFile.manifest)")
    }

    private static func offsetsOfDays(
        _ times: SharedBuffer<UInt32>, count: Int, firstDay: Int64
    ) -> [UInt64] {
        let lastDay = Int64(times[count - 1]) / 86_400
        var offsets: [UInt64] = []
        var row = 0
        for day in firstDay...lastDay {
            while row < count, Int64(times[row]) < day * 86_400 { row += 1 }
            offsets.append(UInt64(row))
        }
        return offsets + [UInt64(count)]
    }

    private static func hash(of source: DatasetSource) throws(DataError) -> String {
        try MappedFile.read(source.ratingsPath) { SHA256.hex(of: $0) }
    }
}
