import CPlatform
import Foundation

/// Replaces secrets by `***`, in every form in which a command is likely to write them: as they are, inside single quotes of a shell,
/// inside a JSON string, in a URL, and in base64 at any place of what was encoded (`Authorization: Basic …`).
package struct SecretMasks: Sendable, Equatable {
    package static let mask = "***"
    /// A line of a secret of several lines that is shorter than this (`}`, `-----`) is no secret.
    private static let shortestLine = 8

    /// The longest first, so that a secret within another leaves nothing of the other.
    private let forms: [[UInt8]]

    package init(_ secrets: some Sequence<String> = []) {
        var forms: Set<[UInt8]> = []
        for secret in secrets {
            // The log sees one line at a time.
            let lines = secret.split(whereSeparator: \.isNewline).map(String.init)
            for text in [secret] + lines where text == secret || text.utf8.count >= Self.shortestLine {
                forms.formUnion(Self.forms(of: text))
            }
        }
        self.forms = forms.sorted {
            $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count
        }
    }

    package var isEmpty: Bool { forms.isEmpty }

    package func masked(_ text: String) -> String {
        if isEmpty { return text }
        var text = text
        return text.withUTF8 { utf8 in masked(UnsafeRawBufferPointer(utf8)) }
            .map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Whether the text is a secret or holds one.
    package func cover(_ text: String) -> Bool { masked(text) != text }

    /// - Returns: nil when there is nothing to mask.
    func masked(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        let found = matches(in: bytes)
        if found.isEmpty { return nil }
        var result: [UInt8] = []
        var next = 0
        for match in found {
            result.append(contentsOf: bytes[next..<match.lowerBound])
            result.append(contentsOf: Self.mask.utf8)
            next = match.upperBound
        }
        result.append(contentsOf: bytes[next...])
        return result
    }

    /// How much of text that goes on can be shown without showing the first part of a secret.
    /// - Parameter start: what stands before has been shown.
    func safeLength(of bytes: ArraySlice<UInt8>, after start: Int) -> Int {
        var end = bytes.endIndex
        for form in forms {
            var count = min(form.count - 1, bytes.endIndex - start)
            while count > 0, bytes.suffix(count) != form.prefix(count) { count -= 1 }
            end = min(end, bytes.endIndex - count)
        }
        guard end < bytes.endIndex else { return end }
        // What is held back may have been the end of another secret, whose beginning must then wait too.
        let found = bytes.withUnsafeBytes { matches(in: $0) }
        for match in found where match.lowerBound < end && end < match.upperBound { end = max(start, match.lowerBound) }
        return end
    }

    /// Ascending, without overlaps: those that overlap are one.
    private func matches(in bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        guard !forms.isEmpty, let base = bytes.baseAddress else { return [] }
        var found: [Range<Int>] = []
        for form in forms {
            var next = 0
            while next + form.count <= bytes.count {
                let place = mls_find(form, Int64(form.count), base + next, Int64(bytes.count - next))
                if place < 0 { break }
                let start = next + Int(place)
                found.append(start..<start + form.count)
                next = start + 1
            }
        }
        var merged: [Range<Int>] = []
        for match in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, match.lowerBound < last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, match.upperBound)
            } else {
                merged.append(match)
            }
        }
        return merged
    }

    // MARK: - Forms

    private static func forms(of text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        if bytes.isEmpty { return [] }
        var forms = [bytes, Array(text.replacing("'", with: "'\\''").utf8), inJSON(text), inURL(bytes)]
        forms.append(forms[3].map { $0 == 0x2b ? 0x20 : $0 })
        forms += (0..<3).compactMap { inBase64(bytes, after: $0) }
        return forms
    }

    private static func inJSON(_ text: String) -> [UInt8] {
        let pairs = [("\\", "\\\\"), ("\"", "\\\""), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")]
        return Array(pairs.reduce(text) { $0.replacing($1.0, with: $1.1) }.utf8)
    }

    /// As RFC 3986 writes it.
    private static func inURL(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: [byte]
            default: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }

    /// What base64 makes of the bytes when so many (modulo three) stand before them: only the characters that nothing but the secret
    /// decides.
    private static func inBase64(_ bytes: [UInt8], after count: Int) -> [UInt8]? {
        let text = Array(Data([UInt8](repeating: 0, count: count) + bytes).base64EncodedString().utf8)
        let (first, end) = ((count * 8 + 5) / 6, (count + bytes.count) * 8 / 6)
        // Few characters stand everywhere.
        return end - first >= shortestLine ? Array(text[first..<end]) : nil
    }
}
