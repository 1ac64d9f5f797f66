/// Reads JSON that a task put out, within bounds that hold for any text.
///
/// Ours beside Foundation's, because the elements of a list are wanted as they were written (`1e3`, a number of
/// thirty digits), and a list that is too long must be refused before it is in memory.
/// - Source: RFC 8259.
struct JSONScanner {
    /// Why a text is not JSON, or too much of it.
    struct Problem: Error, Equatable {
        var sentence: String
    }

    static let depthLimit = 64

    private let bytes: [UInt8]
    private var place = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The one value that a text is.
    static func value(of text: String) throws(Problem) -> JSONValue {
        var scanner = JSONScanner(text)
        let value = try scanner.value(depth: 0)
        try scanner.end()
        return value
    }

    /// The elements of a text that is a list: texts decoded, everything else as it was written.
    /// - Throws: `Problem`, as soon as there are more elements than the limit.
    static func elements(of text: String, limit: Int) throws(Problem) -> [String] {
        var scanner = JSONScanner(text)
        var elements: [String] = []
        scanner.skipSpace()
        try scanner.expect(UInt8(ascii: "["))
        if scanner.take(UInt8(ascii: "]")) {
            try scanner.end()
            return []
        }
        repeat {
            guard elements.count < limit else { throw Problem(sentence: "the list has more than \(limit) elements") }
            scanner.skipSpace()
            let start = scanner.place
            let value = try scanner.value(depth: 1)
            if case .string(let decoded) = value {
                elements.append(decoded)
            } else {
                elements.append(String(decoding: scanner.bytes[start..<scanner.place], as: UTF8.self))
            }
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"))
        try scanner.end()
        return elements
    }

    private mutating func value(depth: Int) throws(Problem) -> JSONValue {
        guard depth <= Self.depthLimit else {
            throw Problem(sentence: "it is nested deeper than \(Self.depthLimit) levels")
        }
        skipSpace()
        guard place < bytes.count else { throw Problem(sentence: "it ends too early") }
        switch bytes[place] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        default: return try word()
        }
    }

    private mutating func list(depth: Int) throws(Problem) -> JSONValue {
        place += 1
        if take(UInt8(ascii: "]")) { return .array([]) }
        var values: [JSONValue] = []
        repeat { values.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return .array(values)
    }

    private mutating func object(depth: Int) throws(Problem) -> JSONValue {
        place += 1
        if take(UInt8(ascii: "}")) { return .object([:]) }
        var values: [String: JSONValue] = [:]
        repeat {
            skipSpace()
            let key = try string()
            try expect(UInt8(ascii: ":"))
            values[key] = try value(depth: depth + 1)
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return .object(values)
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() throws(Problem) -> JSONValue {
        let start = place
        while place < bytes.count, !Self.ends(bytes[place]) { place += 1 }
        let word = String(decoding: bytes[start..<place].prefix(400), as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            let first = word.first == "-" ? word.dropFirst().first : word.first
            if first?.isASCII == true, first?.isNumber == true, word.allSatisfy({ "+-.eE0123456789".contains($0) }) {
                if let int = YAMLScalar.int(word) { return .int(int) }
                if let float = YAMLScalar.float(word) { return .double(float) }
            }
            throw Problem(sentence: "\"\(LogLine.escaped(word.prefix(20)))\" is no JSON value")
        }
    }

    private static func ends(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }

    private mutating func string() throws(Problem) -> String {
        try expect(UInt8(ascii: "\""))
        var content: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): content += try escape()
            case 0..<0x20: throw Problem(sentence: "a control character stands in a text")
            default: content.append(byte)
            }
        }
        throw Problem(sentence: "no \" ends a text")
    }

    private mutating func escape() throws(Problem) -> [UInt8] {
        guard place < bytes.count else { throw Problem(sentence: "it ends too early") }
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "u"):
            var unit = try hexUnit()
            if (0xd800..<0xdc00).contains(unit), place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
                bytes[place + 1] == UInt8(ascii: "u")
            {
                place += 2
                let low = try hexUnit()
                guard (0xdc00..<0xe000).contains(low) else { throw Problem(sentence: "half a \\u pair stands alone") }
                unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(unit) else { throw Problem(sentence: "half a \\u pair stands alone") }
            return Array(String(Character(scalar)).utf8)
        default: throw Problem(sentence: "\\\(LogLine.escaped(String(decoding: [byte], as: UTF8.self))) is no escape")
        }
    }

    private mutating func hexUnit() throws(Problem) -> UInt32 {
        let digits = String(decoding: bytes[place..<min(place + 4, bytes.count)], as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let unit = UInt32(digits, radix: 16)
        else { throw Problem(sentence: "\\u is followed by four hexadecimal digits") }
        place += 4
        return unit
    }

    private mutating func skipSpace() {
        while place < bytes.count {
            let byte = bytes[place]
            guard byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d else { return }
            place += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Problem) {
        guard take(byte) else {
            let found = place < bytes.count ? "something else stands there" : "it ends too early"
            throw Problem(sentence: "\(Character(Unicode.Scalar(byte))) is expected, and \(found)")
        }
    }

    private mutating func end() throws(Problem) {
        skipSpace()
        guard place == bytes.count else { throw Problem(sentence: "something stands after its end") }
    }
}
