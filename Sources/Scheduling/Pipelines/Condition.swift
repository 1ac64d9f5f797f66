/// A `when`: an expression over what a task can see.
///
/// The language is small and always comes to an end: comparisons, `and` `or` `not` (also `&&` `||` `!`), `in`, `??`,
/// `a ? b : c`, fields and elements of JSON values; numbers, texts in quotes, `true`, `false`, `null`, lists. `??`
/// binds tighter than a comparison, so `x ?? 0 > 1` asks about `x ?? 0`. It has no arithmetic, and `-` may stand in
/// names. The whole may stand in `${…}`, and so may any part of it.
package struct Condition: Sendable, Equatable {
    package struct Verdict: Sendable, Equatable {
        package var holds: Bool
        /// The expression with its values, for the message of a task that is skipped.
        package var shown: String
    }
    /// As it was written.
    package var text: String
    var expression: ConditionExpression

    /// Whether the task is to run.
    /// - Throws: `RenderError.condition` when it has no answer: a value is missing where one is needed, or two things
    ///   are compared that can't be.
    package func verdict(in scope: RenderScope) throws(RenderError) -> Verdict {
        let evaluation = ConditionEvaluation(scope: scope)
        do {
            let value = try evaluation.value(of: expression)
            let holds = try evaluation.truth(value, of: expression)
            return Verdict(holds: holds, shown: evaluation.shown(expression))
        } catch {
            throw .condition(text: LogLine.escaped(text.prefix(200)), problem: error.sentence)
        }
    }
}

/// Why an expression can't be read, or has no value.
struct ConditionProblem: Error, Equatable {
    var sentence: String
    /// Where in the text, in Unicode scalars; of those found when it is read.
    var offset = 0
}

indirect enum ConditionExpression: Sendable, Equatable {
    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case atMost = "<="
        case atLeast = ">="
        case less = "<"
        case greater = ">"
        case isIn = "in"
        case isNotIn = "not in"
    }

    struct Reference: Sendable, Equatable {
        var namespace: String
        /// Up to the text that a scope holds; what follows in the expression are fields of it.
        var path: [String]
        /// In the text of the condition, in Unicode scalars.
        var offset: Int
        /// As it was written, with the fields that belong to the path.
        var wording: String { ([namespace] + path).joined(separator: ".") }
    }

    case literal(JSONValue)
    case list([ConditionExpression])
    case reference(Reference)
    case field(ConditionExpression, String)
    case element(ConditionExpression, ConditionExpression)
    case not(ConditionExpression)
    case all([ConditionExpression])
    case any([ConditionExpression])
    case compare(Comparison, ConditionExpression, ConditionExpression)
    case coalesce(ConditionExpression, ConditionExpression)
    case choose(ConditionExpression, ConditionExpression, ConditionExpression)

    private var parts: [ConditionExpression] {
        switch self {
        case .literal, .reference: []
        case .field(let base, _), .not(let base): [base]
        case .list(let parts), .all(let parts), .any(let parts): parts
        case .element(let left, let right), .compare(_, let left, let right), .coalesce(let left, let right):
            [left, right]
        case .choose(let test, let first, let second): [test, first, second]
        }
    }

    /// Everything it names, from left to right.
    var references: [Reference] {
        if case .reference(let reference) = self { return [reference] }
        return parts.flatMap(\.references)
    }

    /// The same with other things in the place of what it names.
    func replacing(_ replacement: (Reference) -> ConditionExpression) -> ConditionExpression {
        switch self {
        case .literal: self
        case .reference(let reference): replacement(reference)
        case .list(let parts): .list(parts.map { $0.replacing(replacement) })
        case .all(let parts): .all(parts.map { $0.replacing(replacement) })
        case .any(let parts): .any(parts.map { $0.replacing(replacement) })
        case .field(let base, let name): .field(base.replacing(replacement), name)
        case .not(let base): .not(base.replacing(replacement))
        case .element(let base, let key): .element(base.replacing(replacement), key.replacing(replacement))
        case .compare(let comparison, let left, let right):
            .compare(comparison, left.replacing(replacement), right.replacing(replacement))
        case .coalesce(let left, let right): .coalesce(left.replacing(replacement), right.replacing(replacement))
        case .choose(let test, let first, let second):
            .choose(test.replacing(replacement), first.replacing(replacement), second.replacing(replacement))
        }
    }
}
