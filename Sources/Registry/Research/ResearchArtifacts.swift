/// Artefacts as research runs see them: all of them to read, and what is not production's to write and remove.
package struct ResearchArtifacts: ArtifactStore {
    private let inner: any ArtifactStore
    private let production: ProductionGuard

    package init(_ inner: any ArtifactStore, production: ProductionGuard) {
        (self.inner, self.production) = (inner, production)
    }

    package func upload(to path: ArtifactPath) async throws -> any ArtifactUpload {
        try await production.check(path: path)
        return try await inner.upload(to: path)
    }

    package func read(_ path: ArtifactPath, _ consume: @Sendable ([UInt8]) async throws -> Void) async throws {
        try await inner.read(path, consume)
    }

    package func read(
        _ path: ArtifactPath, range: Range<Int64>, _ consume: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        try await inner.read(path, range: range, consume)
    }

    package func byteCount(of path: ArtifactPath) async throws -> Int64? { try await inner.byteCount(of: path) }

    package func list(_ path: ArtifactPath) async throws -> [ArtifactEntry] { try await inner.list(path) }

    package func delete(_ path: ArtifactPath) async throws {
        try await production.check(path: path)
        try await inner.delete(path)
    }

    package func adopt(folder: String, as path: ArtifactPath) async throws {
        try await production.check(path: path)
        try await inner.adopt(folder: folder, as: path)
    }

    package func localFolder(of path: ArtifactPath) async throws -> String { try await inner.localFolder(of: path) }
}
