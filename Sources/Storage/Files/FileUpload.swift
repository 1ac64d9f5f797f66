import Foundation
import Registry
import Synchronization

/// A file on its way into the store, under a name of its own until it is whole.
final class FileUpload: ArtifactUpload {
    private let store: FileArtifactStore
    private let path: ArtifactPath
    private let uploads: Descriptor
    private let temporary: String
    private let file: Descriptor
    private let isOver = Mutex(false)

    init(store: FileArtifactStore, path: ArtifactPath, uploads: Descriptor, temporary: String, file: Descriptor) {
        (self.store, self.path, self.uploads, self.temporary, self.file) = (store, path, uploads, temporary, file)
    }

    func append(_ bytes: [UInt8]) async throws {
        try await store.perform { [self] in
            try checkOpen()
            try file.write(bytes)
        }
    }

    /// Replaces a file at the path; a folder there is refused.
    func finish() async throws {
        let (folder, name) = try FileArtifactStore.split(path)
        try await store.perform { [self] in
            try checkOpen()
            try file.sync()
            let parent = try store.open(folder, making: true)
            guard renameat(uploads.number, temporary, parent.number, name) == 0 else {
                throw SystemFailure("write", parent.path + "/" + name)
            }
            isOver.withLock { $0 = true }
            try parent.sync()
        }
    }

    func cancel() async {
        // What cannot be removed now is removed by `prepare` at the next start.
        try? await store.perform { [self] in
            let wasOver = isOver.withLock { isOver in
                defer { isOver = true }
                return isOver
            }
            if wasOver { return }
            try FileTree.remove(temporary, in: uploads)
        }
    }

    private func checkOpen() throws {
        if isOver.withLock({ $0 }) {
            throw RegistryError.invalid("The upload to '\(path)' has ended already.")
        }
    }
}
