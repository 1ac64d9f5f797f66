import Foundation

/// A zip archive on disk: its directory is read and checked as a whole before anything is unpacked.
///
/// The directory at the end is what counts. Every entry must agree with its own head, lie before the directory, and share
/// no byte with another (a few kilobytes that overlap can stand for terabytes). Links, encrypted entries and paths that
/// lead out of the folder are refused.
/// - Source: PKWARE's APPNOTE.TXT 6.3.10.
struct ZipArchive {
    let entries: [ZipEntry]
    private let file: ArchiveFile

    /// A dataset has about ten.
    private static let mostEntries = 10_000
    private static let longestDirectory = 4 << 20
    private static let pieceSize = 256 << 10

    /// - Throws: `ArchiveError`.
    init(path: String) throws(ArchiveError) {
        file = try ArchiveFile(path: path)
        let place = try ZipArchive.directory(of: file)
        let fields = LittleEndian(try file.bytes(at: place.offset, count: place.length))
        var (entries, start): ([ZipEntry], Int) = ([], 0)
        for number in 1...max(1, place.count) where place.count > 0 {
            guard let record = ZipRecord(fields, at: start) else {
                throw .damaged(path: path, reason: "entry \(number) of its directory makes no sense")
            }
            do {
                entries.append(try ZipEntry(record))
            } catch {
                let reason = (error as? ZipEntry.Refusal)?.reason ?? "\(error)"
                throw .refused(path: path, entry: "its entry \"\(record.name.prefix(80))\"", reason: reason)
            }
            start += record.length
        }
        guard start == place.length else { throw .damaged(path: path, reason: "its directory has a wrong length") }
        self.entries = entries
        try check(upTo: place.offset)
    }

    /// Of everything, unpacked.
    var bytes: Int { entries.reduce(0) { $0 + $1.bytes } }

    // MARK: The directory

    private static func directory(of file: ArchiveFile) throws(ArchiveError) -> (offset: Int, length: Int, count: Int) {
        let endLength = 22
        guard file.count >= endLength, [UInt8](try file.bytes(at: 0, count: 2)) == [0x50, 0x4B] else {
            throw .notAnArchive(path: file.path, kind: "zip")
        }
        // Only a comment may stand after the record, and it says how long it is.
        let tail = min(file.count, endLength + 0xFFFF)
        let fields = LittleEndian(try file.bytes(at: file.count - tail, count: tail))
        let starts = stride(from: tail - endLength, through: 0, by: -1)
        let end = starts.first { start in
            fields.u32(start) == 0x0605_4B50
                && fields.u16(start + 20).map { start + endLength + Int($0) == tail } == true
        }
        guard let end, let count = fields.u16(end + 10), let length = fields.u32(end + 12),
            let offset = fields.u32(end + 16), let disk = fields.u16(end + 4), disk == 0 || disk == .max
        else { throw .damaged(path: file.path, reason: "its directory is missing, as if it had been cut off") }
        var found = (offset: Int(offset), length: Int(length), count: Int(count))
        var border = file.count - tail + end
        if count == .max || length == .max || offset == .max {
            (found, border) = try wideDirectory(of: file, before: border)
        }
        guard found.count <= mostEntries, found.length <= longestDirectory else {
            throw .refused(
                path: file.path, entry: "it", reason: "has \(found.count) entries; a dataset has a few")
        }
        guard found.offset >= 0, found.length >= 0, found.offset <= border - found.length else {
            throw .damaged(path: file.path, reason: "its directory is not where it should be")
        }
        return found
    }

    /// Where the numbers have 64 bits.
    private static func wideDirectory(
        of file: ArchiveFile, before end: Int
    ) throws(ArchiveError) -> ((offset: Int, length: Int, count: Int), border: Int) {
        let damage = ArchiveError.damaged(path: file.path, reason: "the 64-bit end of its directory is missing")
        let locator = LittleEndian(try file.bytes(at: end - 20, count: 20))
        guard locator.u32(0) == 0x0706_4B50, let place = locator.u64(8) else { throw damage }
        let record = LittleEndian(try file.bytes(at: place, count: 56))
        guard record.u32(0) == 0x0606_4B50, let count = record.u64(32), let length = record.u64(40),
            let offset = record.u64(48)
        else { throw damage }
        return ((offset, length, count), place)
    }

