import Foundation

/// A file compressed with gzip. Several members one after the other are one file, as gzip itself reads them.
///
/// - Source: RFC 1952.
struct GzipFile {
    private let file: ArchiveFile
    private static let pieceSize = 256 << 10

    /// - Throws: `ArchiveError`.
    init(path: String) throws(ArchiveError) {
        file = try ArchiveFile(path: path)
        guard file.count >= 2, try file.bytes(at: 0, count: 2) == [0x1F, 0x8B] else {
            throw .notAnArchive(path: path, kind: "gzip")
        }
    }

    /// Writes the content to a new file. Blocks.
    /// - Throws: `ArchiveError`; the new file is then to be thrown away.
    func unpack(to path: String, progress: (Double) -> Void = { _ in }) throws {
        let target = try UnpackedFile(path: path)
        let inflation = try Inflation(.gzip)
        var offset = 0
        while offset < file.count {
            let piece = try file.bytes(at: offset, count: min(GzipFile.pieceSize, file.count - offset))
            if inflation.hasEnded {
                // Tapes and some tools fill up with zeros.
                if piece.allSatisfy({ $0 == 0 }) {
                    offset += piece.count
                    continue
                }
                try inflation.begin()
            }
            do {
                offset += try inflation.take(piece) { try target.write($0) }
            } catch is Inflation.Damage {
                throw ArchiveError.damaged(path: file.path, reason: "byte \(offset) or later is wrong")
            }
            progress(Double(offset) / Double(file.count))
        }
        guard inflation.hasEnded else { throw ArchiveError.damaged(path: file.path, reason: "it ends too early") }
        try target.sync()
    }
}
