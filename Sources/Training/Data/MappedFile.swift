import Foundation

/// A file's bytes in memory as the operating system pages them in; read only.
final class MappedFile: @unchecked Sendable {  // guarded by: immutable after `init`
    let path: String
    /// Valid as long as this object is held, which the pointer alone does not see to.
    let bytes: UnsafeRawBufferPointer

    init(path: String) throws(DataError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            throw errno == ENOENT
                ? .missing(path: path) : .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is not a file")
        }
        let count = Int(status.st_size)
        if count == 0 {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Maps a file while `body` reads it. The bytes must not leave `body`.
    static func read<Value>(
        _ path: String, _ body: (UnsafeRawBufferPointer) throws(DataError) -> Value
    ) throws(DataError) -> Value {
        let file = try MappedFile(path: path)
        // A pointer does not keep its file mapped.
        defer { withExtendedLifetime(file) {} }
        return try body(file.bytes)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }

    /// Says that a part has been read and will hardly be read again, so that it need not stay in memory.
    func release(_ part: Range<Int>) {
        guard let start = bytes.baseAddress else { return }
        let page = Int(getpagesize())
        let (first, last) = ((part.lowerBound + page - 1) / page * page, part.upperBound / page * page)
        if first < last { madvise(UnsafeMutableRawPointer(mutating: start + first), last - first, MADV_DONTNEED) }
    }

    /// The bytes as numbers; the file must have been written on a machine of the same byte order.
    func values<Value: BitwiseCopyable>(of type: Value.Type) -> UnsafeBufferPointer<Value> {
        bytes.bindMemory(to: type)
    }
}
