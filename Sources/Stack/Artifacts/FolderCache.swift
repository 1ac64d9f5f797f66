import Dispatch
import Foundation
import Registry
import Training
import Transfer

/// Folders of a bucket on this machine, for readers that map files into memory.
///
/// Each lies under a name made of its path and of what the bucket says of its files, so that it never changes: what is
/// there is what the bucket holds, or something older that nobody asks for any more. The whole of it may be removed at any
/// time.
struct FolderCache: Sendable {
    let root: String
    /// Serial; all waiting for the disk happens there.
    let queue: DispatchQueue
    /// Of all folders together; what was used last stays even if it is larger.
    var limitBytes: Int64 = 2 << 30
    /// What is in production, what was before and what challenges it are wanted again at any moment.
    static let leastFolders = 4

    private static let partial = ".partial-"

    /// What a folder is of; beside its files.
    private struct Index: Codable {
        var path: String
        var contents: FolderContents
    }

    /// Clears away what a killed process left half-done.
    func prepare() async throws {
        try await queue.perform {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: root) where name.hasPrefix(Self.partial) {
                try FileManager.default.removeItem(atPath: "\(root)/\(name)")
            }
        }
    }

    /// The name of a folder with these objects, by their paths in it.
    static func name(of path: ArtifactPath, _ objects: [String: BucketObject]) -> String {
        let lines = objects.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value.byteCount)\n\($0.value.tag)\n" }
        return String(SHA256.hex(of: Array((path.description + "\n\n" + lines.joined()).utf8)).prefix(32))
    }

    /// nil when the folder is not there; one that is damaged is removed.
    func folder(named name: String) async throws -> String? {
        try await queue.perform {
            guard let index = index(name) else { return nil }
            let files = "\(root)/\(name)/files"
            guard index.contents.isWhole(in: files) else {
                try FileManager.default.removeItem(atPath: "\(root)/\(name)")
                return nil
            }
            let now = [FileAttributeKey.modificationDate: Date()]
            try? FileManager.default.setAttributes(now, ofItemAtPath: "\(root)/\(name)/index.json")
            return files
        }
    }

    /// A folder for files on their way, which `finish` or `drop` ends.
    func begin() async throws -> String {
        try await queue.perform {
            let folder = "\(root)/\(Self.partial)\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder + "/files", withIntermediateDirectories: true)
            return folder
        }
    }

    func drop(_ partial: String) async {
        // What cannot be removed now is removed by `prepare` at the next start.
        try? await queue.perform { try FileManager.default.removeItem(atPath: partial) }
    }

    /// - Returns: the folder of the files, at its place.
    func finish(
        _ partial: String, as name: String, of path: ArtifactPath, _ contents: FolderContents
    ) async throws -> String {
        try await queue.perform {
            let index = Index(path: path.description, contents: contents)
            try JSONEncoder().encode(index).write(to: URL(filePath: partial + "/index.json"))
            if rename(partial, "\(root)/\(name)") != 0 {
                // Two asked for it at once, and the other was faster; or it is damaged, and is found to be next time.
                try FileManager.default.removeItem(atPath: partial)
            }
            evict()
            return "\(root)/\(name)/files"
        }
    }

    /// Takes in a folder whose files have just gone to the bucket, so that they need not come back.
    func keep(_ folder: String, as name: String, of path: ArtifactPath, _ contents: FolderContents) async throws {
        let partial = try await begin()
        try await queue.perform {
            // Of another file system: it is fetched when somebody asks for it.
            try? FileManager.default.removeItem(atPath: partial + "/files")
            if rename(folder, partial + "/files") != 0 { try FileManager.default.removeItem(atPath: folder) }
        }
        guard FileManager.default.fileExists(atPath: partial + "/files") else { return await drop(partial) }
        _ = try await finish(partial, as: name, of: path, contents)
    }

    /// Removes the folders at a path and below it.
    func forget(_ path: ArtifactPath) async {
        try? await queue.perform {
            for name in try FileManager.default.contentsOfDirectory(atPath: root) {
                guard let text = index(name)?.path, let held = try? ArtifactPath(text), held.isInside(path) else {
                    continue
                }
                try FileManager.default.removeItem(atPath: "\(root)/\(name)")
            }
        }
    }

    private func index(_ name: String) -> Index? {
        FileManager.default.contents(atPath: "\(root)/\(name)/index.json").flatMap {
            try? JSONDecoder().decode(Index.self, from: $0)
        }
    }

    /// What was not used for longest goes first. A model that still answers from a removed file keeps it until it lets go.
    private func evict() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let folders = names.filter { !$0.hasPrefix(Self.partial) }.map { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(name)/index.json")
            let bytes = index(name)?.contents.files.values.reduce(0) { $0 + $1.bytes } ?? 0
            return (name: name, used: attributes?[.modificationDate] as? Date ?? .distantPast, bytes: bytes)
        }.sorted { $0.used > $1.used }
        var total: Int64 = 0
        for (place, folder) in folders.enumerated() {
            total += folder.bytes
            guard place >= Self.leastFolders, total > limitBytes else { continue }
            try? FileManager.default.removeItem(atPath: "\(root)/\(folder.name)")
            total -= folder.bytes
        }
    }
}
