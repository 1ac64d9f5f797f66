/// Percent escapes of paths and queries (RFC 3986, section 2.1).
package enum PercentEncoding {
    /// One component of a path, decoded once.
    ///
    /// - Throws: `ServingFailure` (400) for malformed escapes, for what is no UTF-8, and for control characters.
    package static func decodePathComponent(_ text: Substring) throws -> String {
        let isPlain = text.utf8.allSatisfy { $0 != UInt8(ascii: "%") && $0 >= 0x20 && $0 != 0x7F }
        if isPlain { return String(text) }
        guard let decoded = decode(text, plusIsSpace: false), decoded.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw ServingFailure(
                status: 400, code: "bad_path",
                message: "the path holds a malformed percent escape or a control character.",
                remedy: "escape every byte that is not a letter, a digit, or one of -._~ as %XX of its UTF-8.")
        }
        return decoded
    }

    /// - Returns: nil for malformed escapes and for what is no UTF-8.
    package static func decode(_ text: Substring, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var source = text.utf8.makeIterator()
        while let byte = source.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = source.next().flatMap(digit), let low = source.next().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Every byte that is not a letter, a digit, or one of -._~ as `%XX`: goes into any header or path.
    package static func encode(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
