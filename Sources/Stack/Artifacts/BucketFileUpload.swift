import Registry
import Training
import Transfer

/// A file on its way into a bucket. What fits into one piece goes at the end in one request; of a larger one the pieces go
/// as they come, and the store puts them together at the end.
actor BucketFileUpload: ArtifactUpload {
    private let store: BucketArtifactStore
    private let path: ArtifactPath
    private let key: String
    private var piece: [UInt8] = []
    private var byteCount: Int64 = 0
    private var digest = SHA256()
    private var isOver = false
    private var parts: (upload: BucketUpload, record: String, tags: [String])?

    init(store: BucketArtifactStore, path: ArtifactPath, key: String) {
        (self.store, self.path, self.key) = (store, path, key)
    }

    func append(_ bytes: [UInt8]) async throws {
        try checkOpen()
        bytes.withUnsafeBytes { digest.update($0) }
        piece += bytes
        byteCount += Int64(bytes.count)
        while piece.count > BucketClient.pieceLength {
            let part = Array(piece[..<BucketClient.pieceLength])
            piece.removeFirst(part.count)
            try await store.telling(path) { try await send(part) }
        }
    }

    func finish() async throws {
        try checkOpen()
        try await store.telling(path) {
            if parts == nil {
                try await store.client.put(piece, as: key, digest: digest.hex())
            } else {
                try await send(piece)
                if let parts {
                    _ = try await store.client.complete(parts.upload, tags: parts.tags, byteCount: byteCount)
                    // Should the record stay, the next start finds nothing to end.
                    try? await store.client.delete(parts.record)
                }
            }
        }
        isOver = true
    }

    func cancel() async {
        guard !isOver else { return }
        isOver = true
        piece = []
        guard let parts else { return }
        // Not cut short with whoever gave up. What cannot be ended now is ended at the next start.
        await Task { [client = store.client] in
            try? await client.abort(parts.upload)
            try? await client.delete(parts.record)
        }.value
    }

    private func send(_ part: [UInt8]) async throws {
        if parts == nil {
            // First the record: a kill must not leave an upload of which nobody knows.
            let record = try await store.record(.init(path: path.description, isFolder: false))
            parts = (try await store.client.beginUpload(key), record, [])
        }
        guard let upload = parts?.upload, let number = parts?.tags.count else { return }
        let tag = try await store.client.put(part: number + 1, of: upload, part)
        parts?.tags.append(tag)
    }

    private func checkOpen() throws {
        if isOver { throw RegistryError.invalid("The upload to '\(path)' has ended already.") }
    }
}
