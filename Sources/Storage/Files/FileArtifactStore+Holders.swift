import Foundation
package import Registry

extension FileArtifactStore: SearchableArtifactStore {
    /// When something was put into its folder or taken out of it, directly.
    package func lastChangeSeconds(of holder: ArtifactHolder) async throws -> Int64? {
        try await perform { try openIfPresent(holder.path).map { Int64(try $0.status().st_mtim.tv_sec) } }
    }
}
