import CKernels
import Foundation

/// A line that is no rating.
package struct LineProblem: Sendable, Equatable, CustomStringConvertible {
    package var path: String
    /// From 1.
    package var line: Int
    package var problem: String
    package var text: String
    package var description: String { "\(path):\(line): \(problem)" }
}

/// What one stretch of a ratings file holds besides its rows, which lie in the columns.
struct RatingsChunk: Sendable {
    /// Ids that are no plain numbers, numbered by the stretch.
    var users = IDInterner()
    var items = IDInterner()
    var rows = 0
    var lineCount = 0
    /// The first of them; a file that is something else altogether is not kept whole.
    var problems: [LineProblem] = []
    var badLines = 0

    static let keptProblems = 5000
}

/// An id as the columns hold it until all are known: a plain number itself, any other by its place in the interner of its
/// stretch.
enum IDCode {
    static let limit = UInt32(1) << UInt32(MLS_PLAIN_ID_BITS)
    private static let named = UInt32(1) << 31

    static func of(_ id: UnsafeRawBufferPointer, in interner: inout IDInterner) -> UInt32 {
        plainNumber(id) ?? named | interner.number(of: id)
    }

    /// The place in the interner; nil: the code is a number itself.
    static func place(_ code: UInt32) -> Int? { code & named == 0 ? nil : Int(code & ~named) }

    private static func plainNumber(_ id: UnsafeRawBufferPointer) -> UInt32? {
        guard (1...8).contains(id.count), id.count == 1 || id[0] != 48 else { return nil }
        var value: UInt32 = 0
        for byte in id {
            guard 48...57 ~= byte else { return nil }
            value = value * 10 + UInt32(byte - 48)
        }
        return value < limit ? value : nil
    }
}

/// Reads a ratings file in stretches, which workers may share.
struct RatingsReader {
    let file: MappedFile
    let form: DatasetSource.Form
    /// Stretch `c` is the bytes `bounds[c] ..< bounds[c + 1]`; each begins at the beginning of a line.
    let bounds: [Int]

    /// Large enough that merging the stretches costs nothing, small enough that several workers share even one million ratings.
    static let bytesPerChunk = 4 << 20

    init(_ source: DatasetSource, bytesPerChunk: Int = RatingsReader.bytesPerChunk) throws(DataError) {
        file = try MappedFile(path: source.ratingsPath)
        form = source.form
        let bytes = file.bytes
        var start = RatingsReader.startsWithMark(bytes) ? 3 : 0
        // A first line whose ids and numbers are words is a header.
        let first = UnsafeRawBufferPointer(rebasing: bytes[start..<RatingsReader.lineEnd(bytes, start)])
        hasHeader = RatingsReader.isHeader(first)
        if hasHeader { start = min(bytes.count, start + first.count + 1) }
        var bounds = [start]
        while let last = bounds.last, last < bytes.count {
            let aim = last + bytesPerChunk
            bounds.append(aim >= bytes.count ? bytes.count : min(bytes.count, RatingsReader.lineEnd(bytes, aim) + 1))
        }
        self.bounds = bounds
    }

    private let hasHeader: Bool
    /// Lines before the first stretch.
    var headerLines: Int { hasHeader ? 1 : 0 }
    var chunkCount: Int { max(0, bounds.count - 1) }

    /// How many lines a stretch has, and so how many rows at most.
    func lineCount(chunk: Int) -> Int {
        defer { withExtendedLifetime(file) {} }
        let (start, end) = (bounds[chunk], bounds[chunk + 1])
        guard let text = file.bytes.bindMemory(to: UInt8.self).baseAddress else { return 0 }
        let breaks = mls_count_breaks(text + start, end - start)
        return breaks + (end > start && file.bytes[end - 1] != 10 ? 1 : 0)
    }

    /// - Parameter rows: room for as many rows as the stretch has lines; ids are written as `IDCode`s.
    func read(chunk: Int, into rows: RawColumns) -> RatingsChunk {
        var result = RatingsChunk()
        let bytes = file.bytes
        defer { withExtendedLifetime(file) {} }
        var start = bounds[chunk]
        let end = bounds[chunk + 1]
        while start < end {
            let plain = readPlain(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), rows, from: result.rows)
            result.rows += plain.rows
            result.lineCount += plain.rows
            start += plain.bytes
            if start >= end { break }
            let stop = min(end, RatingsReader.lineEnd(bytes, start))
            var last = stop
            if last > start, bytes[last - 1] == 13 { last -= 1 }
            result.lineCount += 1
            if last > start {
                readLine(UnsafeRawBufferPointer(rebasing: bytes[start..<last]), into: &result, rows)
            }
            start = stop + 1
        }
        file.release(bounds[chunk]..<end)
        return result
    }

    /// Lines as nearly every file has them, as many as follow each other.
    private func readPlain(
        _ text: UnsafeRawBufferPointer, _ rows: RawColumns, from first: Int
    ) -> (rows: Int, bytes: Int) {
        guard let start = text.bindMemory(to: UInt8.self).baseAddress else { return (0, 0) }
        var consumed = 0
        let count = mls_parse_ratings(
            start, text.count, form.separator, form.separatorWidth, rows.users + first, rows.items + first,
            rows.stars + first, rows.times + first, &consumed)
        return (count, consumed)
    }

    private func readLine(_ line: UnsafeRawBufferPointer, into result: inout RatingsChunk, _ rows: RawColumns) {
        do {
            let rating = try RatingLine(line, form: form)
            rows.users[result.rows] = IDCode.of(rating.user, in: &result.users)
            rows.items[result.rows] = IDCode.of(rating.item, in: &result.items)
            rows.stars[result.rows] = rating.stars
            rows.times[result.rows] = rating.timestampSeconds
            result.rows += 1
        } catch {
            result.badLines += 1
            if result.problems.count == RatingsChunk.keptProblems { return }
            result.problems.append(
                LineProblem(
                    path: file.path, line: result.lineCount, problem: error.sentence,
                    text: String(decoding: line.prefix(200), as: UTF8.self)))
        }
    }

    private static func lineEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
        guard let found = memchr(base + start, 10, bytes.count - start) else { return bytes.count }
        return UnsafeRawPointer(found) - base
    }

    private static func startsWithMark(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    }

    /// The names that MovieLens and its kin give the first column.
    private static func isHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        let text = String(decoding: line.prefix(64), as: UTF8.self).lowercased().filter { !"\"'_ \r".contains($0) }
        return text.hasPrefix("user") && (text.contains("item") || text.contains("movie"))
    }
}

/// Where rows are written that come from one stretch.
struct RawColumns: @unchecked Sendable {  // guarded by: stretches write rows of their own
    let users: UnsafeMutablePointer<UInt32>
    let items: UnsafeMutablePointer<UInt32>
    let stars: UnsafeMutablePointer<Float>
    let times: UnsafeMutablePointer<UInt32>

    /// From a row on.
    func from(_ row: Int) -> RawColumns {
        RawColumns(users: users + row, items: items + row, stars: stars + row, times: times + row)
    }

    /// Moves rows forward over a gap.
    func move(_ rows: Range<Int>, to target: Int) {
        func move<Value>(_ column: UnsafeMutablePointer<Value>) {
            (column + target).update(from: column + rows.lowerBound, count: rows.count)
        }
        move(users)
        move(items)
        move(stars)
        move(times)
    }
}
