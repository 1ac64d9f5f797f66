/// A `${word.path}` that was likely meant as one of ours and is none: `${variable.x}`, `${ params.x }`.
///
/// It stays text as it stands, since another program may read such places; whoever reads the file is told.
struct TemplateLookalike: Equatable {
    /// As it stands in the text.
    var wording: String
    /// How many places of the same wording stand before it.
    var occurrence = 0
    /// What to write instead.
    var meant: String

    /// nil when what stands at the front resembles nothing of ours.
    /// - Precondition: the text begins with `${`, and no reference stands there.
    init?(at text: Substring) {
        guard let end = text.firstIndex(where: { $0 == "}" || $0.isNewline }), text[end] == "}" else { return nil }
        let inside = text[..<end].dropFirst(2)
        let body = inside.drop { $0 == " " }.prefix { $0 != " " }
        // Blanks may stand around the whole alone.
        guard inside.drop(while: { $0 == " " }).dropFirst(body.count).allSatisfy({ $0 == " " }) else { return nil }
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(TemplateScan.isNameCharacter) }),
            let namespace = Self.namespace(meantBy: String(parts[0]))
        else { return nil }
        wording = String(text[...end])
        meant = "${\(namespace).\(parts.dropFirst().joined(separator: "."))}"
    }

    private static func namespace(meantBy word: String) -> String? {
        let namespaces = Template.namespaces.sorted()
        if let nearest = Spelling.nearest(to: word, among: namespaces) { return nearest }
        // `var` and `vars` are what others call it.
        let stem = word.hasSuffix("s") ? String(word.dropLast()) : word
        return stem.count < 3 ? nil : namespaces.first { $0.hasPrefix(stem) }
    }
}
