/// Every task type that `uses:` can name.
///
/// To add one: write a type that conforms to `Operator`, and put it into the list that Stack hands to the orchestrator. Its
/// tests run it twice with the same context: the second run must change nothing that the first one finished.
package struct OperatorCatalogue: Sendable {
    /// In the order in which they were listed.
    package let all: [any Operator]
    private let byName: [String: any Operator]

    /// - Precondition: no two have the same name.
    package init(_ operators: [any Operator]) {
        all = operators
        byName = Dictionary(operators.map { ($0.name, $0) }) { first, second in
            preconditionFailure("two operators are called \(first.name): \(type(of: first)) and \(type(of: second))")
        }
    }

    package var names: [String] { all.map(\.name) }
    package subscript(name: String) -> (any Operator)? { byName[name] }

    /// The name that was likely meant.
    package func nearestName(to name: String) -> String? { Spelling.nearest(to: name, among: names) }

    /// - Throws: `SchedulingError.unknownOperator`.
    package func find(_ name: String) throws(SchedulingError) -> any Operator {
        guard let found = byName[name] else {
            throw .unknownOperator(name: name, nearest: nearestName(to: name))
        }
        return found
    }
}
