import Foundation

@testable import Stack

/// Zip archives made by hand, so that each of their lies can be told one at a time.
///
/// Content is stored, or deflated as one stored block of deflate's own (RFC 1951, section 3.2.4), which needs no compressor.
struct ZipFixture {
    struct Entry {
        var name: String
        var content: [UInt8]
        var isDeflated = false
        /// What the directory says; nil: the truth.
        var claimedBytes: Int?
        var claimedCRC: UInt32?
        var claimedOffset: Int?
        /// The name in the entry's own head.
        var headName: String?
        var flags: UInt16 = 0
        var method: UInt16?
        /// The Unix mode.
        var mode: UInt32 = 0o100644
        var isWide = false

        init(_ name: String, _ content: String, _ change: (inout Entry) -> Void = { _ in }) {
            (self.name, self.content) = (name, Array(content.utf8))
            change(&self)
        }
    }

    static func bytes(_ entries: [Entry], isWide: Bool = false, comment: String = "") -> [UInt8] {
        var (archive, directory): ([UInt8], [UInt8]) = ([], [])
        for entry in entries {
            let packed = entry.isDeflated ? deflated(entry.content) : entry.content
            let method = entry.method ?? (entry.isDeflated ? 8 : 0)
            let crc = entry.claimedCRC ?? ZipFixture.crc(entry.content)
            let size = entry.claimedBytes ?? entry.content.count
            let offset = entry.claimedOffset ?? archive.count
            archive += number(0x0403_4B50, 4) + number(20, 2) + number(Int(entry.flags), 2) + number(Int(method), 2)
            archive += number(0, 4) + number(Int(crc), 4) + number(packed.count, 4) + number(size, 4)
            let headName = Array((entry.headName ?? entry.name).utf8)
            archive += number(headName.count, 2) + number(0, 2) + headName + packed

            let extra =
                entry.isWide
                ? number(1, 2) + number(24, 2) + number(size, 8) + number(packed.count, 8) + number(offset, 8) : []
            func narrow(_ value: Int) -> [UInt8] { number(entry.isWide ? 0xFFFF_FFFF : value, 4) }
            directory += number(0x0201_4B50, 4) + number(3 << 8 | 20, 2) + number(20, 2)
            directory += number(Int(entry.flags), 2) + number(Int(method), 2) + number(0, 4) + number(Int(crc), 4)
            directory += narrow(packed.count) + narrow(size) + number(entry.name.utf8.count, 2) + number(extra.count, 2)
            directory += number(0, 2) + number(0, 2) + number(0, 2) + number(Int(entry.mode) << 16, 4) + narrow(offset)
            directory += Array(entry.name.utf8) + extra
        }
        let start = archive.count
        archive += directory
        if isWide {
            let end = archive.count
            archive += number(0x0606_4B50, 4) + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8)
            archive += number(entries.count, 8) + number(entries.count, 8) + number(directory.count, 8)
            archive += number(start, 8) + number(0x0706_4B50, 4) + number(0, 4) + number(end, 8) + number(1, 4)
        }
        let count = isWide ? 0xFFFF : entries.count
        archive += number(0x0605_4B50, 4) + number(0, 4) + number(count, 2) + number(count, 2)
        archive += number(isWide ? 0xFFFF_FFFF : directory.count, 4) + number(isWide ? 0xFFFF_FFFF : start, 4)
        return archive + number(comment.utf8.count, 2) + Array(comment.utf8)
    }

    /// One member of a gzip file.
    static func gzip(_ content: String) -> [UInt8] {
        let content = Array(content.utf8)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflated(content) + number(Int(crc(content)), 4)
            + number(content.count, 4)
    }

    static func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    private static func deflated(_ content: [UInt8]) -> [UInt8] {
        [1] + number(content.count, 2) + number(~content.count & 0xFFFF, 2) + content
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// Bit by bit, by another way than the program's.
    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}
