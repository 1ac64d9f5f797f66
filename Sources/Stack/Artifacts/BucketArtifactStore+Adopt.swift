import Foundation
import Registry
import Transfer

extension BucketArtifactStore {
    /// - Parameters:
    ///   - folder: on this machine; gone from there afterwards.
    ///   - path: where nothing is yet. When the same content is there already, or when `folder` is gone and something is
    ///     there (a call before a crash had got that far), nothing changes.
    /// - Throws: `RegistryError.alreadyExists` when other content is there; `.notFound` when neither is; `.invalid` when
    ///   the folder holds links or devices.
    func adopt(folder: String, as path: ArtifactPath) async throws {
        if path == .root { throw RegistryError.invalid("Invalid path: '': it names no file.") }
        try await telling(path) {
            let source = try await queue.perform {
                FileManager.default.fileExists(atPath: folder) ? try FolderContents(of: folder) : nil
            }
            guard hidden.add(path) else { throw RegistryError.alreadyExists("Files are just arriving at '\(path)'.") }
            defer { hidden.remove(path) }
            // An attempt that failed while the store could not be reached.
            if let record = try await record(ofFolder: path) { try await takeBack(record) }
            let present = try await client.list(try folderKey(path)).objects
            guard present.isEmpty else {
                guard let source else { return }
                guard try await isSame(present, source, path) else {
                    throw RegistryError.alreadyExists("Other files are at '\(path)' already.")
                }
                try await queue.perform { try FileManager.default.removeItem(atPath: folder) }
                return
            }
            guard let source else { throw RegistryError.notFound("There is no folder \(folder) to take files from.") }
            let objects = try await send(source, from: folder, to: path)
            try await cache.keep(folder, as: FolderCache.name(of: path, objects), of: path, source)
        }
    }

    /// - Returns: what is in the bucket now, by its path in the folder.
    private func send(
        _ source: FolderContents, from folder: String, to path: ArtifactPath
    ) async throws -> [String: BucketObject] {
        let record = Record(path: path.description, isFolder: true, files: source.files.keys.sorted())
        let name = try await self.record(record)
        do {
            let files = source.files.map { (name: $0.key, file: $0.value) }
            let objects = try await Self.eachOf(files) { name, file in
                let key = try key(try path.appending(name))
                let tag = try await send("\(folder)/\(name)", file, as: key)
                return (name, BucketObject(key: key, byteCount: file.bytes, tag: tag, digest: file.sha256))
            }
            // From here on they are there.
            try await client.delete(name)
            return Dictionary(objects) { first, _ in first }
        } catch {
            // Not cut short with whoever gave up; what cannot be taken back now is at the next attempt or start.
            await Task { try? await takeBack(name, record) }.value
            throw error
        }
    }

    /// - Returns: the object's tag.
    private func send(_ file: String, _ expected: FolderContents.File, as key: String) async throws -> String {
        let handle = try await queue.perform { try FileHandle(forReadingFrom: URL(filePath: file)) }
        defer { queue.async { try? handle.close() } }
        func piece() async throws -> [UInt8] {
            try await queue.perform { Array(try handle.read(upToCount: BucketClient.pieceLength) ?? Data()) }
        }
        if expected.bytes <= Int64(BucketClient.pieceLength) {
            return try await client.put(try await piece(), as: key, digest: expected.sha256)
        }
        let upload = try await client.beginUpload(key, digest: expected.sha256)
        var tags: [String] = []
        while case let piece = try await piece(), !piece.isEmpty {
            tags.append(try await client.put(part: tags.count + 1, of: upload, piece))
        }
        return try await client.complete(upload, tags: tags, byteCount: expected.bytes)
    }

    /// Whether the bucket holds what the folder holds.
    private func isSame(_ present: [BucketObject], _ source: FolderContents, _ path: ArtifactPath) async throws -> Bool
    {
        let prefix = try folderKey(path)
        let sizes = Dictionary(present.map { (String($0.key.dropFirst(prefix.count)), $0.byteCount) }) { first, _ in
            first
        }
        guard sizes == source.files.mapValues(\.bytes) else { return false }
        for object in present {
            // Large files that plain MLflow put there have no checksum, and are no folder of ours.
            let name = String(object.key.dropFirst(prefix.count))
            guard try await client.head(object.key)?.digest == source.files[name]?.sha256 else { return false }
        }
        return true
    }
}
