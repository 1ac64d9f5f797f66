package import Dispatch
import Foundation
package import Registry

/// Artefacts as files below one folder, in MLflow's layout: `<experiment>/<run>/artifacts/…` and
/// `<experiment>/models/<model>/artifacts/…`.
///
/// A path is walked from the root one component at a time, and a symbolic link on the way is refused, so nothing outside
/// the root is ever reached, whatever somebody puts below it. Uploads and removals pass through `.uploads/`, so that what
/// is seen at a path is whole.
package struct FileArtifactStore: ArtifactStore {
    /// The folder; made when it is first written to.
    package let root: String
    let queue: DispatchQueue

    static let uploads = ".uploads"

    /// - Parameter queue: serial; all waiting for the disk happens there.
    package init(root: String, queue: DispatchQueue) {
        (self.root, self.queue) = (root, queue)
    }

    /// Makes the root and clears away what a killed process left half-done. Call it at the start, before any upload.
    /// - Throws: `RegistryError.storage`.
    package func prepare() async throws {
        try await perform {
            let uploads = try FileTree.folder(making: Self.uploads, in: try self.openRoot(making: true))
            // What cannot be removed, because it is somebody else's, keeps nobody from starting: the next start tries again.
            for name in try uploads.names() { try? FileTree.remove(name, in: uploads) }
        }
    }

    package func upload(to path: ArtifactPath) async throws -> any ArtifactUpload {
        _ = try Self.split(path)
        return try await perform {
            let uploads = try FileTree.folder(making: Self.uploads, in: try self.openRoot(making: true))
            let temporary = Self.temporaryName()
            let file = try Descriptor(opening: temporary, in: uploads, O_WRONLY | O_CREAT | O_EXCL)
            return FileUpload(store: self, path: path, uploads: uploads, temporary: temporary, file: file)
        }
    }

    package func read(
        _ path: ArtifactPath, _ consume: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await read(path, range: 0..<Int64.max, consume)
    }

    package func read(
        _ path: ArtifactPath, range: Range<Int64>, _ consume: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let (folder, name) = try Self.split(path)
        let file = try await perform {
            do {
                let file = try Descriptor(
                    opening: name, in: try self.open(folder, making: false), O_RDONLY | O_NONBLOCK)
                let status = try file.status()
                if status.isFolder { throw RegistryError.invalid("Invalid path: '\(path)': it is a directory.") }
                guard status.isFile else { throw Self.notFound(path) }
                if range.lowerBound > 0 { try file.seek(to: range.lowerBound) }
                return file
            } catch let failure as SystemFailure where failure.isAbsence {
                throw Self.notFound(path)
            }
        }
        var rest = range.upperBound - range.lowerBound
        while rest > 0 {
            let count = Int(min(rest, Int64(FileTree.pieceSize)))
            let piece = try await perform { try file.read(upTo: count) }
            if piece.isEmpty { return }
            rest -= Int64(piece.count)
            try await consume(piece)
        }
    }

    package func byteCount(of path: ArtifactPath) async throws -> Int64? {
        if path == .root { return nil }
        let (folder, name) = try Self.split(path)
        return try await perform {
            guard let folder = try self.openIfPresent(folder) else { return nil }
            return try folder.status(of: name).flatMap { $0.isFile ? Int64($0.st_size) : nil }
        }
    }

    package func list(_ path: ArtifactPath) async throws -> [ArtifactEntry] {
        try Self.checkReserved(path)
        return try await perform {
            guard let folder = try self.openIfPresent(path) else { return [] }
            return try folder.names().compactMap { name in
                if path == .root, name == Self.uploads { return nil }
                guard let status = try folder.status(of: name), status.isFolder || status.isFile else { return nil }
                return ArtifactEntry(
                    name: name, isDirectory: status.isFolder, byteCount: status.isFile ? Int64(status.st_size) : nil)
            }
        }
    }

    /// Removes a file, or a folder with everything in it, in one step; nothing when there is nothing.
    /// - Throws: `RegistryError.notFound` for the root, which stays.
    package func delete(_ path: ArtifactPath) async throws {
        if path == .root { throw RegistryError.notFound("The root of the artifacts cannot be deleted.") }
        let (folder, name) = try Self.split(path)
        try await perform {
            guard let folder = try self.openIfPresent(folder), try folder.status(of: name) != nil else { return }
            let uploads = try FileTree.folder(making: Self.uploads, in: try self.openRoot(making: true))
            let temporary = Self.temporaryName()
            guard renameat(folder.number, name, uploads.number, temporary) == 0 else {
                if errno == ENOENT { return }
                throw SystemFailure("remove", folder.path + "/" + name)
            }
            try folder.sync()
            try FileTree.remove(temporary, in: uploads)
        }
    }

    package func localFolder(of path: ArtifactPath) async throws -> String {
        try Self.checkReserved(path)
        return try await perform {
            guard let folder = try self.openIfPresent(path) else { throw Self.notFound(path) }
            return folder.path
        }
    }
}

