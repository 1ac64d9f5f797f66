import Registry

/// The files of a version, and what they say of it.
struct VersionFiles: Sendable {
    struct File: Sendable {
        /// Below the version's folder.
        var path: String
        var bytes: Int64
        /// Below the root of the artefacts.
        var place: ArtifactPath
    }

    /// By path, the first thousand.
    private(set) var files: [File] = []
    /// false: they are where this server keeps nothing, in a folder of somebody else's machine, say.
    let isKnown: Bool

    var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }
    /// Whether they are those of a recommender: mlstack's own, or factors with a manifest from another program.
    var isServable: Bool { files.contains { ["model.json", "mlstack.json"].contains($0.path) } }

    /// A client may log any number of them; a page shows no more.
    private static let limit = 1000

    init(of version: ModelVersion, in artifacts: any ArtifactStore) async throws {
        guard let root = try? ArtifactPath(artifactURI: version.artifactURI) else {
            isKnown = false
            return
        }
        isKnown = true
        var folders: [(prefix: String, place: ArtifactPath)] = [("", root)]
        while let folder = folders.popLast(), files.count < Self.limit {
            for entry in try await artifacts.list(folder.place) {
                let (path, place) = (folder.prefix + entry.name, try folder.place.appending(entry.name))
                if entry.isDirectory {
                    folders.append((path + "/", place))
                } else {
                    files.append(File(path: path, bytes: entry.byteCount ?? 0, place: place))
                }
            }
        }
        files.sort { $0.path < $1.path }
    }
}
