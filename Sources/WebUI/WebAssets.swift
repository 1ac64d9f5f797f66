internal import CAssets

/// A file of the web pages, as it was when the program was compiled.
package struct WebAsset: Sendable, Equatable {
    /// Below the root of the site, without a leading slash, e.g. `js/main.js`.
    package let path: String
    package let bytes: [UInt8]
    /// The value of the header `Content-Type`.
    package let contentType: String
    /// The value of the header `ETag`, quotes included: equal bytes have an equal tag, in every process.
    package let etag: String
}

/// The web pages inside the program; nothing is read from the disk.
package enum WebAssets {
    /// Every file, by path. Copied out of the binary once, at first use.
    package static let all: [WebAsset] = (0..<cassets_count()).map { index in
        let asset = cassets_at(index)
        let path = String(cString: asset.path)
        let bytes = [UInt8](UnsafeBufferPointer(start: asset.bytes, count: asset.count))
        return WebAsset(
            path: path, bytes: bytes, contentType: contentType(ofPath: path), etag: "\"\(contentHash(of: bytes))\"")
    }

    private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })
    private static let shells = Dictionary(
        uniqueKeysWithValues: pages.compactMap { page in
            PageShell.make(for: page) { byPath[$0] }.map { (page, $0) }
        })

    /// What the first component of a page's address may be: all of them are `index.html`, whose scripts draw the page
    /// that the address names; see `PageShell`.
    package static let pages: Set<Substring> = [
        "", "pipelines", "experiments", "models", "recommend", "data", "system",
    ]

    /// The file that answers a request for `path`, which is compared as it stands: an unknown path, one that
    /// climbs (`..`) or an escaped one names no file.
    /// - Parameter path: with a leading slash and without query; `/` and what is below a page are `index.html`.
    package static func file(at path: String) -> WebAsset? {
        guard path.hasPrefix("/") else { return nil }
        let inside = path.dropFirst()
        let first = inside.prefix { $0 != "/" }
        let isPage = first.isEmpty ? inside.isEmpty : pages.contains(first)
        #if DEBUG
            if PagesFolder.isNamed {
                return isPage ? PageShell.make(for: first, PagesFolder.file) : PagesFolder.file(at: String(inside))
            }
        #endif
        return isPage ? shells[first] : byPath[String(inside)]
    }

    /// The media type by the name's ending; all text is UTF-8.
    static func contentType(ofPath path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a of 64 bits in hexadecimal digits. It tells versions of a page apart and guards against nobody, so the
    /// page needs no cryptography.
    /// - Source: Fowler, Noll, Vo; RFC 9923, "The FNV Non-Cryptographic Hash Algorithm".
    static func contentHash(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
