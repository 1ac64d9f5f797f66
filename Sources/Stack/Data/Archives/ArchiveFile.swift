import Foundation

#if canImport(CDispatch)
    // Holds `stat` on Linux.
    import CDispatch
#endif

/// An archive that is read from wherever is asked for; never held in memory as a whole. Blocks.
final class ArchiveFile {
    let path: String
    let count: Int
    private let descriptor: Int32

    /// - Throws: `ArchiveError`.
    init(path: String) throws(ArchiveError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unreadable(path: path, reason: "it is not a file")
        }
        count = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Exactly so many bytes.
    func bytes(at offset: Int, count: Int) throws(ArchiveError) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= self.count - count else {
            throw .damaged(path: path, reason: "it ends too early")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let length = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { pread(descriptor, $0 + filled, count - filled, off_t(offset + filled)) } ?? 0
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
            guard length > 0 else { throw .damaged(path: path, reason: "it ends too early") }
            filled += length
        }
        return bytes
    }
}

/// A new file that is being written. Blocks.
final class UnpackedFile: @unchecked Sendable {  // guarded by: its one writer, on one queue
    private let path: String
    private let descriptor: Int32
    private(set) var count = 0

    /// - Parameter mode: permission bits.
    /// - Throws: `ArchiveError`, also when something of that name is there.
    init(path: String, mode: UInt32 = 0o644) throws(ArchiveError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw ArchiveError(writing: path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        var written = 0
        while written < bytes.count, let start = bytes.baseAddress {
            let length = Foundation.write(descriptor, start + written, bytes.count - written)
            if length < 0, errno == EINTR { continue }
            guard length > 0 else { throw ArchiveError(writing: path, code: length < 0 ? errno : ENOSPC) }
            written += length
        }
        count += written
    }

    /// Returns once everything is on the disk.
    func sync() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else { throw ArchiveError(writing: path) }
    }

    /// Permission bits, and when it was written last.
    func describe(mode: UInt32, modifiedSeconds: Int64) throws(ArchiveError) {
        let time = timespec(tv_sec: Int(modifiedSeconds), tv_nsec: 0)
        guard fchmod(descriptor, mode_t(mode)) == 0, futimens(descriptor, [time, time]) == 0 else {
            throw ArchiveError(writing: path)
        }
    }

    /// Returns once the names in a folder are on the disk.
    static func sync(folder: String) throws(ArchiveError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError(writing: folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ArchiveError(writing: folder) }
    }
}
