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
    /// Files up to this length are read before their header says how long they are.
    private static let wholeBytes = 4 << 20

    private let tar: TarWriter
    private let total: Int
    private let onProgress: (Double) -> Void
    private let isStopped: () -> Bool
    private(set) var paths: [String] = []
    private(set) var bytes = 0
    /// Files that were made shorter while they were read; the rest of them is zeros.
    private(set) var shortened: [String] = []
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
        var entry = TarEntry(
            path: path, bytes: Int(status.st_size), mode: status.st_mode & 0o777,
            modifiedSeconds: Int64(status.st_mtim.tv_sec))
        if entry.bytes <= BackupWriting.wholeBytes {
            let content = try whole(descriptor, of: file, atMost: entry.bytes)
            entry.bytes = content.count
            try tar.add(entry, content: content)
            note(path, SHA256.hex(of: content))
            advance(content.count)
            return true
        }
        try tar.begin(entry)
        var (digest, missing) = (SHA256(), entry.bytes)
        var buffer = [UInt8](repeating: 0, count: BackupWriting.pieceBytes)
        while missing > 0 {
            if isStopped() { throw BackupError.interrupted }
            let wanted = min(missing, buffer.count)
            var count = try next(descriptor, of: file, into: &buffer, atMost: wanted)
            if count == 0 {
                // Made shorter meanwhile, as a log that begins anew: the header has promised its old length.
                if shortened.last != path { shortened.append(path) }
                buffer = [UInt8](repeating: 0, count: buffer.count)
                count = wanted
            }
            try buffer.withUnsafeBytes { all in
                let piece = UnsafeRawBufferPointer(rebasing: all[..<count])
                digest.update(piece)
                try tar.append(piece)
            }
            missing -= count
            advance(count)
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

    /// What of a file is there now.
    private func whole(_ descriptor: Int32, of file: String, atMost limit: Int) throws -> [UInt8] {
        if isStopped() { throw BackupError.interrupted }
        var (content, buffer) = ([UInt8](), [UInt8](repeating: 0, count: max(1, limit)))
        while content.count < limit {
            let count = try next(descriptor, of: file, into: &buffer, atMost: limit - content.count)
            if count == 0 { break }
            content += buffer[..<count]
        }
        return content
    }

    /// - Returns: 0 at the end of the file.
    private func next(
        _ descriptor: Int32, of file: String, into buffer: inout [UInt8], atMost limit: Int
    ) throws -> Int {
        while true {
            let count = read(descriptor, &buffer, limit)
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw StackError.unreadable(path: file, reason: String(cString: strerror(errno)))
            }
        }
    }

    private mutating func advance(_ count: Int) {
        bytes += count
        onProgress(min(0.999, Double(bytes) / Double(total)))
    }

    private mutating func note(_ path: String, _ digest: String) {
        paths.append(path)
        sums += BackupLayout.sumLine(digest, String(path.dropFirst(BackupLayout.root.count)))
    }
}
