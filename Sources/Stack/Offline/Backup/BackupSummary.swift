import Foundation

/// What is in a backup.
package struct BackupSummary: Sendable, Equatable {
    package var file: String
    package var manifest: BackupManifest
    package var files: Int
    /// Unpacked.
    package var bytes: Int
    package var versions: Int
    /// What a person should know of it; none of it makes the backup unusable.
    package var warnings: [String]

    package func json() throws -> String {
        try JSONText.object([
            "file": file, "format": manifest.format, "program": manifest.program, "created_at": manifest.createdAt,
            "home": manifest.home, "holds_secrets": manifest.holdsSecrets, "files": files, "bytes": bytes,
            "model_versions": versions, "artifacts": manifest.artifacts.map { $0 as Any } ?? NSNull(),
            "warnings": warnings,
        ])
    }

    /// Versions whose files are not among these paths.
    static func warnings(
        of folders: [(name: String, version: Int, path: String)], files: [String], _ manifest: BackupManifest
    ) -> [String] {
        let below = files.compactMap { $0.hasPrefix("artifacts/") ? String($0.dropFirst("artifacts/".count)) : nil }
            .sorted()
        let missing = folders.filter { folder in
            // The first path that is not before the folder's is in it, if any is.
            var (low, high) = (0, below.count)
            while low < high {
                let middle = (low + high) / 2
                if below[middle] < folder.path { low = middle + 1 } else { high = middle }
            }
            let rest = below[low...].prefix { $0.hasPrefix(folder.path) }
            return !rest.contains { $0 == folder.path || $0.hasPrefix(folder.path + "/") }
        }
        guard let first = missing.first else { return [] }
        if let place = manifest.artifacts {
            let whose = missing.count == 1 ? "one version" : "\(missing.count) versions"
            return ["the files of \(whose) are in \(place) and not in the backup: keep what is there, too"]
        }
        let what = missing.count == 1 ? "one version has" : "\(missing.count) versions have"
        return ["\(what) no files in the home, such as version \(first.version) of \(first.name)"]
    }
}
