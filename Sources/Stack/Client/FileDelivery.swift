import CPlatform
import Foundation
import Training
import Transfer

/// Bytes that have come, on their way to where a person finds them: proven, unpacked, given their name. Blocks.
struct FileDelivery {
    let reply: HTTPReply
    let partial: String
    let folder: String
    let replaces: Bool

    private static let pieceBytes = 256 << 10

    /// - Throws: `StackError.usage` for damage and for what is in the way, `ArchiveError`.
    func deliver() throws -> StackClient.FetchedFile {
        guard let name = reply.header("X-Mlstack-File")?.removingPercentEncoding,
            let sha256 = reply.header("X-Mlstack-Sha256"),
            let version = reply.header("X-Mlstack-Version").flatMap(Int.init), !name.isEmpty, !name.contains("/"),
            name != ".", name != "..", !name.utf8.contains(0)
        else {
            throw StackError.usage(
                "the server did not say what it sent.", remedy: "see whether it is mlstack that listens there.")
        }
        let target = "\(folder)/\(name)"
        if !replaces, access(target, F_OK) == 0 {
            throw StackError.usage("\(target) is there already.", remedy: "choose another --output, or say --force.")
        }
        let file = try ArchiveFile(path: partial)
        try check(file, sha256)
        let unpacked = partial + ".unpacked"
        defer { try? FileManager.default.removeItem(atPath: unpacked) }
        switch reply.header("X-Mlstack-Compression") {
        case "gzip":
            try GzipFile(path: partial).unpack(to: unpacked)
            try publish(unpacked, as: target)
        case "tar.gz":
            try unpack(into: unpacked)
            try publish(unpacked, as: target)
        default: try publish(partial, as: target)
        }
        return StackClient.FetchedFile(path: target, version: version, bytes: file.count, sha256: sha256)
    }

    private func check(_ file: ArchiveFile, _ sha256: String) throws {
        var (digest, offset) = (SHA256(), 0)
        while offset < file.count {
            let piece = try file.bytes(at: offset, count: min(FileDelivery.pieceBytes, file.count - offset))
            piece.withUnsafeBytes { digest.update($0) }
            offset += piece.count
        }
        guard digest.hex() == sha256 else {
            throw StackError.usage(
                "what came is not what was stored: its checksum differs.",
                remedy: "fetch it again; if that does not help, restore a backup.")
        }
    }

    private func unpack(into place: String) throws {
        let tar = try TarReader(path: partial)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        while let (entry, isFolder) = try tar.next() {
            let parts = entry.path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), !entry.path.utf8.contains(0), !isFolder
            else { throw ArchiveError.refused(path: partial, entry: entry.path, reason: "leads out of its folder") }
            let path = "\(place)/\(entry.path)"
            try FileManager.default.createDirectory(
                atPath: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false),
                withIntermediateDirectories: true)
            let file = try UnpackedFile(path: path, mode: entry.mode | 0o600)
            try tar.content(of: entry) { try file.write($0) }
        }
    }

    /// What was there stays until the new stands in its place.
    private func publish(_ made: String, as target: String) throws {
        if rename(made, target) != 0 {
            // A file takes the place of a file in one step, but neither takes that of a folder.
            guard replaces, [EEXIST, ENOTEMPTY, EISDIR, ENOTDIR].contains(errno) else {
                throw ArchiveError(writing: target)
            }
            try exchange(made, target)
        }
        try UnpackedFile.sync(folder: folder)
    }

    private func exchange(_ made: String, _ target: String) throws {
        // What was there goes with what is left of the transfer.
        if mls_exchange(made, target) == 0 { return }
        // Not every file system can do that in one step.
        let former = partial + ".former"
        guard rename(target, former) == 0 else { throw ArchiveError(writing: target) }
        guard rename(made, target) == 0 else {
            let error = ArchiveError(writing: target)
            _ = rename(former, target)
            throw error
        }
        try FileManager.default.removeItem(atPath: former)
    }
}
