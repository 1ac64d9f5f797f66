import Foundation

/// What one stretch of a ratings file holds, with ids numbered by the stretch.
struct RatingsChunk: Sendable {
    var users = IDInterner()
    var items = IDInterner()
    var userNumbers: [UInt32] = []
    var itemNumbers: [UInt32] = []
    var stars: [Float] = []
    var timestampSeconds: [UInt32] = []
    var lineCount = 0
    var problems: [LineProblem] = []
    var count: Int { stars.count }
}

/// A line that is no rating.
package struct LineProblem: Sendable, Equatable, CustomStringConvertible {
    package var path: String
    /// From 1.
    package var line: Int
    package var problem: String
    package var text: String
    package var description: String { "\(path):\(line): \(problem)" }
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

    func read(chunk: Int) -> RatingsChunk {
        var result = RatingsChunk()
        let bytes = file.bytes
        defer { withExtendedLifetime(file) {} }
        var start = bounds[chunk]
        let end = bounds[chunk + 1]
        let expected = (end - start) / 20
        result.userNumbers.reserveCapacity(expected)
        result.itemNumbers.reserveCapacity(expected)
        result.stars.reserveCapacity(expected)
        result.timestampSeconds.reserveCapacity(expected)
        while start < end {
            let stop = min(end, RatingsReader.lineEnd(bytes, start))
            var last = stop
            if last > start, bytes[last - 1] == 13 { last -= 1 }
            result.lineCount += 1
            if last > start {
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<last])
                do {
                    let rating = try RatingLine(line, form: form)
                    result.userNumbers.append(result.users.number(of: rating.user))
                    result.itemNumbers.append(result.items.number(of: rating.item))
                    result.stars.append(rating.stars)
                    result.timestampSeconds.append(rating.timestampSeconds)
                } catch {
                    result.problems.append(
                        LineProblem(
                            path: file.path, line: result.lineCount, problem: error.sentence,
                            text: String(decoding: line.prefix(200), as: UTF8.self)))
                }
            }
            start = stop + 1
        }
        return result
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
