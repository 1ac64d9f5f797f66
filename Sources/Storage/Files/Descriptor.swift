import Foundation

/// A call of the system that failed.
struct SystemFailure: Error {
    var code: Int32
    var operation: String
    var path: String

    /// What `errno` says right now.
    init(_ operation: String, _ path: String) {
        (self.code, self.operation, self.path) = (errno, operation, path)
    }

    /// Nothing is there, or what should be a folder on the way is none.
    var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

    var storageError: StorageError {
        switch code {
        case ENOSPC, EDQUOT: .diskFull(path: path)
        case EROFS, EACCES, EPERM: .readOnly(path: path)
        default: .failed(path: path, operation: operation, reason: String(cString: strerror(code)))
        }
    }
}

/// An open file or folder; closed when the last owner lets go.
final class Descriptor: Sendable {
    let number: Int32
    let path: String

    /// Repeats a call that a signal interrupted.
    static func retrying(_ operation: String, _ path: String, _ call: () -> Int) throws -> Int {
        while true {
            let result = call()
            if result >= 0 { return result }
            guard errno == EINTR else { throw SystemFailure(operation, path) }
        }
    }

    init(opening path: String, _ flags: Int32, mode: mode_t = 0o644) throws {
        number = Int32(try Self.retrying("open", path) { Int(open(path, flags | O_CLOEXEC, mode)) })
        self.path = path
    }

    /// Opens `name` in the folder `parent`; a symbolic link there is refused.
    init(opening name: String, in parent: Descriptor, _ flags: Int32, mode: mode_t = 0o644) throws {
        path = parent.path + "/" + name
        number = Int32(
            try Self.retrying("open", path) {
                Int(openat(parent.number, name, flags | O_CLOEXEC | O_NOFOLLOW, mode))
            })
    }

    deinit { close(number) }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                let count = try Self.retrying("write", path) { Foundation.write(number, start, rest.count) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// - Returns: up to `count` bytes; none at the end.
    func read(upTo count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = try Self.retrying("read", path) { Foundation.read(number, buffer.baseAddress, count) }
        }
    }

    /// The next read begins there.
    func seek(to position: Int64) throws {
        _ = try Self.retrying("read", path) { Int(lseek(number, off_t(position), SEEK_SET)) }
    }

    /// Returns once what was written is on the disk.
    func sync() throws {
        _ = try Self.retrying("sync", path) { Int(fsync(number)) }
    }

    func status() throws -> stat {
        var result = stat()
        _ = try Self.retrying("look at", path) { Int(fstat(number, &result)) }
        return result
    }

    /// nil when there is nothing of that name in this folder; links are not followed.
    func status(of name: String) throws -> stat? {
        var result = stat()
        do {
            _ = try Self.retrying("look at", path + "/" + name) {
                Int(fstatat(number, name, &result, AT_SYMLINK_NOFOLLOW))
            }
            return result
        } catch let failure as SystemFailure where failure.isAbsence {
            return nil
        }
    }

    /// The names in this folder, sorted, without `.` and `..`.
    func names() throws -> [String] {
        // The stream owns and closes its descriptor, so it gets one of its own.
        let copy = Int32(
            try Self.retrying("read", path) { Int(openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) })
        guard let stream = fdopendir(copy) else {
            let failure = SystemFailure("read", path)
            close(copy)
            throw failure
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemFailure("read", path) }
        return names.sorted()
    }
}

extension stat {
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    var isFile: Bool { st_mode & S_IFMT == S_IFREG }
}
