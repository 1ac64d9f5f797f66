/// What a file is, by its name: for a browser, since the client saves bytes as they are.
enum MediaType {
    static func guess(from name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
        return switch name[name.index(after: dot)...].lowercased() {
        case "txt", "log", "md", "py", "cfg", "ini", "yaml", "yml": "text/plain; charset=utf-8"
        case "json": "application/json"
        case "csv": "text/csv; charset=utf-8"
        case "html", "htm": "text/html; charset=utf-8"
        case "xml": "application/xml"
        case "pdf": "application/pdf"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "gif": "image/gif"
        case "svg": "image/svg+xml"
        case "webp": "image/webp"
        case "zip": "application/zip"
        case "gz": "application/gzip"
        default: "application/octet-stream"
        }
    }

    /// RFC 6266, with the name in UTF-8 (RFC 8187) where ASCII does not suffice.
    static func attachment(named name: String) -> String {
        let isPlain = name.utf8.allSatisfy { 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "%") }
        if isPlain { return "attachment; filename=\"\(name)\"" }
        return "attachment; filename*=UTF-8''\(PercentEncoding.encode(name))"
    }
}
