/// `index.html` for one page: it names every module and style sheet that the page needs, so that a browser fetches them at once
/// instead of learning of each from the one before.
enum PageShell {
    /// Folders of `js` that hold a page each, by the first component of the page's address.
    private static func folder(of page: Substring) -> String { page.isEmpty ? "today" : String(page) }

    /// - Parameters:
    ///   - page: the first component of an address.
    ///   - file: a file by its path.
    static func make(for page: Substring, _ file: (String) -> WebAsset?) -> WebAsset? {
        guard let index = file("index.html") else { return nil }
        let entry = "js/\(folder(of: page))/page.js"
        let links =
            styles(of: entry, file).map { "<link rel=\"stylesheet\" href=\"\($0)\">" }
            + modules(of: ["js/main.js", entry], file).map { "<link rel=\"modulepreload\" href=\"/\($0)\">" }
        var text = String(decoding: index.bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "</head>") else { return index }
        text.insert(contentsOf: links.map { "\t\($0)\n" }.joined(), at: end.lowerBound)
        let bytes = [UInt8](text.utf8)
        return WebAsset(
            path: index.path, bytes: bytes, contentType: index.contentType,
            etag: "\"\(WebAssets.contentHash(of: bytes))\"")
    }

    /// What the entries import, and what that imports, nearest first; what is imported on demand is not among it.
    static func modules(of entries: [String], _ file: (String) -> WebAsset?) -> [String] {
        var found: [String] = []
        var waiting = entries.filter { file($0) != nil }[...]
        while let path = waiting.popFirst() {
            guard !found.contains(path), let module = file(path) else { continue }
            found.append(path)
            waiting += imports(in: String(decoding: module.bytes, as: UTF8.self)).map { resolve($0, from: path) }
        }
        return found
    }

    /// `import … from "./dom.js"`
    private static func imports(in script: String) -> [Substring] {
        script.split(separator: "\n").filter {
            $0.hasPrefix("import ") || $0.hasPrefix("} from ") || $0.hasPrefix("export ")
        }
        .compactMap { line in
            guard let start = line.firstRange(of: " from \"") else { return nil }
            return line[start.upperBound...].prefix { $0 != "\"" }
        }
    }

    private static func resolve(_ target: Substring, from path: String) -> String {
        var parts = path.split(separator: "/").dropLast()
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// `export const styles = ["/css/today.css"];`
    private static func styles(of entry: String, _ file: (String) -> WebAsset?) -> [Substring] {
        guard let module = file(entry) else { return [] }
        let script = String(decoding: module.bytes, as: UTF8.self)
        guard let start = script.firstRange(of: "export const styles = [") else { return [] }
        // Between every second pair of quotes.
        return script[start.upperBound...].prefix { $0 != "]" }.split(separator: "\"").filter { $0.hasPrefix("/") }
    }
}
