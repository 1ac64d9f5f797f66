/// A `when` in Jinja's words, on top of the functions that `AirflowRuntime.conditions` defines.
struct JinjaCondition {
    let jinja: JinjaText

    /// Skips the task where it does not hold.
    func text(_ condition: Condition) -> String {
        "{{ require(\(truth(condition.expression)), \(JinjaText.literal(condition.text))) }}"
    }

    private func truth(_ expression: ConditionExpression) -> String {
        switch expression {
        case .not(let base): "(not \(truth(base)))"
        case .all(let parts): "(\(parts.map(truth).joined(separator: " and ")))"
        case .any(let parts): "(\(parts.map(truth).joined(separator: " or ")))"
        case .compare: value(expression)
        default: "truth(\(value(expression)))"
        }
    }

    private func value(_ expression: ConditionExpression) -> String {
        switch expression {
        case .literal(let value): literal(value)
        case .list(let parts): "[\(parts.map(value).joined(separator: ", "))]"
        case .reference(let reference): "given(\(jinja.expression(reference.namespace, reference.path)))"
        case .field(let base, let name): "member(\(value(base)), \(JinjaText.literal(name)))"
        case .element(let base, let key): "member(\(value(base)), \(value(key)))"
        case .not, .all, .any: truth(expression)
        case .compare(let comparison, let left, let right): compare(comparison, value(left), value(right))
        case .coalesce(let left, let right): "(\(value(left)) if \(value(left)) is not none else \(value(right)))"
        case .choose(let test, let first, let second): "(\(value(first)) if \(truth(test)) else \(value(second)))"
        }
    }

    private func compare(_ comparison: ConditionExpression.Comparison, _ left: String, _ right: String) -> String {
        switch comparison {
        case .equal: "equal(\(left), \(right))"
        case .unequal: "(not equal(\(left), \(right)))"
        case .less: "less(\(left), \(right))"
        case .greater: "less(\(right), \(left))"
        case .atMost: "(not less(\(right), \(left)))"
        case .atLeast: "(not less(\(left), \(right)))"
        case .isIn: "contains(\(right), \(left))"
        case .isNotIn: "(not contains(\(right), \(left)))"
        }
    }

    private func literal(_ value: JSONValue) -> String {
        switch value {
        case .null: "none"
        case .string(let text): JinjaText.literal(text)
        case .int(let number): "\(number)"
        case .double(let number): number.isFinite ? "\(number)" : "number(\(JinjaText.literal("\(number)")))"
        case .bool(let flag): flag ? "true" : "false"
        case .array(let elements): "[\(elements.map(literal).joined(separator: ", "))]"
        case .object(let fields):
            "{"
                + fields.sorted { $0.key < $1.key }.map { "\(JinjaText.literal($0.key)): \(literal($0.value))" }
                .joined(separator: ", ") + " }"
        }
    }
}
