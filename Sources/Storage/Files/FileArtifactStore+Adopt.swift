import Foundation
package import Registry

extension FileArtifactStore {
    /// - Parameters:
    ///   - folder: on this machine; gone from there afterwards.
    ///   - path: where nothing is yet. When the same content is there already, or when `folder` is gone and something is
    ///     there (a call before a crash had got that far), nothing changes.
    /// - Throws: `RegistryError.alreadyExists` when other content is there; `.notFound` when neither is; `.invalid` when
    ///   the folder holds links or devices.
    package func adopt(folder: String, as path: ArtifactPath) async throws {
        let (parent, name) = try Self.split(path)
        try await perform {
            let source = try Self.openSource(folder)
            // An empty folder is nothing; the rename replaces it.
            if let present = try self.openIfPresent(path), try !present.names().isEmpty {
                guard let source else { return }
                guard try FileTree.equal(source, present) else {
                    throw RegistryError.alreadyExists("Other files are at '\(path)' already.")
                }
                try Self.removeSource(folder)
                return
            }
            guard let source else { throw RegistryError.notFound("There is no folder \(folder) to take files from.") }
            try FileTree.sync(source)
            let target = try self.open(parent, making: true)
            try self.move(source, to: name, in: target)
            try target.sync()
        }
    }

    private func move(_ source: Descriptor, to name: String, in target: Descriptor) throws {
        if renameat(AT_FDCWD, source.path, target.number, name) == 0 { return }
        guard errno == EXDEV else { throw SystemFailure("move", source.path) }
        // Another file system: copied under a temporary name, so that the step at the path is still one.
        let uploads = try FileTree.folder(making: Self.uploads, in: try openRoot(making: true))
        let temporary = Self.temporaryName()
        let copy = try FileTree.folder(making: temporary, in: uploads)
        try FileTree.copy(source, to: copy)
        try FileTree.sync(copy)
        guard renameat(uploads.number, temporary, target.number, name) == 0 else {
            throw SystemFailure("move", source.path)
        }
        try target.sync()
        try Self.removeSource(source.path)
    }

    private static func openSource(_ folder: String) throws -> Descriptor? {
        do {
            return try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch let failure as SystemFailure where failure.code == ENOENT {
            return nil
        }
    }

    private static func removeSource(_ folder: String) throws {
        let url = URL(filePath: folder)
        let parent = try Descriptor(
            opening: url.deletingLastPathComponent().path(percentEncoded: false), O_RDONLY | O_DIRECTORY)
        try FileTree.remove(url.lastPathComponent, in: parent)
    }
}
