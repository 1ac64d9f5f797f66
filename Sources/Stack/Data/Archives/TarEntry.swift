/// One file of a tar archive, as its header describes it.
///
/// Written as ustar, with a pax record before it for a name or a length that does not fit: every tar of this century
/// reads that.
/// - Source: POSIX.1-2001, "pax", sections "ustar Interchange Format" and "pax Header Block".
struct TarEntry: Equatable {
    static let blockBytes = 512
    /// A longer one is nobody's path.
    private static let longestRecord = 64 << 10

    var path: String
    var bytes: Int
    /// Permission bits.
    var mode: UInt32
    var modifiedSeconds: Int64

    /// What keeps a header from being understood, or believed.
    struct Refusal: Error { var reason: String }

    /// What stands before the content.
    var header: [UInt8] {
        var records: [(String, String)] = []
        if path.utf8.count > 100 || !path.utf8.allSatisfy({ $0 < 0x80 }) { records.append(("path", path)) }
        if bytes >= 1 << 33 { records.append(("size", "\(bytes)")) }
        let own = TarEntry.block(
            name: Array(path.utf8.prefix(100)), bytes: min(bytes, 1 << 33 - 1), mode: mode, time: modifiedSeconds,
            type: "0")
        if records.isEmpty { return own }
        let content = records.flatMap { Array(TarEntry.record($0.0, $0.1).utf8) }
        return TarEntry.block(
            name: Array("PaxHeader".utf8), bytes: content.count, mode: 0o644, time: modifiedSeconds, type: "x")
            + content + TarEntry.padding(after: content.count) + own
    }

    /// Zeros up to the next block.
    static func padding(after count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (blockBytes - count % blockBytes) % blockBytes)
    }

    /// Two empty blocks say that nothing follows.
    static let end = [UInt8](repeating: 0, count: 2 * blockBytes)

    /// `<length> key=value\n`, the length counting itself.
    private static func record(_ key: String, _ value: String) -> String {
        let rest = key.utf8.count + value.utf8.count + 3
        var length = rest + 1
        while length != rest + "\(length)".utf8.count { length = rest + "\(length)".utf8.count }
        return "\(length) \(key)=\(value)\n"
    }

    private static func block(name: [UInt8], bytes: Int, mode: UInt32, time: Int64, type: Character) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockBytes)
        func put(_ text: some Sequence<UInt8>, at start: Int) {
            for (index, byte) in text.enumerated() { block[start + index] = byte }
        }
        func octal(_ value: Int64, _ width: Int) -> [UInt8] {
            let digits = String(max(0, value), radix: 8)
            return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
        }
        put(name, at: 0)
        put(octal(Int64(mode & 0o7777), 7), at: 100)
        // The owner is whoever unpacks it.
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(Int64(bytes), 11), at: 124)
        put(octal(min(time, 1 << 33 - 1), 11), at: 136)
        put(type.utf8, at: 156)
        put("ustar\u{0}00".utf8, at: 257)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        put(octal(block.reduce(0) { $0 + Int64($1) }, 6) + [0, 0x20], at: 148)
        return block
    }

    // MARK: Reading

    enum Kind: Equatable { case file, folder, extended, other }

    /// - Parameter block: 512 bytes.
    /// - Returns: nil for an empty block, which ends an archive.
    /// - Throws: `Refusal`.
    static func parse(_ block: [UInt8]) throws -> (entry: TarEntry, kind: Kind)? {
        if block.allSatisfy({ $0 == 0 }) { return nil }
        func text(_ start: Int, _ count: Int) -> String {
            String(decoding: block[start..<start + count].prefix { $0 != 0 }, as: UTF8.self)
        }
        func octal(_ start: Int, _ count: Int) throws -> Int64 {
            let digits = text(start, count).split(separator: " ").joined()
            guard let value = digits.isEmpty ? 0 : Int64(digits, radix: 8), value >= 0 else {
                throw Refusal(reason: "a header has no number where one should be")
            }
            return value
        }
        let blank = block[..<148] + [UInt8](repeating: 0x20, count: 8) + block[156...]
        guard blank.reduce(0, { $0 + Int64($1) }) == (try octal(148, 8)) else {
            throw Refusal(reason: "a header's checksum is wrong")
        }
        let prefix = text(257, 5) == "ustar" ? text(345, 155) : ""
        let kind: Kind =
            switch block[156] {
            case 0, UInt8(ascii: "0"): .file
            case UInt8(ascii: "5"): .folder
            case UInt8(ascii: "x"): .extended
            default: .other
            }
        let entry = TarEntry(
            path: prefix.isEmpty ? text(0, 100) : prefix + "/" + text(0, 100), bytes: Int(try octal(124, 12)),
            mode: UInt32(truncatingIfNeeded: try octal(100, 8) & 0o777), modifiedSeconds: try octal(136, 12))
        guard kind != .extended || entry.bytes <= longestRecord else {
            throw Refusal(reason: "a header claims a length that none has")
        }
        return (entry, kind)
    }

    /// Takes in what a pax record says of the file that follows it.
    /// - Throws: `Refusal`.
    mutating func apply(extended content: [UInt8]) throws {
        var rest = content[...]
        while let space = rest.firstIndex(of: 0x20) {
            let digits = String(decoding: rest[..<space], as: UTF8.self)
            guard let length = Int(digits), length > digits.utf8.count + 1, length <= rest.count else { break }
            let pair = String(decoding: rest[(space + 1)..<(rest.startIndex + length - 1)], as: UTF8.self)
            rest = rest.dropFirst(length)
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2, parts[0] == "path" { path = parts[1] }
            if parts.count == 2, parts[0] == "size" {
                guard let size = Int(parts[1]), size >= 0 else { throw Refusal(reason: "a length is no number") }
                bytes = size
            }
        }
        guard rest.isEmpty else { throw Refusal(reason: "an extended header makes no sense") }
    }
}
