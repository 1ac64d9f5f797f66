extension WebAsset {
    /// A script or style sheet without its comments and indentation, for the wire: they are a fifth of what would go out, and a
    /// browser has no use for them. Nothing else changes, and no name: what a browser's own tools show can still be read.
    ///
    /// Only lines that are nothing but comment go, so that no string and no pattern is mistaken for one; a test sees to it that no
    /// text of the scripts runs over several lines.
    var squeezed: [UInt8] {
        guard path.hasSuffix(".js") || path.hasSuffix(".css") else { return bytes }
        var lines: [Substring] = []
        var isInComment = false
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let text = line.drop { $0 == "\t" || $0 == " " }
            let begins = !isInComment && text.hasPrefix("/*")
            if begins || isInComment {
                isInComment = !text.hasSuffix("*/")
            } else if !text.isEmpty, !text.hasPrefix("//") {
                lines.append(text)
            }
        }
        return [UInt8](lines.joined(separator: "\n").utf8)
    }
}
