import Foundation

/// What has come of a download so far: `<path>`, and `<path>.json`, which says of which file on the net it is a part.
///
/// While it is open no other process can open it. Its bytes are a beginning of the file only for as long as the server's
/// file is the one that the validator names; a part without a validator is begun again.
final class PartialFile: @unchecked Sendable {  // guarded by: the transfer's serial queue
    /// Of which file on the net the bytes are.
    struct Origin: Codable, Equatable {
        var url: String
        /// A strong ETag, else the date of the last change: what `If-Range` takes.
        var validator: String?
        /// Of the whole file; nil when the server did not say.
        var totalBytes: Int?
    }

    let path: String
    private let descriptor: Int32
    private(set) var origin: Origin
    private(set) var count: Int

    /// A process that another thread is just starting holds a former lock of ours for as long as it takes to become its
    /// program; a download that is really under way holds it longer than these tries take.
    private static func lock(_ descriptor: Int32) -> Bool {
        for _ in 0..<50 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            usleep(10_000)
            errno = EWOULDBLOCK
        }
        return false
    }

    /// Opens the part that is there, or begins one.
    /// - Throws: `DownloadError`.
    init(path: String, url: String) throws(DownloadError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw DownloadError(writing: path) }
        var status = stat()
        guard PartialFile.lock(descriptor), fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK ? .busy(path: path) : DownloadError(writing: path, code: code)
        }
        let known = FileManager.default.contents(atPath: PartialFile.originPath(path))
        let former = known.flatMap { try? JSONDecoder().decode(Origin.self, from: $0) }
        (origin, count) = (Origin(url: url, validator: nil, totalBytes: nil), Int(status.st_size))
        if let former, former.url == url, former.validator != nil, count <= former.totalBytes ?? .max {
            origin = former
        } else {
            try begin(origin)
        }
    }

    deinit { close(descriptor) }

    static func originPath(_ path: String) -> String { path + ".json" }

    var isWhole: Bool { origin.totalBytes == count }

    /// Drops what came, for a file that may be another one.
    func begin(_ origin: Origin) throws(DownloadError) {
        // In this order: a part must never stand beside the description of another file.
        guard ftruncate(descriptor, 0) == 0 else { throw DownloadError(writing: path) }
        count = 0
        try describe(origin)
    }

    func describe(_ origin: Origin) throws(DownloadError) {
        self.origin = origin
        guard let data = try? JSONEncoder().encode(origin) else {
            throw .unwritable(path: path, reason: "its description is no text")
        }
        do {
            try data.write(to: URL(fileURLWithPath: PartialFile.originPath(path)))
        } catch let error as CocoaError {
            throw error.code == .fileWriteOutOfSpace
                ? .diskFull(path: path) : .unwritable(path: path, reason: "its folder cannot be written to")
        } catch {
            throw .unwritable(path: path, reason: "its folder cannot be written to")
        }
    }

    func append(_ bytes: [UInt8]) throws(DownloadError) {
        var written = 0
        while written < bytes.count {
            let length = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { pwrite(descriptor, $0 + written, bytes.count - written, off_t(count)) } ?? 0
            }
            if length < 0, errno == EINTR { continue }
            guard length > 0 else { throw DownloadError(writing: path, code: length < 0 ? errno : ENOSPC) }
            written += length
            count += length
        }
    }
}