    /// Where an entry's bytes begin, by its own head.
    private func start(of entry: ZipEntry) throws(ArchiveError) -> Int {
        let head = LittleEndian(try file.bytes(at: entry.offset, count: 30))
        guard head.u32(0) == 0x0403_4B50, let flags = head.u16(6), let method = head.u16(8),
            let nameLength = head.u16(26), let extraLength = head.u16(28)
        else { throw .damaged(path: file.path, reason: "\(entry.path) is not where its directory says") }
        let name = String(decoding: try file.bytes(at: entry.offset + 30, count: Int(nameLength)), as: UTF8.self)
        guard name == entry.path + (entry.isFolder ? "/" : ""), method == (entry.method == .stored ? 0 : 8),
            flags & 1 == 0
        else {
            throw .refused(path: file.path, entry: entry.path, reason: "is something else in its directory")
        }
        return entry.offset + 30 + Int(nameLength) + Int(extraLength)
    }

    private func check(upTo border: Int) throws(ArchiveError) {
        var end = 0
        for entry in entries.sorted(by: { $0.offset < $1.offset }) {
            guard entry.offset >= end else {
                throw .refused(path: file.path, entry: entry.path, reason: "shares bytes with another entry")
            }
            let start = try start(of: entry)
            guard start <= border, entry.packedBytes <= border - start else {
                throw .damaged(path: file.path, reason: "\(entry.path) goes beyond its end")
            }
            end = start + entry.packedBytes
        }
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.path.lowercased()).inserted {
            throw .refused(path: file.path, entry: entry.path, reason: "is in it twice")
        }
    }

    // MARK: Unpacking

    /// Writes everything below a folder that exists and is empty, each checksum proven. Blocks.
    /// - Throws: `ArchiveError`; what is in the folder is then to be thrown away.
    func unpack(into folder: String, progress: (Double) -> Void = { _ in }) throws {
        let all = max(1, bytes)
        var done = 0
        for entry in entries {
            let path = "\(folder)/\(entry.path)"
            let parent = entry.isFolder ? path : URL(filePath: path).deletingLastPathComponent().path
            do {
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            } catch {
                throw ArchiveError(writing: parent, code: errno == 0 ? EIO : errno)
            }
            if entry.isFolder { continue }
            try unpack(entry, to: path) { progress(Double(done + $0) / Double(all)) }
            done += entry.bytes
        }
    }

    private func unpack(_ entry: ZipEntry, to path: String, progress: (Int) -> Void) throws {
        let target = try UnpackedFile(path: path)
        try read(entry) { bytes in
            try target.write(bytes)
            progress(target.count)
        }
        try target.sync()
    }

    /// The whole content of one file, its checksum proven. Blocks.
    /// - Throws: `ArchiveError`.
    func content(of entry: ZipEntry) throws -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(entry.bytes)
        try read(entry) { content.append(contentsOf: $0) }
        return content
    }

    /// Hands on the content piece by piece; what was handed on counts only when this returns.
    private func read(_ entry: ZipEntry, _ consume: (UnsafeRawBufferPointer) throws -> Void) throws {
        let damage = ArchiveError.damaged(
            path: file.path, reason: "the content of \(entry.path) is not what was packed")
        let inflation = try Inflation(.deflate)
        var (crc, count) = (CRC32(), 0)
        func take(_ bytes: UnsafeRawBufferPointer) throws {
            count += bytes.count
            guard count <= entry.bytes else { throw damage }
            crc.update(bytes)
            try consume(bytes)
        }
        var offset = try start(of: entry)
        let end = offset + entry.packedBytes
        while offset < end {
            let piece = try file.bytes(at: offset, count: min(ZipArchive.pieceSize, end - offset))
            switch entry.method {
            case .stored:
                try piece.withUnsafeBytes(take)
                offset += piece.count
            case .deflated:
                do {
                    let used = try inflation.take(piece, take)
                    guard used > 0 else { throw damage }
                    offset += used
                } catch is Inflation.Damage {
                    throw damage
                }
            }
        }
        guard count == entry.bytes, crc.value == entry.crc, entry.method == .stored || inflation.hasEnded else {
            throw damage
        }
    }
}
