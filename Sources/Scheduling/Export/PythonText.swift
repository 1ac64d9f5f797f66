/// Texts as Python source.
enum PythonText {
    /// A literal that is this text, whatever is in it: one line of source, nothing invisible, nothing that ends it early.
    static func literal(_ text: String) -> String {
        var literal = "\""
        // By scalars: a quote with a combining mark after it is one Character, and still a quote to Python.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case "\n": literal += "\\n"
            case "\t": literal += "\\t"
            default: literal += isVisible(scalar) ? String(scalar) : escape(scalar)
            }
        }
        return literal + "\""
    }

    /// The same over several lines, one for each line of the text.
    static func literal(_ text: String, indent: Int) -> String {
        var lines: [Substring] = []
        var rest = text[...]
        while let end = rest.firstIndex(of: "\n") {
            lines.append(rest[...end])
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { lines.append(rest) }
        guard lines.count > 1 else { return literal(text) }
        let space = String(repeating: " ", count: indent)
        return "(\n" + lines.map { "\(space)    \(literal(String($0)))\n" }.joined() + "\(space))"
    }

    static func list(_ literals: [String]) -> String { "[\(literals.joined(separator: ", "))]" }

    /// A comment of one line.
    static func comment(_ text: String) -> String {
        text.isEmpty ? "#" : "# " + String(text.unicodeScalars.map { isVisible($0) ? Character($0) : " " })
    }

    static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    static func duration(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(attoseconds / 1_000_000_000_000_000)
        return milliseconds == 0
            ? "timedelta(seconds=\(seconds))" : "timedelta(seconds=\(seconds), milliseconds=\(milliseconds))"
    }

    /// Letters of every script, but none that moves others about (direction marks) or hides.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return scalar.value > 0xFFFF
            ? "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
