extension Template {
    /// Text for a record that is filled in only when it is used: secrets stay places in it, and `init(parsing:)` makes a template
    /// of it in which nothing else is one. A value that looks like the place of a secret stays plain text.
    /// - Parameter kept: namespaces whose places stay.
    /// - Throws: `RenderError` when another value is not at hand.
    package func storable(_ scope: RenderScope, keeping kept: Set<String> = ["secrets"]) throws(RenderError) -> String {
        try storable { namespace, path throws(RenderError) in
            kept.contains(namespace) ? nil : try scope.value(namespace, path)
        }
    }

    /// The same, in which what is not at hand stays a place too.
    func storableWhereKnown(_ scope: RenderScope) -> String {
        // What throws nothing needs no `try`.
        storable { namespace, path throws(Never) in
            namespace == "secrets" ? nil : try? scope.value(namespace, path)
        }
    }

    private func storable<Failure: Error>(
        _ value: (String, [String]) throws(Failure) -> String?
    ) throws(Failure) -> String {
        var (result, plain) = ("", "")
        for piece in pieces {
            switch piece {
            case .text(let text): plain += text
            case .reference(let namespace, let path, let raw):
                if let text = try value(namespace, path) {
                    plain += text
                } else {
                    let name = ([namespace] + path).joined(separator: ".")
                    result += Self.escaped(plain) + "${\(name)\(raw ? "!raw" : "")}"
                    plain = ""
                }
            }
        }
        return result + Self.escaped(plain)
    }

    /// As text that a template leaves as it is.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "{", result.unicodeScalars.last == "$" { result += "$" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
