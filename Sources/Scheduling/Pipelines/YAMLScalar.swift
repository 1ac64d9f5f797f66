/// What an unquoted scalar is by the core schema of YAML 1.2: `on`, `no`, `22:30` and `2015-01-01` are plain text.
///
/// - Source: YAML 1.2.2, section 10.3.2, "Tag Resolution".
enum YAMLScalar: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)

    /// - Parameter isPlain: neither quoted nor a block; anything else is text.
    init(_ text: String, isPlain: Bool) {
        guard isPlain else {
            self = .string(text)
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default:
            if let int = Self.int(text) {
                self = .int(int)
            } else if let float = Self.float(text) {
                self = .float(float)
            } else {
                self = .string(text)
            }
        }
    }

    /// Decimal with or without sign, `0o17`, `0x1F`; nil also when it does not fit.
    static func int(_ text: String) -> Int? {
        if text.hasPrefix("0o") { return digits(text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        return unsigned.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
    }

    private static func digits(_ text: Substring, radix: Int) -> Int? {
        text.allSatisfy { $0.isASCII && $0.isHexDigit } ? Int(text, radix: radix) : nil
    }

    /// A finite decimal number; the infinities and NaN of YAML have no use in a pipeline and stay text.
    static func float(_ text: String) -> Double? {
        guard text.contains(where: { $0.isASCII && $0.isNumber }), text.allSatisfy({ "+-.eE0123456789".contains($0) }),
            let value = Double(text), value.isFinite
        else { return nil }
        return value
    }

    /// For messages, e.g. `the number 5`.
    var inWords: String {
        switch self {
        case .null: "nothing"
        case .bool(let value): "the boolean \(value)"
        case .int(let value): "the number \(value)"
        case .float(let value): "the number \(value)"
        case .string(let value): "the text \"\(value)\""
        }
    }
}
