/// Cuts a filter or an order clause into words, quoted texts, numbers and signs, from left to right and never back.
struct SearchScanner {
    private let bytes: [UInt8]
    /// Of the next byte that has not been read; space is read with what stands before it.
    private(set) var offset = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        skipSpace()
    }

    var isAtEnd: Bool { offset == bytes.count }
    var next: UInt8? { isAtEnd ? nil : bytes[offset] }

    /// Where a zero byte stands, behind which a database may see nothing.
    var zero: Int? { bytes.firstIndex(of: 0) }

    /// Where a byte stands for a reader, who counts characters from 1.
    func column(of offset: Int) -> Int { 1 + bytes[..<offset].count { !Self.isContinuation($0) } }

    /// `"siz > 3" (column 5)`, for errors.
    func place(_ offset: Int) -> String {
        if offset >= bytes.count { return "the end (column \(column(of: bytes.count)))" }
        var end = min(bytes.count, offset + Self.excerptLength)
        while end < bytes.count, Self.isContinuation(bytes[end]) { end += 1 }
        let excerpt = String(decoding: bytes[offset..<end], as: UTF8.self)
        return "\"\(excerpt)\(end < bytes.count ? "…" : "")\" (column \(column(of: offset)))"
    }

    private static let excerptLength = 40

    // MARK: Signs and words

    mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: sign) else { return false }
        offset += 1
        skipSpace()
        return true
    }

    /// A keyword in any letter case.
    mutating func skip(keyword: StaticString) -> Bool {
        let end = wordEnd
        guard end - offset == keyword.utf8CodeUnitCount else { return false }
        for index in 0..<(end - offset)
        where bytes[offset + index] & ~0x20 != (keyword.utf8Start + index).pointee { return false }
        offset = end
        skipSpace()
        return true
    }

    /// All of `= ! < > ~` that stand here.
    mutating func comparisonSign() -> String? {
        let start = offset
        while let byte = next, "=!<>~".utf8.contains(byte) { offset += 1 }
        if offset == start { return nil }
        defer { skipSpace() }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Letters, digits and `_`; with the dots between them when `isDotted`. Space behind it stays unread.
    mutating func word(isDotted: Bool) -> String? {
        let start = offset
        offset = wordEnd
        while isDotted, offset > start, next == UInt8(ascii: "."), offset + 1 < bytes.count,
            Self.isWord(bytes[offset + 1])
        {
            offset += 1
            offset = wordEnd
        }
        return offset == start ? nil : String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    // MARK: Values

    /// The text between two quotes. One that is written twice does not end it, and stays doubled, as in MLflow.
    /// - Returns: nil, and nothing is read, when the next byte is none of `quotes` or the second one is missing.
    mutating func quoted(by quotes: String) -> String? {
        guard let quote = next, quotes.utf8.contains(quote) else { return nil }
        var end = offset + 1
        while true {
            guard let found = bytes[end...].firstIndex(of: quote) else { return nil }
            end = found + 1
            if end == bytes.count || bytes[end] != quote { break }
            end += 1
        }
        defer { offset = end }
        return String(decoding: bytes[(offset + 1)..<(end - 1)], as: UTF8.self)
    }

    /// A decimal number as it is written; what sticks to it makes it none.
    mutating func number() -> String? {
        var end = offset
        func digits() -> Int {
            let start = end
            while end < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end]) { end += 1 }
            return end - start
        }
        func take(_ signs: String) -> Bool {
            guard end < bytes.count, signs.utf8.contains(bytes[end]) else { return false }
            end += 1
            return true
        }
        _ = take("-")
        var count = digits()
        if take(".") { count += digits() }
        guard count > 0 else { return nil }
        if take("eE") {
            _ = take("+-")
            guard digits() > 0 else { return nil }
        }
        if end < bytes.count, Self.isWord(bytes[end]) { return nil }
        defer {
            offset = end
            skipSpace()
        }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { offset += 1 }
    }

    // MARK: -

    private var wordEnd: Int {
        var end = offset
        while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
        return end
    }

    /// Whatever is beyond ASCII may be part of a key.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
