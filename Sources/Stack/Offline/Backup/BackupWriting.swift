import Foundation
import Scheduling
import Training

#if canImport(CDispatch)
    // Holds `stat` on Linux.
    import CDispatch
#endif

/// The archive of a backup as it grows. Blocks.
struct BackupWriting {
    private static let pieceBytes = 256 << 10

    private let tar: TarWriter
    private let total: Int
    private let onProgress: (Double) -> Void
    private let isStopped: () -> Bool
    private(set) var paths: [String] = []
    private(set) var bytes = 0
    private var sums = ""

    init(
        to path: String, total: Int, _ onProgress: @escaping (Double) -> Void, _ isStopped: @escaping () -> Bool
    ) throws {
        // Whoever can read the archive can read everything that the home holds.
        tar = try TarWriter(path: path, mode: 0o600)
        (self.total, self.onProgress, self.isStopped) = (max(1, total), onProgress, isStopped)
    }

    mutating func add(content: [UInt8], as path: String) throws {
        let entry = TarEntry(
            path: path, bytes: content.count, mode: 0o644, modifiedSeconds: WallClock().now.milliseconds / 1000)
        try tar.add(entry, content: content)
        note(path, SHA256.hex(of: content))
    }

    /// - Returns: false when it is no longer there.
    mutating func add(file: String, as path: String) throws -> Bool {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return false }
            throw StackError.unreadable(path: file, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        let entry = TarEntry(
            path: path, bytes: Int(status.st_size), mode: status.st_mode & 0o777,
            modifiedSeconds: Int64(status.st_mtim.tv_sec))
        try tar.begin(entry)
        var (digest, missing) = (SHA256(), entry.bytes)
        var buffer = [UInt8](repeating: 0, count: min(max(1, missing), BackupWriting.pieceBytes))
        while missing > 0 {
            if isStopped() { throw BackupError.interrupted }
            let wanted = min(missing, buffer.count)
            var count = read(descriptor, &buffer, wanted)
            if count < 0 {
                if errno == EINTR { continue }
                throw StackError.unreadable(path: file, reason: String(cString: strerror(errno)))
            }
            if count == 0 {
                // Made shorter meanwhile, as a log that begins anew: the header has promised its old length.
                buffer = [UInt8](repeating: 0, count: buffer.count)
                count = wanted
            }
            try buffer.withUnsafeBytes { all in
                let piece = UnsafeRawBufferPointer(rebasing: all[..<count])
                digest.update(piece)
                try tar.append(piece)
            }
            (missing, bytes) = (missing - count, bytes + count)
            onProgress(min(0.999, Double(bytes) / Double(total)))
        }
        try tar.endFile(of: entry)
        note(path, digest.hex())
        return true
    }

    mutating func finish() throws {
        let content = Array(sums.utf8)
        try add(content: content, as: BackupLayout.sums)
        try tar.finish()
    }

    private mutating func note(_ path: String, _ digest: String) {
        paths.append(path)
        sums += BackupLayout.sumLine(digest, String(path.dropFirst(BackupLayout.root.count)))
    }
}
