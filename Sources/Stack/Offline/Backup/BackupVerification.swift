import Foundation
import Storage

/// Reads a backup through: every checksum, the database's own structure, and the files that it names.
package struct BackupVerification: Sendable {
    let file: String

    package init(file: String) { self.file = URL(filePath: file).standardizedFileURL.path(percentEncoded: false) }

    /// Needs room for the database in the folder for temporary files.
    /// - Throws: `BackupError`, `ArchiveError`, `StorageError`.
    package func run(
        onProgress: @escaping @Sendable (Double) -> Void = { _ in },
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) async throws -> BackupSummary {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "mlstack-\(UUID().uuidString)").path(
            percentEncoded: false)
        try await Queues.files.perform {
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        defer { try? files.removeItem(atPath: folder) }
        let database = "\(folder)/\(BackupLayout.database)"
        let content = try await Queues.files.perform {
            try BackupReading(file: file, onProgress: onProgress, isStopped: isStopped).run { path, _ in
                path == BackupLayout.database ? try UnpackedFile(path: database, mode: 0o600) : nil
            }
        }
        let look = try await BackupDatabase.look(at: database, of: file)
        return BackupSummary(file: file, content, look)
    }
}

/// The database of a backup, once it lies somewhere by itself.
enum BackupDatabase {
    struct Look: Sendable {
        var folders: [(name: String, version: Int, path: String)]
        /// The path of the ratings that it replays.
        var source: String?
        var problems: [String]
    }

    /// Opens it, which also brings it to the present schema, and does `change` to it.
    /// - Parameter origin: whose database it is, for errors.
    /// - Throws: `BackupError.damagedDatabase`, `StorageError`.
    static func look(
        at path: String, of origin: String, _ change: (SQLiteStore) async throws -> Void = { _ in }
    ) async throws -> Look {
        do {
            let store = try await Queues.files.perform { try SQLiteStore(path: path, now: { WallClock().now }) }
            let report = try await store.integrityReport()
            if let damage = report.damage.first { throw BackupError.damagedDatabase(path: origin, reason: damage) }
            try await change(store)
            let look = Look(
                folders: try await store.versionFolders(),
                source: try await store.value(forKey: StackParts.sourceKey), problems: report.problems)
            try await Queues.files.perform { try store.close() }
            return look
        } catch StorageError.corrupt(_, let detail) {
            throw BackupError.damagedDatabase(path: origin, reason: detail)
        } catch StorageError.newerSchema {
            throw StorageError.newerSchema(path: origin)
        }
    }
}

extension BackupSummary {
    init(file: String, _ content: BackupReading.Content, _ look: BackupDatabase.Look) {
        self.init(
            file: file, manifest: content.manifest, files: content.paths.count, bytes: content.bytes,
            versions: look.folders.count,
            warnings: look.problems + BackupSummary.warnings(of: look.folders, files: content.paths, content.manifest))
    }
}
