import Foundation

/// The right to serve one home, held for as long as this value lives or until `release`.
///
/// The lock is the kernel's, on the open file `<home>/mlstack.lock`: when the process dies, however it dies, the lock is
/// gone, whatever the file still says. It is an open-file-description lock (`F_OFD_SETLK`): like `flock` it belongs to
/// the open file, and unlike it, it can be asked about without being taken, so that a client that looks for the server
/// never stands in the way of one that starts.
package final class HomeLock: Sendable {
    /// Who serves a home.
    package struct Holder: Sendable, Equatable, Codable {
        package var pid: Int32
        /// nil until the server listens.
        package var url: String?
    }

    package static let fileName = "mlstack.lock"

    private let file: Descriptor

    private init(file: Descriptor) { self.file = file }

    /// - Throws: `StorageError.homeInUse` when another process serves the home; `.readOnly` and the like.
    package static func acquire(home: String) throws -> HomeLock {
        let path = home + "/" + fileName
        do {
            let file = try Descriptor(opening: path, O_RDWR | O_CREAT)
            var request = wholeFile()
            guard fcntl(file.number, ofdSetLock, &request) == 0 else {
                guard errno == EAGAIN || errno == EACCES else { throw SystemFailure("lock", path) }
                let holder = try content(of: file)
                throw StorageError.homeInUse(home: home, processID: holder?.pid, url: holder?.url)
            }
            let lock = HomeLock(file: file)
            try lock.store(Holder(pid: getpid(), url: nil))
            return lock
        } catch let failure as SystemFailure {
            throw failure.storageError
        }
    }

    /// Tells clients where the server listens.
    /// - Throws: `StorageError`.
    package func publish(url: String) throws {
        do {
            try store(Holder(pid: getpid(), url: url))
        } catch let failure as SystemFailure {
            throw failure.storageError
        }
    }

    /// Lets another process serve the home. Dropping the last reference does the same.
    package func release() {
        var request = Self.wholeFile()
        request.l_type = Int16(F_UNLCK)
        // Unlocking a file that is open cannot fail; a lock that stayed would go with the descriptor.
        _ = fcntl(file.number, Self.ofdSetLock, &request)
    }

    /// Who serves the home now; nil when nobody does, whatever a dead process left in the file.
    /// - Throws: `StorageError` when the file is there and cannot be read, or says nothing while it is locked.
    package static func read(home: String) throws -> Holder? {
        let path = home + "/" + fileName
        do {
            let file = try Descriptor(opening: path, O_RDONLY)
            var request = wholeFile()
            // A lock for reading is all that a file opened for reading may ask about; it collides with the holder's.
            request.l_type = Int16(F_RDLCK)
            guard fcntl(file.number, ofdGetLock, &request) == 0 else { throw SystemFailure("look at", path) }
            if request.l_type == Int16(F_UNLCK) { return nil }
            guard let holder = try content(of: file) else {
                throw StorageError.failed(
                    path: path, operation: "read", reason: "a server is just starting; ask again")
            }
            return holder
        } catch let failure as SystemFailure {
            if failure.code == ENOENT { return nil }
            throw failure.storageError
        }
    }

    /// One write of a fixed length, so that a reader never sees half of a new text after half of an old one.
    private static let contentLength = 512

    private func store(_ holder: Holder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = Array(try encoder.encode(holder))
        guard bytes.count < Self.contentLength else {
            throw StorageError.invalid("the address \(holder.url ?? "") is too long to be published.")
        }
        bytes += Array(repeating: UInt8(ascii: " "), count: Self.contentLength - bytes.count - 1) + [UInt8(ascii: "\n")]
        let count = try Descriptor.retrying("write", file.path) { pwrite(file.number, bytes, bytes.count, 0) }
        guard count == bytes.count else {
            throw StorageError.failed(path: file.path, operation: "write", reason: "only a part was written")
        }
    }

    /// nil for a file that has not been written yet.
    private static func content(of file: Descriptor) throws -> Holder? {
        var bytes = [UInt8](repeating: 0, count: contentLength)
        let count = try Descriptor.retrying("read", file.path) { pread(file.number, &bytes, contentLength, 0) }
        return try? JSONDecoder().decode(Holder.self, from: Data(bytes.prefix(count)))
    }

    private static func wholeFile() -> flock {
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        // Length 0 is "to the end", and the process must be 0 for this kind of lock.
        (request.l_start, request.l_len, request.l_pid) = (0, 0, 0)
        return request
    }

    #if canImport(Darwin)
        private static let (ofdSetLock, ofdGetLock): (Int32, Int32) = (90, 92)
    #else
        // From <fcntl.h>, where they stand behind _GNU_SOURCE.
        private static let (ofdSetLock, ofdGetLock): (Int32, Int32) = (37, 36)
    #endif
}
