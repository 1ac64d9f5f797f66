import Foundation

/// The first file of a backup: what it is a backup of.
package struct BackupManifest: Codable, Sendable, Equatable {
    /// Of the archive's form; a program refuses one that is newer than it knows.
    static let presentFormat = 1

    package var format = presentFormat
    package var program: String
    /// RFC 3339.
    package var createdAt: String
    /// Where the home was, because a few records name files by their whole path.
    package var home: String
    /// Whether `secrets.yaml` is in it.
    package var holdsSecrets: Bool
    /// The bucket that keeps the artefacts, `s3://bucket/prefix`; nil: they are in the home.
    package var artifacts: String?

    private enum CodingKeys: String, CodingKey {
        case format, program, home, artifacts
        case createdAt = "created_at"
        case holdsSecrets = "holds_secrets"
    }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        }
    }
}

/// Where things stand in a backup. It unpacks with any `tar`, and `sha256sum -c SHA256SUMS` then checks it.
enum BackupLayout {
    static let root = "mlstack-backup/"
    static let manifest = root + "BACKUP.json"
    static let home = root + "home/"
    static let sums = root + "SHA256SUMS"
    static let database = "mlstack.db"
    static let secrets = "secrets.yaml"

    /// - Returns: the path below the home.
    /// - Throws: `BackupError.refused` for one that leads elsewhere.
    static func pathInHome(_ path: String, of file: String) throws(BackupError) -> String {
        guard path.hasPrefix(home) else {
            throw .refused(file: file, entry: path, reason: "stands where nothing of a backup does")
        }
        let below = String(path.dropFirst(home.count))
        let parts = below.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), !below.utf8.contains(0)
        else { throw .refused(file: file, entry: path, reason: "leads out of the home") }
        guard !BackupLayout.isOfRunningServer(below) else {
            throw .refused(file: file, entry: path, reason: "belongs to a running server and to no backup")
        }
        return below
    }

    /// What a server makes anew at each start, and what the copy of the database holds already. A bucket belongs to one home,
    /// and a restored one is another.
    static func isOfRunningServer(_ path: String) -> Bool {
        ["bucket.id", "mlstack.lock", "mlstack.key", "mlstack.db-wal", "mlstack.db-shm", "mlstack.db-journal"].contains(
            path)
    }

    /// A line of `SHA256SUMS` as GNU's sha256sum writes and reads it.
    static func sumLine(_ digest: String, _ path: String) -> String {
        let escaped = path.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return (escaped == path ? "" : "\\") + "\(digest)  \(escaped)\n"
    }
}
