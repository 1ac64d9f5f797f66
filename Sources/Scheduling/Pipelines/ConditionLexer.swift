/// The words of a condition, each with its place.
struct ConditionLexer {
    enum Token: Equatable {
        case name(String)
        case text(String)
        case number(JSONValue)
        /// An operator or a bracket; `${` counts as one.
        case mark(String)
        case end

        var inWords: String {
            switch self {
            case .name(let name): "\"\(name)\""
            case .text: "a text"
            case .number(let value): value.text
            case .mark(let mark): "\"\(mark)\""
            case .end: "the end"
            }
        }
    }

    /// Longer ones first, so that `<=` is not read as `<`.
    private static let marks = [
        "==", "!=", "<=", ">=", "&&", "||", "??", "${", "<", ">", "!", "?", ":", "(", ")", "[", "]", "}", ",", ".",
    ].map { (name: $0, scalars: Array($0.unicodeScalars)) }

    private let scalars: [Unicode.Scalar]
    private var place = 0

    static func tokens(of text: String) throws(ConditionProblem) -> [(token: Token, offset: Int)] {
        var lexer = ConditionLexer(scalars: Array(text.unicodeScalars))
        var tokens: [(Token, Int)] = []
        while true {
            lexer.skipSpace()
            let offset = lexer.place
            let token = try lexer.next(isField: tokens.last?.0 == .mark("."))
            tokens.append((token, offset))
            if token == .end { return tokens }
        }
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// - Parameter isField: a dot stands before it, after which `3` is a name.
    private mutating func next(isField: Bool) throws(ConditionProblem) -> Token {
        guard place < scalars.count else { return .end }
        let (first, start) = (scalars[place], place)
        if first == "'" || first == "\"" { return try text(quote: first) }
        let following = place + 1 < scalars.count ? scalars[place + 1] : " "
        if !isField, Self.isDigit(first) || ((first == "-" || first == "+") && Self.isDigit(following)) {
            return try number()
        }
        if Self.isNameStart(first) || (isField && Self.isDigit(first)) {
            while place < scalars.count, Self.isNamePart(scalars[place]) { place += 1 }
            return .name(Self.string(scalars[start..<place]))
        }
        for mark in Self.marks where scalars[place...].starts(with: mark.scalars) {
            place += mark.scalars.count
            return .mark(mark.name)
        }
        let shown = LogLine.escaped(String(Character(first)))
        let hint =
            switch first {
            case "=": "; write == to compare"
            case "+", "-", "*", "/", "%": "; there is no arithmetic here"
            case "&": "; write and"
            case "|": "; write or"
            default: ""
            }
        throw ConditionProblem(sentence: "\"\(shown)\" means nothing here\(hint)", offset: start)
    }

    /// In single or double quotes; a backslash takes the next character as it is.
    private mutating func text(quote: Unicode.Scalar) throws(ConditionProblem) -> Token {
        let start = place
        var content = ""
        place += 1
        while place < scalars.count, scalars[place] != quote {
            if scalars[place] == "\\", place + 1 < scalars.count { place += 1 }
            content.unicodeScalars.append(scalars[place])
            place += 1
        }
        guard place < scalars.count else {
            throw ConditionProblem(sentence: "no \(quote) ends this text", offset: start)
        }
        place += 1
        return .text(content)
    }

    private mutating func number() throws(ConditionProblem) -> Token {
        let start = place
        while place < scalars.count {
            let scalar = scalars[place]
            let isSign =
                (scalar == "-" || scalar == "+") && (place == start || "eE".unicodeScalars.contains(scalars[place - 1]))
            guard Self.isNamePart(scalar) && scalar != "-" || scalar == "." || isSign else { break }
            place += 1
        }
        let text = Self.string(scalars[start..<place])
        if let int = YAMLScalar.int(text) { return .number(.int(int)) }
        if let float = YAMLScalar.float(text) { return .number(.double(float)) }
        throw ConditionProblem(sentence: "\"\(text)\" is not a number", offset: start)
    }

    private mutating func skipSpace() {
        while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        isNameStart(scalar) || isDigit(scalar) || scalar == "-"
    }
}
