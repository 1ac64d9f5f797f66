extension Condition {
    /// - Throws: `ConditionProblem` with its place.
    init(parsing text: String) throws(ConditionProblem) {
        self.text = text
        expression = try ConditionParser.expression(of: text)
    }
}

/// Recursive descent over the words of a condition, with a bound on how deep.
///
/// From loose to tight: `?:`, `or`, `and`, `not`, one comparison, `??`, then fields and elements.
struct ConditionParser {
    static let lengthLimit = 4096
    /// Of brackets, `not`s and choices within each other: more than anybody reads, less than any stack holds.
    static let depthLimit = 32
    /// Of names after each other, as in `a.b[0].c`.
    static let fieldLimit = 16

    private let tokens: [(token: ConditionLexer.Token, offset: Int)]
    private var place = 0
    private var depth = 0

    private init(tokens: [(token: ConditionLexer.Token, offset: Int)]) { self.tokens = tokens }

    static func expression(of text: String) throws(ConditionProblem) -> ConditionExpression {
        guard text.unicodeScalars.count <= lengthLimit else {
            throw ConditionProblem(sentence: "it is longer than \(lengthLimit) characters")
        }
        var parser = ConditionParser(tokens: try ConditionLexer.tokens(of: text))
        if parser.token == .end { throw ConditionProblem(sentence: "it is empty; write for instance params.x > 1") }
        let expression = try parser.choice()
        guard parser.token == .end else { throw parser.unexpected("an operator such as and, or, == or <") }
        return expression
    }

    private var token: ConditionLexer.Token { tokens[place].token }
    private var offset: Int { tokens[place].offset }

    private mutating func advance() { if place < tokens.count - 1 { place += 1 } }

    private mutating func take(_ words: String...) -> Bool {
        switch token {
        case .mark(let word), .name(let word):
            guard words.contains(word) else { return false }
            advance()
            return true
        default: return false
        }
    }

    private mutating func expect(_ mark: String) throws(ConditionProblem) {
        guard token == .mark(mark) else { throw unexpected(mark) }
        advance()
    }

    private func unexpected(_ expected: String) -> ConditionProblem {
        ConditionProblem(sentence: "\(expected) is expected here, not \(token.inWords)", offset: offset)
    }

