import Registry

/// The part of MLflow's search grammar that its client itself uses: equalities of attributes, joined by AND.
///
/// ```
/// filter     := comparison ( AND comparison )*
/// comparison := [ entity "." ] key ( "=" | "!=" ) 'value'
/// key        := bare | `back quoted` | "double quoted"
/// ```
/// Everything else is refused with the place where it begins, never passed over.
struct MLflowFilter {
    /// What each attribute must be.
    private(set) var equalities: [String: String] = [:]

    /// - Parameters:
    ///   - text: nil or blank for no condition.
    ///   - attributes: what may be asked for.
    /// - Throws: `.invalid`, with MLflow's phrase, for what is not understood.
    init(_ text: String?, attributes: Set<String> = []) throws(RegistryError) {
        var scanner = Scanner(text: text ?? "")
        if scanner.isAtEnd { return }
        repeat {
            let start = scanner.rest
            let identifier = scanner.identifier()
            guard let identifier, let isEqual = scanner.comparison(), let value = scanner.quoted() else {
                throw Self.refusal(start, attributes)
            }
            // The client adds this to every search for models; the registry leaves prompts out by itself.
            if identifier == "tag.\(RegisteredModel.promptTag)", !isEqual, value == "true" { continue }
            guard isEqual, identifier.hasPrefix("attribute.") else { throw Self.refusal(start, attributes) }
            let attribute = String(identifier.dropFirst("attribute.".count))
            guard attributes.contains(attribute), equalities.updateValue(value, forKey: attribute) == nil else {
                throw Self.refusal(start, attributes)
            }
        } while scanner.and()
        if !scanner.isAtEnd { throw Self.refusal(scanner.rest, attributes) }
    }

    private static func refusal(_ clause: Substring, _ attributes: Set<String>) -> RegistryError {
        let known =
            attributes.isEmpty
            ? "this search takes no filter yet: leave it empty"
            : "this search takes \(attributes.sorted().map { "\($0) = '…'" }.joined(separator: " AND "))"
        return .invalid("Invalid clause(s) in filter string: \"\(clause.prefix(200))\"; \(known).")
    }

    private struct Scanner {
        private(set) var rest: Substring

        init(text: String) {
            rest = text[...]
            skipSpace()
        }

        var isAtEnd: Bool { rest.isEmpty }

        /// `attribute.<key>` or `tag.<key>`, whatever alias of the entity was written.
        mutating func identifier() -> String? {
            guard var key = word() else { return nil }
            var entity = "attribute"
            if rest.first == "." {
                rest.removeFirst()
                switch key.lowercased() {
                case "attribute", "attributes", "attr": break
                case "tag", "tags": entity = "tag"
                default: return nil
                }
                // A bare key of a tag may hold dots.
                guard var part = word() else { return nil }
                while rest.first == "." {
                    rest.removeFirst()
                    guard let next = word() else { return nil }
                    part += "." + next
                }
                key = part
            }
            skipSpace()
            return "\(entity).\(key)"
        }

        private mutating func word() -> String? {
            if let quote = rest.first, quote == "`" || quote == "\"" { return enclosed(by: quote) }
            let bare = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            rest = rest[bare.endIndex...]
            return bare.isEmpty ? nil : String(bare)
        }

        mutating func comparison() -> Bool? {
            for (text, isEqual) in [("!=", false), ("=", true)] where rest.hasPrefix(text) {
                rest = rest.dropFirst(text.count)
                skipSpace()
                return isEqual
            }
            return nil
        }

        mutating func quoted() -> String? {
            guard let quote = rest.first, quote == "'" || quote == "\"", let value = enclosed(by: quote) else {
                return nil
            }
            skipSpace()
            return value
        }

        mutating func and() -> Bool {
            guard rest.prefix(3).lowercased() == "and", rest.dropFirst(3).first?.isWhitespace ?? false else {
                return false
            }
            rest = rest.dropFirst(3)
            skipSpace()
            return true
        }

        private mutating func enclosed(by quote: Character) -> String? {
            let text = rest.dropFirst()
            guard let end = text.firstIndex(of: quote) else { return nil }
            rest = text[text.index(after: end)...]
            return String(text[..<end])
        }

        private mutating func skipSpace() { rest = rest.drop(while: \.isWhitespace) }
    }
}

/// The order of a search: only the one that every search has anyway.
enum MLflowOrder {
    /// - Parameters:
    ///   - clauses: what was asked for; the beginning of `standard` is as good as nothing.
    ///   - standard: `key ASC` or `key DESC`, the main one first.
    /// - Throws: `.invalid` for every other order.
    static func check(_ clauses: [String], standard: [String]) throws(RegistryError) {
        for (index, clause) in clauses.enumerated() {
            guard index < standard.count, plain(clause) == plain(standard[index]) else {
                throw .invalid(
                    "Invalid order_by clause '\(clause.prefix(200))': this search takes no other order yet than its own, "
                        + "\(standard.joined(separator: ", ")).")
            }
        }
    }

    /// `attributes.start_time  desc` becomes `start_time desc`.
    private static func plain(_ clause: String) -> String {
        let words = clause.lowercased().split(whereSeparator: \.isWhitespace)
        guard let identifier = words.first?.split(separator: "."), let key = identifier.last, words.count <= 2,
            identifier.count == 1
                || identifier.count == 2 && ["attribute", "attributes", "attr"].contains(identifier[0])
        else { return clause }
        return "\(key) \(words.count == 2 ? words[1] : "asc")"
    }
}
