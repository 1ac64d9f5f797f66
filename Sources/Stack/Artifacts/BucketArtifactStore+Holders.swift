import Registry
import Transfer

extension BucketArtifactStore: SearchableArtifactStore {
    /// By the store's own clock; a folder of whose objects it tells no time seems older than everything.
    func lastChangeSeconds(of holder: ArtifactHolder) async throws -> Int64? {
        try await telling(holder.path) {
            try await client.list(try folderKey(holder.path)).objects.map { Int64($0.modifiedAtSeconds ?? 0) }.max()
        }
    }

    /// In one listing, whatever folders there are.
    func byteCount(below path: ArtifactPath) async throws -> Int64 {
        try await telling(path) { try await objects(in: path).values.reduce(0) { $0 + $1.byteCount } }
    }
}
