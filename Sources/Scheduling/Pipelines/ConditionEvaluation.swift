/// What a condition comes to in a scope.
struct ConditionEvaluation {
    let scope: RenderScope

    /// A value on the way.
    enum Operand: Equatable {
        case value(JSONValue)
        /// Text that a scope holds: it counts as what it looks like, for there everything is text.
        case given(String)
        /// With what there is instead, for messages.
        case missing(String)

        /// What it looks like: a number, a boolean, JSON in brackets, else text.
        var meaning: JSONValue {
            switch self {
            case .value(let value): return value
            case .missing: return .null
            case .given(let text):
                if let number = number { return .double(number) }
                if text == "true" || text == "false" { return .bool(text == "true") }
                if text.first == "{" || text.first == "[", let value = try? JSONScanner.value(of: text) {
                    return value
                }
                return .string(text)
            }
        }

        var number: Double? {
            switch self {
            case .value(.int(let value)): Double(value)
            case .value(.double(let value)): value
            case .given(let text): YAMLScalar.float(text)
            case .value, .missing: nil
            }
        }

        /// The text itself, when it is one or is to be taken for one.
        var text: String? {
            switch self {
            case .value(.string(let text)), .given(let text): text
            case .value, .missing: nil
            }
        }

        var isNull: Bool {
            switch self {
            case .value(.null), .missing: true
            case .value, .given: false
            }
        }
    }

    // MARK: - Values

    func value(of expression: ConditionExpression) throws(ConditionProblem) -> Operand {
        switch expression {
        case .literal(let value): return .value(value)
        case .reference(let reference): return lookUp(reference)
        case .list(let parts):
            var values: [JSONValue] = []
            for part in parts { values.append(try value(of: part).meaning) }
            return .value(.array(values))
        case .field(let base, let name): return Self.field(.string(name), of: try value(of: base))
        case .element(let base, let key):
            return Self.field(try value(of: key).meaning, of: try value(of: base))
        case .not(let base): return .value(.bool(!(try truth(value(of: base), of: base))))
        case .all(let parts):
            for part in parts where !(try truth(value(of: part), of: part)) { return .value(.bool(false)) }
            return .value(.bool(true))
        case .any(let parts):
            for part in parts where try truth(value(of: part), of: part) { return .value(.bool(true)) }
            return .value(.bool(false))
        case .compare(let comparison, let left, let right):
            return .value(.bool(try compare(comparison, left, right)))
        case .coalesce(let left, let right):
            let value = try self.value(of: left)
            return value.isNull ? try self.value(of: right) : value
        case .choose(let test, let first, let second):
            return try value(of: try truth(value(of: test), of: test) ? first : second)
        }
    }

    /// Strictly true or false: a number or a text that is none is a mistake, not an answer.
    func truth(_ operand: Operand, of expression: ConditionExpression) throws(ConditionProblem) -> Bool {
        if case .bool(let value) = operand.meaning { return value }
        throw problem(of: operand, expression, "true or false is expected")
    }

    private func lookUp(_ reference: ConditionExpression.Reference) -> Operand {
        do {
            return .given(try scope.value(reference.namespace, reference.path))
        } catch {
            if case .noValue(_, let reason) = error { return .missing(reason) }
            return .missing("there is no such value")
        }
    }

    /// What is not in there is null, as what a task did not put out is.
    static func field(_ key: JSONValue, of base: Operand) -> Operand {
        switch (base.meaning, key) {
        case (.object(let fields), .string(let name)):
            return fields[name].map(operand) ?? .missing("it has no field \(name)")
        case (.array(let elements), .int(let index)) where elements.indices.contains(index):
            return operand(elements[index])
        case (.array(let elements), .double(let number)):
            guard let index = Int(exactly: number), elements.indices.contains(index) else { break }
            return operand(elements[index])
        case (.array(let elements), .string(let name)):
            guard let index = YAMLScalar.int(name), elements.indices.contains(index) else { break }
            return operand(elements[index])
        default: break
        }
        if case .missing = base { return base }
        return .missing("it has no element \(key.text)")
    }

    /// Texts inside JSON count as what they look like too: tools differ in whether they quote numbers.
    private static func operand(_ value: JSONValue) -> Operand {
        if case .string(let text) = value { return .given(text) }
        return .value(value)
    }

    // MARK: - Comparisons