    private mutating func deeper<Result>(
        _ body: (inout ConditionParser) throws(ConditionProblem) -> Result
    ) throws(ConditionProblem) -> Result {
        guard depth < Self.depthLimit else {
            throw ConditionProblem(sentence: "it is nested deeper than \(Self.depthLimit) levels", offset: offset)
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func choice() throws(ConditionProblem) -> ConditionExpression {
        let test = try alternatives()
        guard take("?") else { return test }
        let first = try deeper { parser throws(ConditionProblem) in try parser.choice() }
        try expect(":")
        let second = try deeper { parser throws(ConditionProblem) in try parser.choice() }
        return .choose(test, first, second)
    }

    private mutating func alternatives() throws(ConditionProblem) -> ConditionExpression {
        var parts = [try conjunction()]
        while take("or", "||") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(ConditionProblem) -> ConditionExpression {
        var parts = [try negation()]
        while take("and", "&&") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws(ConditionProblem) -> ConditionExpression {
        guard take("not", "!") else { return try comparison() }
        return .not(try deeper { parser throws(ConditionProblem) in try parser.negation() })
    }

    private mutating func comparison() throws(ConditionProblem) -> ConditionExpression {
        let left = try coalescing()
        guard let comparison = takeComparison() else { return left }
        let right = try coalescing()
        let end = offset
        if takeComparison() != nil {
            throw ConditionProblem(sentence: "comparisons don't chain; join two of them by and", offset: end)
        }
        return .compare(comparison, left, right)
    }

    private mutating func takeComparison() -> ConditionExpression.Comparison? {
        if token == .name("not"), place + 1 < tokens.count, tokens[place + 1].token == .name("in") {
            place += 2
            return .isNotIn
        }
        let word: String
        switch token {
        case .mark(let mark): word = mark
        case .name("in"): word = "in"
        default: return nil
        }
        guard let comparison = ConditionExpression.Comparison(rawValue: word) else { return nil }
        advance()
        return comparison
    }

    private mutating func coalescing() throws(ConditionProblem) -> ConditionExpression {
        let left = try primary()
        guard take("??") else { return left }
        return .coalesce(left, try deeper { parser throws(ConditionProblem) in try parser.coalescing() })
    }

    private mutating func primary() throws(ConditionProblem) -> ConditionExpression {
        let start = offset
        switch token {
        case .text(let text):
            advance()
            return .literal(.string(text))
        case .number(let value):
            advance()
            return .literal(value)
        case .mark("("), .mark("${"):
            let close = token == .mark("(") ? ")" : "}"
            advance()
            let inner = try deeper { parser throws(ConditionProblem) in try parser.choice() }
            try expect(close)
            return try suffixes(of: inner)
        case .mark("["):
            advance()
            return .list(try deeper { parser throws(ConditionProblem) in try parser.elements() })
        case .name("true"), .name("false"), .name("null"):
            let isTrue = token == .name("true")
            let isNull = token == .name("null")
            advance()
            return .literal(isNull ? .null : .bool(isTrue))
        case .name(let name) where !["and", "or", "not", "in"].contains(name):
            advance()
            return try suffixes(of: try reference(name, at: start))
        default:
            throw unexpected("a value")
        }
    }

    private mutating func elements() throws(ConditionProblem) -> [ConditionExpression] {
        if take("]") { return [] }
        var elements: [ConditionExpression] = []
        repeat { elements.append(try choice()) } while take(",")
        try expect("]")
        return elements
    }

    /// A name of ours with the part of its path that a scope knows.
    private mutating func reference(_ namespace: String, at start: Int) throws(ConditionProblem) -> ConditionExpression
    {
        guard Template.namespaces.contains(namespace) else {
            let nearest = Spelling.nearest(to: namespace, among: Template.namespaces.sorted())
            let rest =
                nearest == nil ? "; put a text in quotes ('\(namespace)')" : ".\(Spelling.question(nearest))"
            throw ConditionProblem(sentence: "\(namespace) names nothing\(rest)", offset: start)
        }
        var path: [String] = []
        while token == .mark("."), case let count = Self.length(of: namespace, path), path.count < count {
            advance()
            path.append(try fieldName())
        }
        if path.isEmpty, namespace != "item" {
            throw ConditionProblem(sentence: "\(namespace) is followed by a dot and a name", offset: start)
        }
        return .reference(.init(namespace: namespace, path: path, offset: start))
    }

    /// How many names after the namespace lead to a text; the rest are fields of what is in it.
    private static func length(of namespace: String, _ path: [String]) -> Int {
        switch namespace {
        case "variables", "params", "env", "secrets": 1
        case "run": RenderScope.runPaths.contains(path.joined(separator: ".")) ? path.count : 2
        case "tasks": 3
        case "item": 0
        // Which of their names hold a JSON text shows only in the scope.
        default: fieldLimit
        }
    }

    private mutating func fieldName() throws(ConditionProblem) -> String {
        guard case .name(let name) = token else { throw unexpected("a name") }
        advance()
        return name
    }

    private mutating func suffixes(of base: ConditionExpression) throws(ConditionProblem) -> ConditionExpression {
        var expression = base
        var count = 0
        while true {
            if take(".") {
                expression = .field(expression, try fieldName())
            } else if take("[") {
                let key = try deeper { parser throws(ConditionProblem) in try parser.choice() }
                try expect("]")
                expression = .element(expression, key)
            } else {
                return expression
            }
            count += 1
            guard count <= Self.fieldLimit else {
                throw ConditionProblem(sentence: "it has more than \(Self.fieldLimit) fields in a row", offset: offset)
            }
        }
    }
}
