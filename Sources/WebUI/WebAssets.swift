import CAssets

/// One file of the pages, compiled into the program.
package struct WebAsset: Sendable {
    /// With a leading slash.
    package let path: String
    package let bytes: [UInt8]
    package let contentType: String
    /// Changes with the content; in quotes, as the header wants it (RFC 9110, section 8.8.3).
    package let etag: String
}

/// The pages: read from the program itself, never from beside it.
package enum WebAssets {
    /// Every file, by path.
    package static let all: [String: WebAsset] = {
        var assets: [String: WebAsset] = [:]
        for index in 0..<cassets_count() {
            let asset = cassets_at(index)
            let path = "/" + String(cString: asset.path)
            let bytes = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
            assets[path] = WebAsset(path: path, bytes: bytes, contentType: contentType(of: path), etag: etag(of: bytes))
        }
        return assets
    }()

    /// - Parameter path: of a URL; `/` is the page.
    package static func file(at path: String) -> WebAsset? { all[path == "/" ? "/index.html" : path] }

    private static let contentTypes = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    private static func contentType(of path: String) -> String {
        let ending = path.split(separator: ".").last.map(String.init) ?? ""
        return contentTypes[ending] ?? "application/octet-stream"
    }

    /// - Source: Fowler, Noll, Vo: FNV-1a, 64 bits (RFC 9923).
    private static func etag(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 16))\""
    }
}
