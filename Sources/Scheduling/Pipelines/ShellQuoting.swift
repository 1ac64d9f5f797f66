/// Text as one word of a shell.
enum ShellQuoting {
    /// - Returns: nil where a value can't be put in safely, or when it holds a NUL, which no shell can pass on.
    static func quote(_ value: String, at place: ShellScanner.Place) -> String? {
        guard !value.unicodeScalars.contains("\0") else { return nil }
        switch place {
        case .word: return quote(value)
        // Ends the quotes, stands as a word of its own beside them, and opens them again.
        case .singleQuotes: return "'" + quote(value) + "'"
        case .doubleQuotes: return "\"" + quote(value) + "\""
        // Only the end of the line ends a comment.
        case .comment: return String(value.map { $0.isNewline ? " " : $0 })
        case .refused: return nil
        }
    }

    private static func quote(_ value: String) -> String {
        // By scalars: a quote with a combining mark after it is one Character, and still a quote to the shell.
        var text = "'"
        for scalar in value.unicodeScalars {
            if scalar == "'" { text += "'\\''" } else { text.unicodeScalars.append(scalar) }
        }
        return text + "'"
    }
}
