import HTTPTypes
import Hummingbird

/// Which bytes of a file a request asks for (RFC 9110, section 14).
enum ByteRange: Equatable {
    case all
    case part(Range<Int64>)
    /// None that the file has.
    case none

    /// A header that is no single range of bytes is passed over, as the standard says; so is one with a condition, because
    /// files carry no mark of their state.
    static func asked(by request: Request, of length: Int64) -> ByteRange {
        guard request.method == .get, request.headers[.ifRange] == nil, let field = request.headers[.range],
            field.lowercased().hasPrefix("bytes=")
        else { return .all }
        let ends = field.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return .all }
        let (first, last) = (number(ends[0]), number(ends[1]))
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (true, true): return .all
        case (true, false):
            // The last bytes of the file.
            guard let last else { return .all }
            return last == 0 || length == 0 ? .none : .part(max(0, length - last)..<length)
        case (false, _):
            guard let first, ends[1].isEmpty || last != nil else { return .all }
            if let last, last < first { return .all }
            return first >= length ? .none : .part(first..<min(length, last.map { $0 &+ 1 } ?? length))
        }
    }

    /// Digits alone; more of them than a file can have bytes are as good as the largest.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
        return Int64(text) ?? Int64.max - 1
    }
}
