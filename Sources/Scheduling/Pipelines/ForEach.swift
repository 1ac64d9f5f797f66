/// What a task is repeated over.
package enum ForEach: Sendable, Equatable {
    case literal([Template])
    /// Text that holds a JSON list, or one item a line, once it is filled in.
    case template(Template)

    /// More than these are a slip, or work for one task that reads a file.
    package static let limit = 1000

    /// The items, in order; what `${item}` stands for. Blank lines are none.
    /// - Throws: `RenderError.items`, also when there are more than `limit`; it stops reading there.
    package func items(in scope: RenderScope) throws(RenderError) -> [String] {
        switch self {
        case .literal(let templates):
            var items: [String] = []
            for template in templates { items.append(try template.render(scope, quoting: .plain)) }
            return items
        case .template(let template): return try Self.items(of: try template.render(scope, quoting: .plain))
        }
    }

    private static func items(of text: String) throws(RenderError) -> [String] {
        if text.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") {
            do {
                return try JSONScanner.elements(of: text, limit: limit)
            } catch {
                throw .items(problem: "the text begins like a JSON list, but \(error.sentence)")
            }
        }
        var items: [String] = []
        for line in text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            guard items.count < limit else { throw .items(problem: "there are more than \(limit) lines") }
            items.append(String(Substring(line)))
        }
        return items
    }
}