extension FileArtifactStore {
    static func notFound(_ path: ArtifactPath) -> RegistryError { .notFound("No such artifact: '\(path)'") }

    /// The folder and the last component of a path that is not the root.
    static func split(_ path: ArtifactPath) throws -> (folder: ArtifactPath, name: String) {
        try checkReserved(path)
        var components = path.components
        guard let name = components.popLast() else {
            throw RegistryError.invalid("Invalid path: '': it names no file.")
        }
        return (try ArtifactPath(components.joined(separator: "/")), name)
    }

    static func checkReserved(_ path: ArtifactPath) throws {
        guard path.components.first != uploads else {
            throw RegistryError.invalid("Invalid path: '\(path)': \(uploads) is the store's own.")
        }
    }

    static func temporaryName() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

    func openRoot(making: Bool) throws -> Descriptor {
        if making {
            do {
                try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            } catch {
                let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
                let isForbidden = underlying.map { [Int(EACCES), Int(EROFS), Int(EPERM)].contains($0.code) } ?? false
                throw isForbidden
                    ? StorageError.readOnly(path: root)
                    : StorageError.failed(path: root, operation: "make", reason: error.localizedDescription)
            }
        }
        return try Descriptor(opening: root, O_RDONLY | O_DIRECTORY)
    }

    func open(_ path: ArtifactPath, making: Bool) throws -> Descriptor {
        var folder = try openRoot(making: making)
        for component in path.components {
            folder =
                making
                ? try FileTree.folder(making: component, in: folder) : try FileTree.folder(component, in: folder)
        }
        return folder
    }

    /// nil when there is no such folder.
    func openIfPresent(_ path: ArtifactPath) throws -> Descriptor? {
        do {
            return try open(path, making: false)
        } catch let failure as SystemFailure where failure.isAbsence {
            return nil
        }
    }

    /// Runs `body` on the queue while the caller is suspended, and says what failed in Registry's words.
    func perform<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result(catching: body).mapError(self.registryError))
            }
        }
    }

    /// A refusal names the place below the root alone: where the home lies is nobody's business.
    private func registryError(_ error: any Error) -> any Error {
        switch error {
        case let failure as SystemFailure:
            let place = failure.path.hasPrefix(root + "/") ? String(failure.path.dropFirst(root.count + 1)) : ""
            switch failure.code {
            // A file where a folder should be, a folder where a file should be, or a link.
            case ENOTDIR, EISDIR, ELOOP, EEXIST, ENOTEMPTY:
                return RegistryError.invalid(
                    "Invalid path: '\(place)': \(String(cString: strerror(failure.code))).")
            case ENAMETOOLONG: return RegistryError.invalid("Invalid path: '\(place)': it is too long.")
            default: return failure.storageError.registryError
            }
        case let error as StorageError: return error.registryError
        default: return error
        }
    }
}
