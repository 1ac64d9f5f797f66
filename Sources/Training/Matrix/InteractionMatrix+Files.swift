import Foundation

extension InteractionMatrix {
    /// From any form of ratings file, everything in it: the latest rating of an item by a user wins.
    /// - Throws: `DataError`.
    package init(readingRatings path: String, options: ReadOptions, workers: any Workers) throws(DataError) {
        self = try Self.table(of: path, options, workers).matrix()
        if interactionCount == 0 { throw .empty(path: path) }
    }

    /// Apart, so that the columns are gone when the matrix is made.
    private static func table(
        of path: String, _ options: ReadOptions, _ workers: any Workers
    ) throws(DataError) -> InteractionTable {
        let source = try DatasetSource(recognising: path)
        let columns = try RatingsColumns(reading: source, workers: workers, progress: { _ in })
        if let problem = columns.problems.first, !options.skipBadLines {
            throw .badLine(path: problem.path, line: problem.line, problem: problem.problem)
        }
        return InteractionTable(columns, workers: workers)
    }

    /// A hash of everything in it.
    package var contentHash: String { SHA256.hex(of: body()) }

    private static let magic: [UInt8] = Array("MLSTACKM1".utf8)

    /// Writes a file that appears whole or not at all: a mark, the SHA-256 of the rest, the rest.
    /// - Throws: `DataError.unwritable`.
    package func write(to path: String) throws(DataError) {
        let body = body()
        let partial = path + ".partial"
        try LogFile.write(InteractionMatrix.magic + Array(SHA256.hex(of: body).utf8) + body, to: partial)
        try LogFile.publish(partial, as: path)
    }

    /// - Throws: `DataError.damaged` for a file that is not what was written.
    package init(reading path: String) throws(DataError) {
        let bytes = try MappedFile.read(path) { Array($0) }
        let start = InteractionMatrix.magic.count + 64
        guard bytes.count > start, bytes.starts(with: InteractionMatrix.magic) else {
            throw .damaged(path: path, reason: "it is not a matrix")
        }
        let body = Array(bytes[start...])
        guard Array(SHA256.hex(of: body).utf8) == Array(bytes[InteractionMatrix.magic.count..<start]) else {
            throw .damaged(path: path, reason: "its checksum is wrong")
        }
        var reader = BodyReader(bytes: body)
        guard
            let users = reader.ids(), let items = reader.ids(), let offsets = reader.values(of: Int.self),
            let columns = reader.values(of: Int32.self), let values = reader.values(of: Float.self),
            let times = reader.values(of: Int64.self), offsets.count == users.count + 1, offsets.last == columns.count,
            values.count == columns.count, times.count == columns.count
        else { throw .damaged(path: path, reason: "its parts do not fit together") }
        self.init(
            users: IDTable(users), items: IDTable(items), rowOffsets: offsets, columns: columns, values: values,
            timestampSeconds: times)
    }

    private func body() -> [UInt8] {
        var bytes: [UInt8] = []
        func append<Value: BitwiseCopyable>(_ values: [Value]) {
            withUnsafeBytes(of: UInt64(values.count)) { bytes.append(contentsOf: $0) }
            values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        append(Array(users.all.joined(separator: "\n").utf8))
        append(Array(items.all.joined(separator: "\n").utf8))
        append(rowOffsets)
        append(columns)
        append(values)
        append(timestampSeconds)
        return bytes
    }
}

/// Takes the parts of a matrix file apart.
private struct BodyReader {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func values<Value: BitwiseCopyable>(of type: Value.Type) -> [Value]? {
        guard place + 8 <= bytes.count else { return nil }
        let count = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
        place += 8
        let (size, overflow) = Int(truncatingIfNeeded: count).multipliedReportingOverflow(
            by: MemoryLayout<Value>.stride)
        guard !overflow, size >= 0, place + size <= bytes.count else { return nil }
        defer { place += size }
        return [Value](unsafeUninitializedCapacity: Int(count)) { values, initialized in
            bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(values).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[place..<place + size]))
            }
            initialized = Int(count)
        }
    }

    mutating func ids() -> [String]? {
        values(of: UInt8.self).map { $0.split(separator: 10).map { String(decoding: $0, as: UTF8.self) } }
    }
}
