/// One file or folder of a zip archive, as its directory describes it.
struct ZipEntry: Equatable {
    enum Method: Equatable { case stored, deflated }

    /// Relative, with `/` between its parts, and checked: it leads nowhere but down.
    var path: String
    var isFolder: Bool
    var method: Method
    var crc: UInt32
    var packedBytes: Int
    var bytes: Int
    /// Of the entry's own head.
    var offset: Int

    /// Why an entry is not unpacked.
    struct Refusal: Error { var reason: String }

    /// What deflate can make of a byte at most (zlib's technical notes): a claim of more is no honest one.
    private static let mostExpansion = 1032

    /// - Parameter record: of the central directory, beginning with its signature.
    /// - Throws: `Refusal` for what a dataset never has and an attacker may.
    init(_ record: ZipRecord) throws {
        path = record.name.hasSuffix("/") ? String(record.name.dropLast()) : record.name
        isFolder = record.name.hasSuffix("/")
        (crc, packedBytes, bytes, offset) = (record.crc, record.packedBytes, record.bytes, record.offset)
        try ZipEntry.check(path)
        // Bit 0: encrypted; 6: strongly; 13: parts of the directory are hidden.
        if record.flags & (1 | 1 << 6 | 1 << 13) != 0 { throw Refusal(reason: "is encrypted") }
        // The upper half of the attributes is the mode where the archive was made on Unix (3) or macOS (19).
        let kind = record.attributes >> 16 & 0o170000
        if [3, 19].contains(record.maker >> 8), ![0, 0o100000, 0o040000].contains(kind) {
            throw Refusal(reason: kind == 0o120000 ? "is a symbolic link" : "is no ordinary file")
        }
        switch record.method {
        case 0:
            method = .stored
            if packedBytes != bytes { throw Refusal(reason: "claims two different lengths") }
        case 8:
            method = .deflated
            if bytes / ZipEntry.mostExpansion > packedBytes {
                throw Refusal(reason: "claims to be larger than its bytes can stand for")
            }
        default: throw Refusal(reason: "is packed with method \(record.method), which is not read here")
        }
        if isFolder, bytes != 0 { throw Refusal(reason: "is a folder with content") }
    }

    private static func check(_ path: String) throws {
        if path.isEmpty || path.utf8.count > 1024 { throw Refusal(reason: "has no name of a sensible length") }
        if path.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 || $0 == "\\" || $0 == "\u{FFFD}" }) {
            throw Refusal(reason: "has a name with a character that no file here has")
        }
        if path.hasPrefix("/") || path.contains(":") { throw Refusal(reason: "has an absolute path") }
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            if part == ".." || part == "." || part.isEmpty { throw Refusal(reason: "leads out of its folder") }
        }
    }
}

/// A record of the central directory, before anything of it is believed.
///
/// - Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.12 and 4.5.3 (zip64).
struct ZipRecord {
    static let signature: UInt32 = 0x0201_4B50
    static let fixedLength = 46

    var name: String
    var maker, flags, method: UInt16
    var crc: UInt32
    var attributes: UInt32
    var packedBytes, bytes, offset: Int
    /// Of the whole record.
    var length: Int

    /// nil when the bytes are no record.
    init?(_ fields: LittleEndian, at start: Int) {
        guard fields.u32(start) == ZipRecord.signature,
            let maker = fields.u16(start + 4), let flags = fields.u16(start + 8), let method = fields.u16(start + 10),
            let crc = fields.u32(start + 16), let packed = fields.u32(start + 20), let bytes = fields.u32(start + 24),
            let nameLength = fields.u16(start + 28), let extraLength = fields.u16(start + 30),
            let commentLength = fields.u16(start + 32), let disk = fields.u16(start + 34),
            let attributes = fields.u32(start + 38), let offset = fields.u32(start + 42),
            let name = fields.bytes(start + 46, Int(nameLength)),
            let extra = fields.bytes(start + 46 + Int(nameLength), Int(extraLength)),
            disk == 0 || disk == .max
        else { return nil }
        (self.maker, self.flags, self.method, self.crc, self.attributes) = (maker, flags, method, crc, attributes)
        // Old archives name files in the letters of a machine of 1981; datasets are called by ASCII all the same.
        self.name = String(decoding: name, as: UTF8.self)
        length = ZipRecord.fixedLength + Int(nameLength) + Int(extraLength) + Int(commentLength)
        var wide = ZipRecord.wideFields(LittleEndian(extra))[...]
        func value(_ narrow: UInt32) -> Int? { narrow == .max ? wide.popFirst() : Int(narrow) }
        guard let size = value(bytes), let packedSize = value(packed), let place = value(offset),
            size >= 0, packedSize >= 0, place >= 0
        else { return nil }
        (self.bytes, packedBytes, self.offset) = (size, packedSize, place)
    }

    /// The 64-bit values of the extra field 1, which stand there for those that do not fit.
    private static func wideFields(_ extra: LittleEndian) -> [Int] {
        var start = 0
        while let tag = extra.u16(start), let length = extra.u16(start + 2) {
            if tag == 1 {
                return stride(from: 0, through: Int(length) - 8, by: 8).compactMap { extra.u64(start + 4 + $0) }
            }
            start += 4 + Int(length)
        }
        return []
    }
}

/// Numbers in bytes, lowest byte first; nil beyond the end.
struct LittleEndian {
    private let content: [UInt8]
    init(_ content: [UInt8]) { self.content = content }

    func bytes(_ start: Int, _ count: Int) -> [UInt8]? {
        start >= 0 && count >= 0 && start <= content.count - count ? Array(content[start..<start + count]) : nil
    }

    func u16(_ start: Int) -> UInt16? { number(start, 2).map { UInt16($0) } }
    func u32(_ start: Int) -> UInt32? { number(start, 4).map { UInt32($0) } }
    /// nil also for what no file's length can be.
    func u64(_ start: Int) -> Int? { number(start, 8).flatMap { Int(exactly: $0) } }

    private func number(_ start: Int, _ count: Int) -> UInt64? {
        guard start >= 0, start <= content.count - count else { return nil }
        return content[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
