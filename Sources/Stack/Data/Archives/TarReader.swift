import Foundation

/// Reads a `.tar.gz` from its beginning to its end; never held in memory as a whole. Blocks.
final class TarReader {
    private let file: ArchiveFile
    private let inflation: Inflation
    private var offset = 0
    /// Unpacked and not yet asked for.
    private var waiting: [UInt8] = []
    private var start = 0

    /// Small: a packed byte can stand for a thousand.
    private static let pieceBytes = 16 << 10

    /// - Throws: `ArchiveError`.
    init(path: String) throws(ArchiveError) {
        file = try ArchiveFile(path: path)
        guard file.count >= 2, try file.bytes(at: 0, count: 2) == [0x1F, 0x8B] else {
            throw .notAnArchive(path: path, kind: "tar.gz")
        }
        inflation = try Inflation(.gzip)
    }

    /// How much of the archive has been read, 0 ... 1.
    var share: Double { Double(offset) / Double(max(1, file.count)) }

    /// The next file or folder, after the content of the former one has been read.
    /// - Returns: nil at the end, which was proven to be one.
    /// - Throws: `ArchiveError`.
    func next() throws -> (entry: TarEntry, isFolder: Bool)? {
        do {
            var extended: [UInt8]?
            while true {
                guard let (described, kind) = try TarEntry.parse(try exactly(TarEntry.blockBytes)) else {
                    try readToEnd()
                    return nil
                }
                var entry = described
                if kind == .extended {
                    extended = try exactly(entry.bytes)
                    _ = try exactly(TarEntry.padding(after: entry.bytes).count)
                    continue
                }
                if let extended { try entry.apply(extended: extended) }
                guard kind != .other else {
                    throw ArchiveError.refused(
                        path: file.path, entry: "its entry \"\(entry.path.prefix(80))\"", reason: "is no ordinary file")
                }
                return (entry, kind == .folder)
            }
        } catch let refusal as TarEntry.Refusal {
            throw ArchiveError.damaged(path: file.path, reason: refusal.reason)
        }
    }

    /// Hands on the content of the file that `next` has told of.
    func content(of entry: TarEntry, _ consume: (UnsafeRawBufferPointer) throws -> Void) throws {
        var missing = entry.bytes
        while missing > 0 {
            if start == waiting.count { try fill() }
            let count = min(missing, waiting.count - start)
            try waiting.withUnsafeBytes { try consume(UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
            start += count
            missing -= count
        }
        _ = try exactly(TarEntry.padding(after: entry.bytes).count)
    }

    private func exactly(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            if start == waiting.count { try fill() }
            let piece = waiting[start..<min(waiting.count, start + count - bytes.count)]
            bytes += piece
            start += piece.count
        }
        return bytes
    }

    private func fill() throws {
        waiting.removeAll(keepingCapacity: true)
        start = 0
        while waiting.isEmpty {
            guard !inflation.hasEnded, offset < file.count else {
                throw ArchiveError.damaged(path: file.path, reason: "it ends too early, as if it had been cut off")
            }
            let piece = try file.bytes(at: offset, count: min(TarReader.pieceBytes, file.count - offset))
            do {
                offset += try inflation.take(piece) { waiting += $0 }
            } catch is Inflation.Damage {
                throw ArchiveError.damaged(path: file.path, reason: "byte \(offset) or later is wrong")
            }
        }
    }

    /// gzip's own checksum stands at the very end.
    private func readToEnd() throws {
        while !inflation.hasEnded { try fillOrEnd() }
    }

    private func fillOrEnd() throws {
        do {
            try fill()
        } catch let error as ArchiveError {
            // Nothing was left to unpack but the checksum, which was right.
            if inflation.hasEnded { return }
            throw error
        }
        guard waiting.allSatisfy({ $0 == 0 }) else {
            throw ArchiveError.damaged(path: file.path, reason: "something follows its end")
        }
    }
}