    private func compare(
        _ comparison: ConditionExpression.Comparison, _ left: ConditionExpression, _ right: ConditionExpression
    ) throws(ConditionProblem) -> Bool {
        let (first, second) = (try value(of: left), try value(of: right))
        switch comparison {
        case .equal: return Self.areEqual(first, second)
        case .unequal: return !Self.areEqual(first, second)
        case .isIn: return try contains(second, first, right, left)
        case .isNotIn: return !(try contains(second, first, right, left))
        case .less: return try order(first, second, left, right, comparison) < 0
        case .greater: return try order(first, second, left, right, comparison) > 0
        case .atMost: return try order(first, second, left, right, comparison) <= 0
        case .atLeast: return try order(first, second, left, right, comparison) >= 0
        }
    }

    /// Numbers as numbers, unless a text in quotes stands on one side.
    private static func areEqual(_ left: Operand, _ right: Operand) -> Bool {
        if isQuoted(left) || isQuoted(right) { return left.text != nil && left.text == right.text }
        if let first = left.number, let second = right.number { return first == second }
        return left.meaning == right.meaning
    }

    private static func isQuoted(_ operand: Operand) -> Bool {
        if case .value(.string) = operand { return true }
        return false
    }

    /// Below 0 when the left is the lesser, 0 when they are equal.
    private func order(
        _ left: Operand, _ right: Operand, _ first: ConditionExpression, _ second: ConditionExpression,
        _ comparison: ConditionExpression.Comparison
    ) throws(ConditionProblem) -> Int {
        let isText = Self.isQuoted(left) || Self.isQuoted(right)
        if !isText, let first = left.number, let second = right.number {
            return first < second ? -1 : first == second ? 0 : 1
        }
        if left.isNull { throw problem(of: left, first, "\(comparison.rawValue) needs a value on both sides") }
        if right.isNull { throw problem(of: right, second, "\(comparison.rawValue) needs a value on both sides") }
        // Two texts, e.g. dates; one that is a number beside one that is not is a mistake.
        if let first = left.text, let second = right.text, isText || (left.number == nil && right.number == nil) {
            if first == second { return 0 }
            return first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars) ? -1 : 1
        }
        throw ConditionProblem(
            sentence:
                "\(Self.words(left, of: first)) and \(Self.words(right, of: second)) can't be ordered by \(comparison.rawValue)"
        )
    }

    /// An element of a list, a key of a mapping, a part of a text.
    private func contains(
        _ whole: Operand, _ part: Operand, _ expression: ConditionExpression, _ partExpression: ConditionExpression
    ) throws(ConditionProblem) -> Bool {
        switch whole.meaning {
        case .array(let elements):
            return elements.contains { element in
                // A text of a list counts as what it looks like, unless it meets one in quotes.
                Self.areEqual(Self.operand(element), part)
            }
        case .object(let fields): return part.text.map { fields[$0] != nil } ?? false
        default:
            guard let text = whole.text else {
                throw problem(of: whole, expression, "in needs a list, a mapping or a text on its right")
            }
            guard let part = part.text else { throw problem(of: part, partExpression, "a text is expected before in") }
            return part.isEmpty || text.contains(part)
        }
    }

    private func problem(
        of operand: Operand, _ expression: ConditionExpression, _ expected: String
    ) -> ConditionProblem {
        let name = ConditionWording(scope: scope, fullNames: true).name(expression)
        if case .missing(let reason) = operand {
            let end = reason.hasSuffix(".") || reason.hasSuffix("?") ? " " : "; "
            return ConditionProblem(
                sentence: "\(name) has no value: \(reason)\(end)\(expected). Write \(name) ?? with what to take instead"
            )
        }
        return ConditionProblem(sentence: "\(name) is \(Self.words(operand, of: expression)); \(expected)")
    }

    /// A value for messages, unless it is made of a secret.
    static func words(_ operand: Operand, of expression: ConditionExpression) -> String {
        if expression.references.contains(where: { $0.namespace == "secrets" }) { return "***" }
        switch operand {
        case .given(let text) where YAMLScalar.float(text) != nil: return text
        case .given(let text): return ConditionWording.cut(JSONValue.string(text).text)
        case .value(let value): return ConditionWording.cut(value.text)
        case .missing: return "null"
        }
    }

    func shown(_ expression: ConditionExpression) -> String {
        let names = expression.references.map { $0.path.last ?? $0.namespace }
        let full = Set(expression.references.map(\.wording))
        // Short names when they can be told apart.
        return ConditionWording(scope: scope, fullNames: Set(names).count < full.count).text(expression)
    }
}
