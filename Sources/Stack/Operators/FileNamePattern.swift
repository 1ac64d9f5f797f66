/// What stands in the name of a file, such as `{name}_{score:float}.pt` in `ranker_0.913.pt`.
///
/// A field without a kind takes as much text as it can. `{{` is a brace.
struct FileNamePattern {
    enum Kind: String, CaseIterable { case text, int, float }

    private(set) var fields: [(name: String, kind: Kind)] = []
    private var expression = ""
    private let pattern: String

    /// More would make the matching of an unlucky name slow.
    private static let mostFields = 8

    /// - Throws: `StackError`.
    init(_ pattern: String) throws {
        self.pattern = pattern
        var rest = pattern[...]
        while let character = rest.first {
            if rest.hasPrefix("{{") {
                expression += "\\{"
                rest = rest.dropFirst(2)
            } else if character == "{" {
                guard let end = rest.firstIndex(of: "}") else {
                    throw Self.problem(pattern, "a field is not closed with }")
                }
                try add(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            } else {
                expression += character.isLetter || character.isNumber ? "\(character)" : "\\\(character)"
                rest = rest.dropFirst()
            }
        }
        guard fields.count <= Self.mostFields else { throw Self.problem(pattern, "it has more than 8 fields") }
    }

    private mutating func add(_ field: Substring) throws {
        let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isName = parts[0].first?.isLetter == true && parts[0].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        guard isName, !fields.contains(where: { $0.name == parts[0] }) else {
            throw Self.problem(pattern, "\"\(parts[0])\" is no name of a field, or stands twice")
        }
        guard let kind = parts.count == 1 ? .text : Kind(rawValue: parts[1]) else {
            throw Self.problem(pattern, "\"\(parts[1])\" is none of text, int, float")
        }
        fields.append((parts[0], kind))
        switch kind {
        case .text: expression += "(.+)"
        case .int: expression += "([-+]?[0-9]+)"
        case .float: expression += "([-+]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
        }
    }

    /// The text of each field.
    /// - Throws: `StackError` when the name is of another form.
    func values(in fileName: String) throws -> [String: String] {
        guard let match = try Regex(expression).wholeMatch(in: fileName) else {
            throw StackError.usage(
                "the file name \"\(fileName)\" does not have the form \"\(pattern)\".",
                remedy: "save the file under such a name, or change `pattern`.")
        }
        var values: [String: String] = [:]
        for (index, field) in fields.enumerated() {
            values[field.name] = match.output[index + 1].substring.map(String.init)
        }
        return values
    }

    private static func problem(_ pattern: String, _ what: String) -> StackError {
        .usage("the pattern \"\(pattern)\" cannot be used: \(what).", remedy: "write it like {name}_{score:float}.pt.")
    }
}
