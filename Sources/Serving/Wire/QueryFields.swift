import Scheduling

/// The query of a request, taken apart strictly: an unknown name, a name given twice or a value of the wrong kind is refused.
package struct QueryFields {
    private let values: [String: String]
    private var asked: Set<String> = []

    /// - Throws: `ServingFailure`: 400 for malformed escapes, 422 for a name that is given twice.
    package init(_ call: HTTPCall) throws {
        guard !call.rawQuery.isEmpty else {
            values = [:]
            return
        }
        var values: [String: String] = [:]
        // The token of a page's address belongs to the door, not to the route.
        for (name, value) in try call.queryItems() where name != Authentication.queryName {
            guard values.updateValue(value, forKey: name) == nil else {
                throw ServingFailure.unprocessable("the query gives `\(name)` twice.", remedy: "give it once.")
            }
        }
        self.values = values
    }

    package mutating func string(_ name: String) -> String? {
        asked.insert(name)
        return values[name]
    }

    package mutating func int(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = string(name) else { return nil }
        guard let number = Int(text), range ~= number else {
            throw ServingFailure.unprocessable(
                "`\(name)` is \"\(text.prefix(40))\".",
                remedy: "give a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    package mutating func bool(_ name: String) throws -> Bool? {
        switch string(name) {
        case nil: return nil
        case "true", "1": return true
        case "false", "0": return false
        case .some(let text):
            throw ServingFailure.unprocessable("`\(name)` is \"\(text.prefix(40))\".", remedy: "give true or false.")
        }
    }

    /// Every value whose name begins so, by the rest of its name.
    package mutating func prefixed(_ prefix: String) -> [String: String] {
        var found: [String: String] = [:]
        for (name, value) in values where name.hasPrefix(prefix) {
            asked.insert(name)
            found[String(name.dropFirst(prefix.count))] = value
        }
        return found
    }

    /// To be called when everything known has been asked for.
    /// - Throws: `ServingFailure` (422) when there is a name that nobody asked for.
    package func finish() throws {
        guard let unknown = values.keys.filter({ !asked.contains($0) }).min() else { return }
        let hint = Spelling.nearest(to: unknown, among: asked.sorted()).map { " (did you mean `\($0)`?)" } ?? ""
        throw ServingFailure.unprocessable(
            "there is no query parameter `\(unknown.prefix(40))` here\(hint).",
            remedy: asked.isEmpty ? "leave it out." : "there are: \(asked.sorted().joined(separator: ", ")).")
    }
}
