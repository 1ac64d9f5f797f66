/// A condition in words, each name with its value: `gain 0.01 >= min_gain 0.02`.
struct ConditionWording {
    let scope: RenderScope
    /// Whole paths instead of their last words.
    let fullNames: Bool

    func text(_ expression: ConditionExpression) -> String {
        switch expression {
        case .literal(let value): return Self.cut(value.text)
        case .list(let parts): return "[\(parts.map(text).joined(separator: ", "))]"
        case .reference, .field, .element:
            let value = try? ConditionEvaluation(scope: scope).value(of: expression)
            return "\(name(expression)) \(value.map { ConditionEvaluation.words($0, of: expression) } ?? "?")"
        case .not(let part): return "not \(inner(part))"
        case .all(let parts): return parts.map(inner).joined(separator: " and ")
        case .any(let parts): return parts.map(inner).joined(separator: " or ")
        case .compare(let comparison, let left, let right):
            return "\(inner(left)) \(comparison.rawValue) \(inner(right))"
        case .coalesce(let left, let right): return "\(inner(left)) ?? \(inner(right))"
        case .choose(let test, let first, let second): return "\(inner(test)) ? \(inner(first)) : \(inner(second))"
        }
    }

    /// Without values, as it was written.
    func name(_ expression: ConditionExpression) -> String {
        switch expression {
        case .reference(let reference):
            fullNames ? reference.wording : reference.path.last ?? reference.namespace
        case .field(let base, let name): "\(self.name(base)).\(name)"
        case .element(let base, let key): "\(name(base))[\(name(key))]"
        case .literal(let value): value.text
        case .list, .not, .all, .any, .compare, .coalesce, .choose: "(\(text(expression)))"
        }
    }

    /// In brackets where it would be read otherwise.
    private func inner(_ expression: ConditionExpression) -> String {
        switch expression {
        case .literal, .list, .reference, .field, .element: text(expression)
        case .compare where isFlat(expression): text(expression)
        case .not, .all, .any, .compare, .coalesce, .choose: "(\(text(expression)))"
        }
    }

    /// A comparison of plain values stands well beside `and` without brackets.
    private func isFlat(_ expression: ConditionExpression) -> Bool {
        guard case .compare(_, let left, let right) = expression else { return false }
        return [left, right].allSatisfy { part in
            switch part {
            case .literal, .list, .reference, .field, .element: true
            case .not, .all, .any, .compare, .coalesce, .choose: false
            }
        }
    }

    /// Short enough for a line of a table, and harmless in a terminal.
    static func cut(_ text: String) -> String {
        text.unicodeScalars.count <= 60 ? LogLine.escaped(text) : LogLine.escaped(text.prefix(57)) + "…"
    }
}
