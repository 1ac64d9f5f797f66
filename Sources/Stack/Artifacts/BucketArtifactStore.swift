import Dispatch
import Foundation
import Logging
import Registry
import Synchronization
import Training
import Transfer

/// Artefacts as objects of an S3-compatible bucket, in the layout that `FileArtifactStore` has on disk: below the prefix
/// `<experiment>/<run>/artifacts/…` and `<experiment>/models/<model>/artifacts/…`.
///
/// An object appears whole or not at all. So does an adopted folder: before its first object a record of it is put below
/// `.mlstack/pending/`, after its last the record is removed; a folder whose record is there when a stack starts is taken
/// back. A prefix belongs to one home.
struct BucketArtifactStore: ArtifactStore {
    let client: BucketClient
    let cache: FolderCache
    /// Serial; files are read and written there.
    let queue: DispatchQueue
    /// The word of the home that the prefix belongs to.
    let homeID: String
    let logger: Logger
    /// Paths whose objects are just arriving or going; nobody sees them.
    let hidden = Hidden()

    private static let partLength = 256 << 10
    static let own = ".mlstack"
    /// Objects of one folder that are under way at a time.
    static let mostAtOnce = 4
    /// The longest name that an object store takes, in bytes.
    static let longestKey = 1_024

    final class Hidden: Sendable {
        private let paths = Mutex<Set<ArtifactPath>>([])
        func add(_ path: ArtifactPath) -> Bool { paths.withLock { $0.insert(path).inserted } }
        func remove(_ path: ArtifactPath) { paths.withLock { _ = $0.remove(path) } }
        func holds(_ path: ArtifactPath) -> Bool { paths.withLock { $0.contains { path.isInside($0) } } }
    }

    func upload(to path: ArtifactPath) async throws -> any ArtifactUpload {
        let key = try key(path)
        if path == .root { throw RegistryError.invalid("Invalid path: '': it names no file.") }
        return BucketFileUpload(store: self, path: path, key: key)
    }

    func read(_ path: ArtifactPath, _ consume: @Sendable ([UInt8]) async throws -> Void) async throws {
        try await read(path, range: 0..<Int64.max, consume)
    }

    /// A whole file is checked against the digest that it was put there with, before its last piece is handed on.
    func read(
        _ path: ArtifactPath, range: Range<Int64>, _ consume: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await telling(path) {
            guard let object = try await object(path) else { throw Self.notFound(path) }
            let (isWhole, digest) = (range.lowerBound == 0 && range.upperBound >= object.byteCount, RunningDigest())
            var last: [UInt8] = []
            let expected = try await client.read(object, range: range) { piece in
                if isWhole { try await queue.perform { digest.update(piece) } }
                try await Self.hand(last, to: consume)
                last = piece
            }
            if isWhole, let expected, digest.hex() != expected { throw damaged(path) }
            try await Self.hand(last, to: consume)
        }
    }

    /// In parts, so that whoever computes with them does not hold up a task for long.
    private static func hand(_ piece: [UInt8], to consume: @Sendable ([UInt8]) async throws -> Void) async throws {
        for start in stride(from: 0, to: piece.count, by: partLength) {
            try await consume(Array(piece[start..<min(start + partLength, piece.count)]))
        }
    }

    func byteCount(of path: ArtifactPath) async throws -> Int64? {
        try await telling(path) { try await object(path)?.byteCount }
    }

    func list(_ path: ArtifactPath) async throws -> [ArtifactEntry] {
        try await telling(path) {
            let prefix = try folderKey(path)
            let listing = try await client.list(prefix, isShallow: true)
            let folders = listing.folders.map { (name: $0.dropFirst(prefix.count).dropLast(), count: Int64?.none) }
            let files = listing.objects.map { (name: $0.key.dropFirst(prefix.count), count: Int64?.some($0.byteCount)) }
            var known: Set<Substring> = []
            return (folders + files).compactMap { name, count in
                // Others may have put names there that no path can have; and a folder's own mark is no file in it.
                guard let inner = try? path.appending(String(name)), inner != path, !name.contains("/"),
                    !(path == .root && name == Self.own), !hidden.holds(inner), known.insert(name).inserted
                else { return nil }
                return ArtifactEntry(name: String(name), isDirectory: count == nil, byteCount: count)
            }
        }
    }

    /// Removes a file, or a folder with everything in it; nothing when there is nothing.
    func delete(_ path: ArtifactPath) async throws {
        if path == .root { throw RegistryError.invalid("Invalid path: '': it names no file.") }
        try await telling(path) {
            let isOurs = hidden.add(path)
            defer { if isOurs { hidden.remove(path) } }
            try await remove(try await client.list(try folderKey(path)).objects.map(\.key) + [try key(path)])
            await cache.forget(path)
        }
    }

    /// The folder in the cache, fetched first if the bucket holds something that is not there.
    func localFolder(of path: ArtifactPath) async throws -> String {
        try await telling(path) {
            if hidden.holds(path) { throw Self.notFound(path) }
            let objects = try await objects(in: path)
            guard !objects.isEmpty else { throw Self.notFound(path) }
            let name = FolderCache.name(of: path, objects)
            if let folder = try await cache.folder(named: name) { return folder }
            let partial = try await cache.begin()
            do {
                let contents = try await fetch(objects, of: path, into: partial + "/files")
                return try await cache.finish(partial, as: name, of: path, contents)
            } catch {
                await cache.drop(partial)
                throw error
            }
        }
    }
}

extension BucketArtifactStore {
    // MARK: Names

    func key(_ path: ArtifactPath) throws -> String {
        guard path.components.first != Self.own else {
            throw RegistryError.invalid("Invalid path: '\(path)': \(Self.own) is the store's own.")
        }
        let key = client.place.key(path.description)
        guard key.utf8.count <= Self.longestKey else {
            throw RegistryError.invalid(
                "Invalid path: '\(path)': with the bucket's prefix it is longer than \(Self.longestKey) bytes.")
        }
        return key
    }

    /// What the names of everything in a folder begin with.
    func folderKey(_ path: ArtifactPath) throws -> String {
        let key = try key(path)
        return key.isEmpty ? "" : key + "/"
    }

    // MARK: Failures

    static func notFound(_ path: ArtifactPath) -> RegistryError { .notFound("No such artifact: '\(path)'") }

    func damaged(_ path: ArtifactPath) -> RegistryError {
        .storage(
            "'\(path)' in \(client.place.description) is not what was stored: its checksum differs. "
                + "Restore the object, or store the file again.")
    }

    /// Says in Registry's words what failed.
    func telling<Value>(
        _ path: ArtifactPath, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch BucketError.notFound {
            throw Self.notFound(path)
        } catch let error as BucketError {
            if case .changed = error {
                throw RegistryError.invalid("The artifact '\(path)' was replaced while it was read.")
            }
            let detail = "\(client.place.description): \(ErrorText(error).oneLine)"
            throw error.isPassing ? RegistryError.unavailable(detail) : RegistryError.storage(detail)
        } catch let error as CocoaError {
            throw RegistryError.storage(ErrorText(error).what)
        }
    }
}
