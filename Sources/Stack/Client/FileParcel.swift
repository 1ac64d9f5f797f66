import Foundation
import Training

/// What is sent for a file or a folder: the file as it is, compressed with gzip, or a folder as one `.tar.gz`. Blocks.
struct FileParcel {
    /// As the server is to keep it.
    let name: String
    let path: String
    let compression: String?
    let sha256: String
    let bytes: Int
    /// Whether it was made for this and is to be removed.
    let isTemporary: Bool

    private static let pieceBytes = 256 << 10
    /// gzip's own choice between time and room.
    private static let level: Int32 = 6

    /// - Throws: `StackError.unreadable`, `ArchiveError`.
    init(_ source: String, compresses: Bool) throws {
        let source = Home(source).path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) else {
            throw StackError.unreadable(path: source, reason: "there is nothing of that name")
        }
        let own = URL(filePath: source).lastPathComponent
        let temporary = FileManager.default.temporaryDirectory.appending(path: "mlstack-\(UUID().uuidString)").path
        do {
            if isFolder.boolValue {
                try FileParcel.pack(folder: source, to: temporary)
                (name, path, compression, isTemporary) = (own, temporary, "tar.gz", true)
            } else if compresses {
                let target = try UnpackedFile(path: temporary, mode: 0o600)
                let deflation = try Deflation(level: FileParcel.level)
                try FileParcel.read(source) { piece in try deflation.take(piece) { try target.write($0) } }
                try deflation.take(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) { try target.write($0) }
                (name, path, compression, isTemporary) = (own, temporary, "gzip", true)
            } else {
                (name, path, compression, isTemporary) = (own, source, nil, false)
            }
            var (digest, count) = (SHA256(), 0)
            try FileParcel.read(path) { piece in
                digest.update(piece)
                count += piece.count
            }
            (sha256, bytes) = (digest.hex(), count)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    func remove() { if isTemporary { unlink(path) } }

    private static func pack(folder: String, to path: String) throws {
        let found = try HomeFiles(ofFolder: folder)
        if let link = found.leftOut.first {
            throw StackError.unreadable(path: "\(folder)/\(link)", reason: "it is neither a file nor a folder")
        }
        let tar = try TarWriter(path: path, mode: 0o600)
        for file in found.files {
            let entry = TarEntry(path: file.path, bytes: file.bytes, mode: 0o644, modifiedSeconds: 0)
            try tar.begin(entry)
            var missing = file.bytes
            try read("\(folder)/\(file.path)") { piece in
                let piece = UnsafeRawBufferPointer(rebasing: piece.prefix(missing))
                try tar.append(piece)
                missing -= piece.count
            }
            guard missing == 0 else {
                throw StackError.unreadable(path: "\(folder)/\(file.path)", reason: "it became shorter meanwhile")
            }
            try tar.endFile(of: entry)
        }
        try tar.finish()
    }

    private static func read(_ path: String, _ consume: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw StackError.unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { try? handle.close() }
        while let piece = try handle.read(upToCount: pieceBytes), !piece.isEmpty {
            try piece.withUnsafeBytes(consume)
        }
    }
}
