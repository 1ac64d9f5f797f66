import Dispatch
import NIOCore
import Scheduling

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads a task's log that may still be growing, piece by piece and part after part, on a queue that may block.
///
/// The file is opened for each piece: a log may not exist yet, and nothing has to be closed when a listener goes away.
struct FileTail: Sendable {
    let path: String
    let queue: DispatchQueue
    private var place = Place()
    /// Of what stands there, how much is still to be passed over.
    private var toSkip: Int
    /// How many lines ended in what was passed over.
    private(set) var skippedLines = 0
    /// Read, but not yet given away.
    private var piece: ByteBuffer?

    /// How far it has been read.
    private struct Place: Sendable {
        var part = 0
        var offset: Int64 = 0
    }

    private static let pieceLength = 64 << 10

    /// - Parameter offset: how much of the log is passed over.
    init(path: String, queue: DispatchQueue, offset: Int = 0) {
        (self.path, self.queue, toSkip) = (path, queue, offset)
    }

    /// Some of one part, for readers who come back for the rest: parts before it may be gone by then, so no offset in the whole log
    /// would say where they were.
    ///
    /// - Parameters:
    ///   - part: where the reader is; when nothing is left of it and a later one exists, that one is read from its beginning.
    ///   - offset: in that part.
    ///   - limit: at most so many bytes.
    /// - Returns: the bytes, and the part that they belong to. No bytes: there are none at present, or no file yet.
    /// - Throws: `ServingFailure` (500) when the file cannot be read.
    static func piece(
        of path: String, part: Int, offset: Int, limit: Int, queue: DispatchQueue
    ) async throws -> (bytes: [UInt8], part: Int) {
        let result: Result<(bytes: [UInt8], part: Int), ServingFailure> = await withCheckedContinuation {
            continuation in
            queue.async {
                // Looked for first: once a part exists, nothing is added to the one before.
                let following = TaskLogFiles.parts(of: path).first { $0 > part }
                let here = TaskLogFiles.path(ofPart: part, of: path)
                continuation.resume(
                    returning: read(here, at: Int64(offset), upTo: limit).flatMap { bytes in
                        guard bytes.isEmpty, let following else { return .success((bytes, part)) }
                        return read(TaskLogFiles.path(ofPart: following, of: path), at: 0, upTo: limit)
                            .map { ($0, following) }
                    })
            }
        }
        return try result.get()
    }

    /// The bytes after those already read; nil when there are none at present, or no file yet.
    /// - Throws: `ServingFailure` (500) when the file cannot be read.
    mutating func next() async throws -> ByteBuffer? {
        try await skip()
        defer { piece = nil }
        if let piece { return piece }
        return try await read()
    }

    /// Passes over what is to be passed over.
    mutating func skip() async throws {
        while toSkip > 0, piece == nil, let found = try await read() { piece = found }
    }

    private mutating func read() async throws -> ByteBuffer? {
        while true {
            let (path, place) = (path, place)
            let piece: Result<(bytes: [UInt8], next: Place), ServingFailure> = await withCheckedContinuation {
                continuation in
                queue.async { continuation.resume(returning: FileTail.read(path, at: place)) }
            }
            let (bytes, next) = try piece.get()
            self.place = next
            if bytes.isEmpty { return nil }
            let skipped = min(toSkip, bytes.count)
            if skipped > 0 {
                toSkip -= skipped
                skippedLines += FileTail.newlines(in: bytes, upTo: skipped)
            }
            if skipped < bytes.count { return ByteBuffer(bytes: bytes[skipped...]) }
        }
    }

    private static func read(_ path: String, at place: Place) -> Result<(bytes: [UInt8], next: Place), ServingFailure> {
        // Looked for first: once a part exists, nothing is added to the one before.
        let following = TaskLogFiles.parts(of: path).first { $0 > place.part }
        return read(TaskLogFiles.path(ofPart: place.part, of: path), at: place.offset).flatMap { bytes in
            var next = place
            next.offset += Int64(bytes.count)
            guard bytes.isEmpty, let following else { return .success((bytes, next)) }
            let gap = TaskLogFiles.gap(after: place.part, before: following) ?? ""
            return read(TaskLogFiles.path(ofPart: following, of: path), at: 0).map { bytes in
                (Array(gap.utf8) + bytes, Place(part: following, offset: Int64(bytes.count)))
            }
        }
    }

    /// By memchr, because tens of megabytes may lie before the end of a log.
    private static func newlines(in bytes: [UInt8], upTo end: Int) -> Int {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            var (count, offset) = (0, 0)
            while offset < end, let found = memchr(start + offset, 0x0a, end - offset) {
                offset = UnsafeRawPointer(found) - start + 1
                count += 1
            }
            return count
        }
    }

    /// How many bytes reading it from the beginning brings, as far as it is written.
    static func length(of path: String, queue: DispatchQueue) async -> Int {
        await withCheckedContinuation { continuation in
            queue.async {
                var former = 0
                var length = Int(FileTail.size(of: path))
                for part in TaskLogFiles.parts(of: path) {
                    length += TaskLogFiles.gap(after: former, before: part)?.utf8.count ?? 0
                    length += Int(FileTail.size(of: TaskLogFiles.path(ofPart: part, of: path)))
                    former = part
                }
                continuation.resume(returning: length)
            }
        }
    }

    /// The whole lines among the last bytes of a log; empty when there is none.
    static func end(of path: String, upTo count: Int, queue: DispatchQueue) async throws -> String {
        let result: Result<[UInt8], ServingFailure> = await withCheckedContinuation { continuation in
            queue.async {
                let last = TaskLogFiles.path(ofPart: TaskLogFiles.parts(of: path).last ?? 0, of: path)
                let start = max(0, FileTail.size(of: last) - Int64(count))
                continuation.resume(
                    returning: FileTail.read(last, at: start).map { bytes in
                        let bytes = Array(bytes.prefix(count))
                        guard start > 0, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return bytes }
                        return Array(bytes[(end + 1)...])
                    })
            }
        }
        return String(decoding: try result.get(), as: UTF8.self)
    }

    private static func read(
        _ path: String, at offset: Int64, upTo limit: Int = pieceLength
    ) -> Result<[UInt8], ServingFailure> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return errno == ENOENT ? .success([]) : .failure(unreadable(path)) }
        defer { close(descriptor) }
        // No more than there is: a limit is somebody's wish.
        let present = max(0, Int64(lseek(descriptor, 0, SEEK_END)) - offset)
        var bytes = [UInt8](repeating: 0, count: Int(min(Int64(limit), present)))
        let count = pread(descriptor, &bytes, bytes.count, off_t(offset))
        if count < 0 { return .failure(unreadable(path)) }
        bytes.removeLast(bytes.count - count)
        return .success(bytes)
    }

    /// 0 for a file that is not there.
    private static func size(of path: String) -> Int64 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return 0 }
        defer { close(descriptor) }
        return max(0, Int64(lseek(descriptor, 0, SEEK_END)))
    }

    private static func unreadable(_ path: String) -> ServingFailure {
        ServingFailure(
            status: 500, code: "log_unreadable", message: "cannot read \(path): \(String(cString: strerror(errno))).",
            remedy: "look at the permissions of the home folder.")
    }
}
