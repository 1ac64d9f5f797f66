/// One element of an answer of the object store, with what is below it.
///
/// Reads what such answers consist of (elements, text, the five named entities and numeric ones) and refuses the rest: a
/// document type above all, by which a short text could become an endless one. An answer's length bounds the work.
struct BucketXML: Equatable {
    /// Without a namespace.
    var name: String
    /// Outside the elements below it.
    var text = ""
    var children: [BucketXML] = []

    static let deepest = 16

    /// - Returns: nil for what is not well-formed.
    init?(_ bytes: [UInt8]) {
        guard let source = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = Reader(rest: source[...].utf8)
        guard let root = reader.document() else { return nil }
        self = root
    }

    private init(name: String) { self.name = name }

    /// The text of the first element of that name.
    subscript(_ name: String) -> String? { children.first { $0.name == name }?.text }

    func all(_ name: String) -> [BucketXML] { children.filter { $0.name == name } }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private struct Reader {
        var rest: Substring.UTF8View

        mutating func document() -> BucketXML? {
            skipProlog()
            guard let root = element(depth: 0) else { return nil }
            skipBlanks()
            return rest.isEmpty ? root : nil
        }

        private mutating func skipProlog() {
            skipBlanks()
            while take("<?") {
                while !rest.isEmpty, !take("?>") { rest.removeFirst() }
                skipBlanks()
            }
        }

        /// A `<!DOCTYPE`, a comment and a CDATA section begin with `<!`, and no name does.
        private mutating func element(depth: Int) -> BucketXML? {
            guard depth < BucketXML.deepest, take("<"), let name = name() else { return nil }
            var element = BucketXML(name: name)
            while let byte = rest.first, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") {
                // Attributes: only namespaces are ever given.
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    rest.removeFirst()
                    while let inside = rest.popFirst(), inside != byte { continue }
                } else {
                    rest.removeFirst()
                }
            }
            if take("/>") { return element }
            guard take(">") else { return nil }
            while !rest.isEmpty {
                if take("</") {
                    guard self.name() == name else { return nil }
                    skipBlanks()
                    return take(">") ? element : nil
                }
                if rest.first == UInt8(ascii: "<") {
                    guard let child = self.element(depth: depth + 1) else { return nil }
                    element.children.append(child)
                } else {
                    guard let text = text() else { return nil }
                    element.text += text
                }
            }
            return nil
        }

        private mutating func name() -> String? {
            let end: [UInt8] = Array(" \t\r\n/>\"'<&=!?".utf8)
            let name = rest.prefix { !end.contains($0) }
            rest = rest.dropFirst(name.count)
            let local = name.split(separator: UInt8(ascii: ":")).last ?? name
            return local.isEmpty ? nil : String(Substring(local))
        }

        private mutating func text() -> String? {
            var result = ""
            while let byte = rest.first, byte != UInt8(ascii: "<") {
                if byte == UInt8(ascii: "&") {
                    guard let scalar = entity() else { return nil }
                    result.unicodeScalars.append(scalar)
                } else {
                    let plain = rest.prefix { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
                    result += Substring(plain)
                    rest = rest.dropFirst(plain.count)
                }
            }
            return result
        }

        private mutating func entity() -> Unicode.Scalar? {
            // The longest is &#x10FFFF; with its ends.
            guard let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
            let word = String(Substring(rest[rest.startIndex..<end].dropFirst()))
            rest = rest[rest.index(after: end)...]
            switch word {
            case "amp": return "&"
            case "lt": return "<"
            case "gt": return ">"
            case "quot": return "\""
            case "apos": return "'"
            default:
                guard word.hasPrefix("#") else { return nil }
                let isHexadecimal = word.hasPrefix("#x")
                return UInt32(word.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
                    .flatMap(Unicode.Scalar.init)
            }
        }

        private mutating func skipBlanks() { rest = rest.drop { [9, 10, 13, 32].contains($0) } }

        private mutating func take(_ word: String) -> Bool {
            guard rest.starts(with: word.utf8) else { return false }
            rest = rest.dropFirst(word.utf8.count)
            return true
        }
    }
}
