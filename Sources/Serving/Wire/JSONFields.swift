import Scheduling

/// An object that came in, taken apart member by member: a wrong type or an unknown name is refused, never passed over.
package struct JSONFields {
    private let members: JSONMembers
    private let subject: String
    private var asked: Set<String> = []

    init(_ members: JSONMembers, of subject: String) { (self.members, self.subject) = (members, subject) }

    /// - Parameter subject: what to call the object in a message, e.g. `the body`, `line 3`.
    /// - Throws: `ServingFailure` (422) when the value is no object.
    package init(_ value: JSONValue, of subject: String) throws {
        guard case .object(let members) = value else {
            throw ServingFailure.unprocessable(
                "\(subject) must be a JSON object, not \(value.kind).", remedy: "send {…}.")
        }
        self.init(members, of: subject)
    }

    /// nil when it is absent or null.
    package mutating func string(_ name: String) throws -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value else { throw wrongType(name, "a string", value) }
        return text
    }

    package mutating func requiredString(_ name: String) throws -> String {
        guard let text = try string(name) else { throw missing(name) }
        if text.isEmpty {
            throw ServingFailure.unprocessable("`\(name)` of \(subject) is empty.", remedy: "give it a value.")
        }
        return text
    }

    package mutating func int(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = take(name) else { return nil }
        guard case .integer(let number) = value else { throw wrongType(name, "a whole number", value) }
        guard let number = Int(exactly: number), range ~= number else {
            throw outOfRange(name, "\(range.lowerBound) … \(range.upperBound)")
        }
        return number
    }

    package mutating func requiredInt(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = try int(name, in: range) else { throw missing(name) }
        return number
    }

    package mutating func double(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let value = take(name) else { return nil }
        guard let number = value.double else { throw wrongType(name, "a number", value) }
        guard range ~= number else { throw outOfRange(name, "\(range.lowerBound) … \(range.upperBound)") }
        return number
    }

    package mutating func bool(_ name: String) throws -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .bool(let flag) = value else { throw wrongType(name, "true or false", value) }
        return flag
    }

    package mutating func array(_ name: String) throws -> [JSONValue]? {
        guard let value = take(name) else { return nil }
        guard case .array(let elements) = value else { throw wrongType(name, "a list", value) }
        return elements
    }

    package mutating func object(_ name: String) throws -> JSONMembers? {
        guard let value = take(name) else { return nil }
        guard case .object(let members) = value else { throw wrongType(name, "an object", value) }
        return members
    }

    /// Of whatever kind.
    package mutating func value(_ name: String) -> JSONValue? { take(name) }

    /// To be called when everything known has been asked for.
    /// - Throws: `ServingFailure` (422) when there is a member that nobody asked for.
    package func finish() throws {
        guard let unknown = members.keys.filter({ !asked.contains($0) }).min() else { return }
        let known = asked.sorted().joined(separator: ", ")
        let hint = Spelling.nearest(to: unknown, among: asked.sorted()).map { " (did you mean `\($0)`?)" } ?? ""
        throw ServingFailure.unprocessable(
            "\(subject) has an unknown member `\(unknown.prefix(100))`\(hint).", remedy: "there are: \(known).")
    }

    private mutating func take(_ name: String) -> JSONValue? {
        asked.insert(name)
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// 422: a member that must be there is not.
    package func missing(_ name: String) -> ServingFailure {
        let near = members.keys.filter { !asked.contains($0) && Spelling.nearest(to: name, among: [$0]) != nil }
        if members[name] == nil, !near.isEmpty {
            let misspelt = near.sorted().map { "`\($0.prefix(100))`" }.joined(separator: ", ")
            return .unprocessable("\(subject) lacks `\(name)` and has \(misspelt).", remedy: "write `\(name)`.")
        }
        return .unprocessable("\(subject) lacks `\(name)`.", remedy: "add it.")
    }

    private func wrongType(_ name: String, _ expected: String, _ value: JSONValue) -> ServingFailure {
        .unprocessable("`\(name)` of \(subject) must be \(expected), not \(value.kind).", remedy: "correct its type.")
    }

    private func outOfRange(_ name: String, _ range: String) -> ServingFailure {
        .unprocessable("`\(name)` of \(subject) is out of range.", remedy: "give a value in \(range).")
    }
}
