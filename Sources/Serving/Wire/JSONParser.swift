/// Text that is not JSON, and where.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    package var message: String
    /// Bytes from the beginning.
    package var offset: Int
    /// It may be JSON, but is more of it than is wanted.
    package var isTooMuch = false
}

/// Reads JSON as RFC 8259 defines it, and nothing beside it: no comments, no `NaN`, no duplicate members, no text after the value.
package struct JSONParser {
    /// Deeper nesting is refused: it could exhaust the stack.
    static let maximumDepth = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var count = 0
    private let limit: Int

    private init(_ bytes: UnsafeBufferPointer<UInt8>, atMost limit: Int) { (self.bytes, self.limit) = (bytes, limit) }

    /// - Parameters:
    ///   - bytes: UTF-8; a malformed sequence is refused.
    ///   - limit: how many values there may be, those within others too: each takes far more room and time than its two bytes.
    package static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, atMost limit: Int = .max
    ) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes, atMost: limit)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        if parser.position < bytes.count { throw parser.problem("there is text after the end of the value") }
        return value
    }

    /// The same for text.
    package static func parse(_ text: String, atMost limit: Int = .max) throws(JSONSyntaxError) -> JSONValue {
        let result: Result<JSONValue, JSONSyntaxError> = Array(text.utf8).withUnsafeBufferPointer { bytes in
            do throws(JSONSyntaxError) { return .success(try parse(bytes, atMost: limit)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard let byte = peek() else { throw problem("the text ends where a value should be") }
        count += 1
        if count > limit {
            throw JSONSyntaxError(message: "more than \(limit) values", offset: position, isTooMuch: true)
        }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw problem("a value was expected")
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        try checkDepth(depth)
        position += 1
        skipSpace()
        if take("}") { return .object(JSONMembers()) }
        var members = JSONMembers()
        while true {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw problem("a member's name in quotes was expected") }
            let start = position
            let name = try string()
            skipSpace()
            guard take(":") else { throw problem("a colon was expected after the member's name") }
            skipSpace()
            let value = try value(depth: depth + 1)
            guard members.append(name, value) else {
                throw JSONSyntaxError(message: "the member \"\(name)\" is given twice", offset: start)
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw problem("a comma or } was expected") }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        try checkDepth(depth)
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw problem("a comma or ] was expected") }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let matches = word.withUTF8Buffer { expected in
            position + expected.count <= bytes.count
                && bytes[position..<position + expected.count].elementsEqual(expected)
        }
        guard matches else { throw problem("a value was expected") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        _ = take("-")
        if take("0") {
            if let next = peek(), isDigit(next) { throw problem("a number must not begin with a zero") }
        } else {
            try digits()
        }
        var isWhole = true
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        if isWhole, let value = wholeNumber(from: start) { return .integer(value) }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONSyntaxError(message: "the number \(text.prefix(40)) is too large", offset: start)
        }
        return .number(value)
    }

    /// The digits from `start` on, if that many fit; straight from the bytes, because a batch holds thousands.
    private func wholeNumber(from start: Int) -> Int64? {
        let isNegative = bytes[start] == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in bytes[(isNegative ? start + 1 : start)..<position] {
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte & 0xF)
            let (next, isFull) = tens.addingReportingOverflow(isNegative ? -digit : digit)
            if isTooLarge || isFull { return nil }
            value = next
        }
        return value
    }

    private mutating func digits() throws(JSONSyntaxError) {
        guard let first = peek(), isDigit(first) else { throw problem("a digit was expected") }
        while let byte = peek(), isDigit(byte) { position += 1 }
    }

    // MARK: Strings

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        // Nothing is to be checked in ASCII, which most text is; checking takes many times as long as copying.
        var isASCII = true
        while let byte = peek() {
            if byte == UInt8(ascii: "\"") {
                let utf8 = UnsafeBufferPointer(rebasing: bytes[start..<position])
                let text = isASCII ? String(decoding: utf8, as: UTF8.self) : try decoded(utf8, from: start)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw problem("a control character in a string must be escaped") }
            if byte >= 0x80 { isASCII = false }
            position += 1
        }
        throw problem("a string has no closing quote")
    }

    /// The slow way, from the first backslash on.
    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try decoded(text[...], from: start)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw problem("a control character in a string must be escaped")
            default: text.append(byte)
            }
        }
        throw problem("a string has no closing quote")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = peek() else { throw problem("a string has no closing quote") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try unicodeEscape())).utf8)
        default: throw problem("there is no such escape in JSON")
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        var code = UInt32(try fourHexDigits())
        if 0xD800..<0xDC00 ~= code {
            guard take("\\"), take("u") else { throw problem("half of a surrogate pair stands alone") }
            let low = UInt32(try fourHexDigits())
            guard 0xDC00..<0xE000 ~= low else { throw problem("half of a surrogate pair stands alone") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw problem("half of a surrogate pair stands alone") }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw problem("\\u needs four hexadecimal digits") }
        let digits = bytes[position..<position + 4]
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.allSatisfy({ isDigit($0) || 97...102 ~= $0 | 32 }), let code = UInt16(text, radix: 16) else {
            throw problem("\\u needs four hexadecimal digits")
        }
        position += 4
        return code
    }

    private func decoded(_ utf8: some Collection<UInt8>, from start: Int) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw JSONSyntaxError(message: "a string is not valid UTF-8", offset: start)
        }
        return text
    }

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || 0x09...0x0A ~= byte || byte == 0x0D { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { 48...57 ~= byte }

    private func checkDepth(_ depth: Int) throws(JSONSyntaxError) {
        if depth >= JSONParser.maximumDepth { throw problem("the value is nested too deeply") }
    }

    private func problem(_ message: String) -> JSONSyntaxError {
        JSONSyntaxError(message: message, offset: position)
    }
}
