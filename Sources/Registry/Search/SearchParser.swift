/// Reads what MLflow's searches filter by.
///
/// ```
/// filter     := any
/// any        := all ( OR all )*
/// all        := part ( AND part )*
/// part       := NOT part | "(" any ")" | comparison
/// comparison := identifier sign value | identifier [ NOT ] IN "(" text ( "," text )* ")" | identifier IS [ NOT ] NULL
/// identifier := [ entity "." ] key
/// key        := bare | `back quoted` | "double quoted" | 'single quoted'
/// sign       := "=" | "!=" | ">" | ">=" | "<" | "<=" | LIKE | ILIKE
/// value      := number | 'text' | "text"
/// ```
/// Keywords may be written in any letter case. `OR`, `NOT` and parentheses are ours: MLflow refuses them. A bare key consists
/// of letters, digits, `_` and dots. What is refused is named with its column, under MLflow's phrase. The limits keep what
/// the store is asked to do bounded, whatever is sent.
package struct SearchParser {
    private var scanner: SearchScanner
    private let fields: SearchFields
    private var comparisonCount = 0
    private var patternBytes = 0

    /// - Parameter text: nil or blank for no condition.
    /// - Returns: nil for no condition.
    /// - Throws: `.invalid`.
    package static func condition(_ text: String?, in fields: SearchFields) throws(RegistryError) -> SearchCondition? {
        guard let text else { return nil }
        if text.utf8.count > Limits.filterBytes {
            throw .invalid(
                "Invalid clause(s) in filter string: it is longer than \(Limits.filterBytes) bytes "
                    + "(column \(Limits.filterBytes)). Ask for less at once.")
        }
        var parser = SearchParser(scanner: SearchScanner(text), fields: fields)
        if let zero = parser.scanner.zero { throw parser.refusal("it holds a zero byte", at: zero) }
        if parser.scanner.isAtEnd { return nil }
        let condition = try parser.any(depth: 0)
        guard parser.scanner.isAtEnd else { throw parser.refusal("expected AND, OR or the end") }
        return condition
    }

    private init(scanner: SearchScanner, fields: SearchFields) { (self.scanner, self.fields) = (scanner, fields) }

    // MARK: Joining

    private mutating func any(depth: Int) throws(RegistryError) -> SearchCondition {
        var parts = [try all(depth: depth)]
        while scanner.skip(keyword: "OR") { parts.append(try all(depth: depth)) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all(depth: Int) throws(RegistryError) -> SearchCondition {
        var parts = [try part(depth: depth)]
        while scanner.skip(keyword: "AND") { parts.append(try part(depth: depth)) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func part(depth: Int) throws(RegistryError) -> SearchCondition {
        let start = scanner.offset
        let isNegated = scanner.skip(keyword: "NOT")
        guard isNegated || scanner.skip("(") else { return .comparison(try comparison()) }
        guard depth < Limits.filterDepth else {
            throw refusal("parentheses and NOT go deeper than \(Limits.filterDepth)", at: start)
        }
        if isNegated { return .not(try part(depth: depth + 1)) }
        let inner = try any(depth: depth + 1)
        guard scanner.skip(")") else { throw refusal("expected a closing parenthesis, AND or OR") }
        return inner
    }

    // MARK: Comparing

    private mutating func comparison() throws(RegistryError) -> SearchComparison {
        let start = scanner.offset
        comparisonCount += 1
        if comparisonCount > Limits.filterComparisons {
            throw refusal("it has more than \(Limits.filterComparisons) comparisons", at: start)
        }
        let name = try scanner.identifier(in: fields) { scanner, what, offset in
            Self.refusal(what, scanner.place(offset ?? scanner.offset))
        }
        guard let rule = fields.rule(for: name) else {
            throw refusal("\(fields.noun) can be ordered by '\(name.shown)', but not searched for it", at: start)
        }
        let signStart = scanner.offset
        let sign = try sign()
        guard rule.operators.contains(sign) else {
            let known = rule.operators.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw refusal(
                "Invalid comparator '\(sign.rawValue)' for '\(name.shown)', not one of \(known)", at: signStart)
        }
        let valueStart = scanner.offset
        guard let value = try value(of: name, rule, sign) else {
            throw refusal(rule.expectation(of: name, sign), at: valueStart)
        }
        return SearchComparison(name, sign, value)
    }

    private mutating func sign() throws(RegistryError) -> SearchOperator {
        let start = scanner.offset
        if let text = scanner.comparisonSign() {
            if let sign = SearchOperator(rawValue: text) { return sign }
            throw refusal(
                "Invalid comparator '\(text.prefix(10))', not one of '=', '!=', '>', '>=', '<', '<='", at: start)
        }
        if scanner.skip(keyword: "LIKE") { return .like }
        if scanner.skip(keyword: "ILIKE") { return .ilike }
        if scanner.skip(keyword: "IN") { return .oneOf }
        if scanner.skip(keyword: "NOT") {
            if scanner.skip(keyword: "IN") { return .noneOf }
            throw refusal("expected IN after NOT")
        }
        if scanner.skip(keyword: "IS") {
            let isNegated = scanner.skip(keyword: "NOT")
            if scanner.skip(keyword: "NULL") { return isNegated ? .present : .absent }
            throw refusal("expected NULL or NOT NULL after IS")
        }
        throw refusal("expected a comparison such as = or LIKE")
    }

    /// - Returns: nil for a value of the wrong kind.
    private mutating func value(
        of field: SearchField, _ rule: SearchFields.Rule, _ sign: SearchOperator
    ) throws(RegistryError) -> SearchValue? {
        switch sign {
        case .absent, .present: return SearchValue.none
        case .oneOf, .noneOf: return .texts(try list(rule))
        default: break
        }
        let start = scanner.offset
        if let text = scanner.number() {
            switch rule.value {
            case .text: return rule.isLenient ? .text(text) : nil
            case .quotedNumber: return nil
            case .wholeNumber: return Int64(text).map(SearchValue.integer)
            case .number: return Int64(text).map(SearchValue.integer) ?? Double(decimal: text).map(SearchValue.real)
            }
        }
        guard let text = try quotedText() ?? bareText(rule) else { return nil }
        switch rule.value {
        case .text:
            if sign == .like || sign == .ilike {
                patternBytes += text.utf8.count
                guard patternBytes <= Limits.filterPatternBytes else {
                    throw refusal(
                        "the patterns together are longer than \(Limits.filterPatternBytes) bytes", at: start)
                }
            }
            return .text(rule.words[text] ?? text)
        case .quotedNumber: return Self.plainNumber(text).map(SearchValue.text)
        case .wholeNumber: return rule.isLenient ? Int64(text).map(SearchValue.integer) : nil
        case .number: return nil
        }
    }

    /// A text or a number of a list; Python's way to write a tuple of one, with a comma behind it, is understood.
    private mutating func list(_ rule: SearchFields.Rule) throws(RegistryError) -> [String] {
        guard scanner.skip("(") else { throw refusal("expected a list of quoted texts, such as ('a', 'b')") }
        var texts: [String] = []
        while !scanner.skip(")") {
            let start = scanner.offset
            guard let text = try quotedText(), let text = rule.value == .quotedNumber ? Self.plainNumber(text) : text
            else { throw refusal("While parsing a list in the query, expected string value", at: start) }
            texts.append(rule.words[text] ?? text)
            if texts.count > Limits.filterList {
                throw refusal("the list has more than \(Limits.filterList) entries", at: start)
            }
            if scanner.skip(",") { continue }
            guard scanner.skip(")") else { throw refusal("expected a comma or a closing parenthesis") }
            break
        }
        if texts.isEmpty { throw refusal("expected a non-empty list of string values, but got empty list") }
        return texts
    }

    private mutating func quotedText() throws(RegistryError) -> String? {
        guard let text = scanner.quoted(by: "'\"") else {
            if let next = scanner.next, "'\"".utf8.contains(next) { throw refusal("the quote is not closed") }
            return nil
        }
        scanner.skipSpace()
        return text
    }

    private mutating func bareText(_ rule: SearchFields.Rule) -> String? {
        guard rule.isLenient, rule.value == .text, let word = scanner.word(isDotted: true),
            word.uppercased() != "NULL"
        else { return nil }
        scanner.skipSpace()
        return word
    }

    private static func plainNumber(_ text: String) -> String? {
        text.utf8.count <= 20 ? Int64(text).map { String($0) } : nil
    }

    // MARK: Refusing

    private func refusal(_ what: String, at offset: Int? = nil) -> RegistryError {
        Self.refusal(what, scanner.place(offset ?? scanner.offset))
    }

    private static func refusal(_ what: String, _ place: String) -> RegistryError {
        .invalid("Invalid clause(s) in filter string: \(what), at \(place).")
    }
}

extension SearchFields {
    fileprivate func rule(for field: SearchField) -> Rule? {
        field.entity == .attribute ? attribute(field.key)?.rule : keyed[field.entity]
    }
}

extension SearchFields.Rule {
    /// In MLflow's words.
    fileprivate func expectation(of field: SearchField, _ sign: SearchOperator) -> String {
        switch value {
        case .number: "Expected numeric value type for \(field.entity.rawValue) '\(field.shown)', such as 0.5"
        case .wholeNumber: "Invalid value for numeric attribute '\(field.shown)': it must be a whole number"
        case .text:
            "Expected a quoted string value for \(field.entity.rawValue) '\(field.shown)' (e.g. 'my-value')"
        case .quotedNumber: "Invalid value for '\(field.shown)': it must be a whole number in quotes, such as '1'"
        }
    }
}
