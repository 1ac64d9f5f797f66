import Foundation

extension Template {
    /// The first words of a path that mean something to mlstack; `${HOME}` and the like are the shell's own.
    package static let namespaces: Set<String> = [
        "variables", "params", "run", "tasks", "event", "models", "secrets", "env", "item",
    ]

    /// - Throws: `TemplateError` when a `${…}` of ours is not written as it must be.
    package init(parsing text: String) throws(TemplateError) {
        let scan = TemplateScan(text)
        if let problem = scan.references.lazy.compactMap(\.problem).first { throw problem }
        self.init(pieces: scan.pieces)
    }

    /// A template without places to fill in.
    package init(text: String) { self.init(pieces: text.isEmpty ? [] : [.text(text)]) }

    /// The text, when there is nothing to fill in.
    package var constant: String? {
        var result = ""
        for piece in pieces {
            guard case .text(let text) = piece else { return nil }
            result += text
        }
        return result
    }
}

/// A `${…}` with a known namespace that can't be read.
package struct TemplateError: Error, Sendable, Equatable {
    /// As it stands in the text.
    package var reference: String
    package var problem: String
}

extension TemplateError: LocalizedError {
    package var errorDescription: String? { "\(reference): \(problem)" }
    package var recoverySuggestion: String? { "write ${namespace.name}, or $${ for the two characters themselves." }
}

/// A text taken apart into what stands as it is and what is filled in, with the wording of each place.
struct TemplateScan {
    struct Reference {
        /// As it stands in the text, e.g. `${params.x!raw}`.
        var wording: String
        /// How many places of the same wording stand before it.
        var occurrence: Int
        var namespace: String
        var path: [String]
        var problem: TemplateError?
    }

    private(set) var pieces: [Template.Piece] = []
    private(set) var references: [Reference] = []
    private(set) var lookalikes: [TemplateLookalike] = []
    private var occurrences: [String: Int] = [:]

    /// - Parameter hasItem: whether `${item}` alone is ours; in the command of a task without `foreach` it is likely
    ///   the variable of a loop of the shell.
    init(_ text: String, hasItem: Bool = false) {
        var rest = Substring(text)
        var plain = ""
        while let dollar = rest.firstIndex(of: "$") {
            plain += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                plain += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${"), let place = Self.place(at: rest, hasItem: hasItem) {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                append(place)
                rest = rest.dropFirst(place.wording.count)
            } else {
                if rest.hasPrefix("${"), var lookalike = TemplateLookalike(at: rest) {
                    lookalike.occurrence = lookalikes.count { $0.wording == lookalike.wording }
                    lookalikes.append(lookalike)
                }
                plain.append("$")
                rest = rest.dropFirst()
            }
        }
        plain += rest
        if !plain.isEmpty { pieces.append(.text(plain)) }
    }

    private mutating func append(_ place: Place) {
        let occurrence = occurrences[place.wording, default: 0]
        occurrences[place.wording] = occurrence + 1
        references.append(
            Reference(
                wording: place.wording, occurrence: occurrence, namespace: place.namespace, path: place.path,
                problem: place.problem.map { TemplateError(reference: place.wording, problem: $0) }))
        pieces.append(.reference(namespace: place.namespace, path: place.path, raw: place.raw))
    }

    private struct Place {
        var wording: String
        var namespace: String
        var path: [String] = []
        var raw = false
        var problem: String?
    }

    /// nil when what stands at the front is not ours.
    private static func place(at text: Substring, hasItem: Bool) -> Place? {
        if hasItem, let wording = ["${item}", "${item!raw}"].first(where: text.hasPrefix) {
            return Place(wording: wording, namespace: "item", raw: wording.hasSuffix("!raw}"))
        }
        let namespace = text.dropFirst(2).prefix { isNameCharacter($0) }
        // A namespace alone, as in ${run}, may be a variable of the shell.
        guard Template.namespaces.contains(String(namespace)), text.dropFirst(2 + namespace.count).first == "." else {
            return nil
        }
        guard let end = text.firstIndex(where: { $0 == "}" || $0.isNewline }), text[end] == "}" else {
            return Place(
                wording: String(text.prefix { !$0.isNewline }), namespace: String(namespace), problem: "no } closes it")
        }
        var place = Place(wording: String(text[...end]), namespace: String(namespace))
        var body = text[..<end].dropFirst(3 + namespace.count)
        if body.hasSuffix("!raw") {
            place.raw = true
            body = body.dropLast(4)
        }
        let path = body.split(separator: ".", omittingEmptySubsequences: false)
        if path.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isNameCharacter) }) {
            place.path = path.map(String.init)
        } else {
            place.problem = "a name is made of letters, digits, _ and -, with dots between"
        }
        return place
    }

    static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_" || character == "-")
    }
}
