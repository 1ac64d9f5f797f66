import Foundation
import Registry
import Training
import Transfer

extension BucketArtifactStore {
    /// nil when there is none, or nobody may see it yet.
    func object(_ path: ArtifactPath) async throws -> BucketObject? {
        if path == .root || hidden.holds(path) { return nil }
        return try await client.head(try key(path))
    }

    /// All below a path, by their paths in it. Names that no path can have are left out, as from a listing.
    func objects(in path: ArtifactPath) async throws -> [String: BucketObject] {
        let prefix = try folderKey(path)
        var objects: [String: BucketObject] = [:]
        for object in try await client.list(prefix).objects {
            let name = String(object.key.dropFirst(prefix.count))
            guard !name.isEmpty, let inner = try? path.appending(name), !hidden.holds(inner) else { continue }
            objects[name] = object
        }
        return objects
    }

    /// Brings objects of a folder here, each checked.
    func fetch(
        _ objects: [String: BucketObject], of path: ArtifactPath, into folder: String
    ) async throws -> FolderContents {
        let files = try await Self.eachOf(objects.map { (name: $0.key, object: $0.value) }) { name, object in
            (name, try await fetch(object, as: try path.appending(name), to: "\(folder)/\(name)"))
        }
        var contents = FolderContents()
        contents.files = Dictionary(files) { first, _ in first }
        return contents
    }

    private func fetch(
        _ object: BucketObject, as path: ArtifactPath, to file: String
    ) async throws -> FolderContents.File {
        let handle = try await queue.perform {
            let url = URL(filePath: file)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
            return try FileHandle(forWritingTo: url)
        }
        let digest = RunningDigest()
        let expected = try await client.read(object) { piece in
            try await queue.perform {
                digest.update(piece)
                try handle.write(contentsOf: piece)
            }
        }
        try await queue.perform { try handle.close() }
        let found = digest.hex()
        if let expected, found != expected { throw damaged(path) }
        return FolderContents.File(bytes: object.byteCount, sha256: found)
    }

    func remove(_ keys: [String]) async throws {
        _ = try await Self.eachOf(keys) { try await client.delete($0) }
    }

    /// Some at a time; the first failure ends it.
    static func eachOf<Item: Sendable, Value: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            var (waiting, values) = (items.makeIterator(), [Value]())
            for _ in 0..<mostAtOnce {
                guard let item = waiting.next() else { break }
                group.addTask { try await body(item) }
            }
            while let value = try await group.next() {
                values.append(value)
                if let item = waiting.next() { group.addTask { try await body(item) } }
            }
            return values
        }
    }
}
