import Foundation
import Scheduling
import Storage

#if canImport(CDispatch)
    // Holds `stat` on Linux.
    import CDispatch
#endif

/// Writes a whole home into one file, also while a server works on it.
///
/// First the database, as it is at one moment; then the files, which are older or newer than that moment, but never
/// fewer: artefacts are put in place before a record names them, and appear whole under their name. Logs are cut at the
/// length that they had when their turn came. Artefacts that are kept in a bucket stay there: the backup says where.
package struct BackupCreation: Sendable {
    let home: Home
    let file: String
    /// Without it the passwords stay here: a backup goes to places that a home does not.
    let withSecrets: Bool
    let replaces: Bool

    package init(home: Home, file: String, withSecrets: Bool = false, replaces: Bool = false) {
        (self.home, self.withSecrets, self.replaces) = (home, withSecrets, replaces)
        self.file = URL(filePath: file).standardizedFileURL.path(percentEncoded: false)
    }

    /// - Parameters:
    ///   - onProgress: share of what is to be written.
    ///   - isStopped: asked again and again.
    /// - Throws: `BackupError`, `StorageError`, `ArchiveError`, `StackError`; the file is then as it was before.
    package func run(
        onProgress: @escaping @Sendable (Double) -> Void = { _ in },
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) async throws -> BackupSummary {
        try check()
        let folder = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
        let temporary = "\(Home(folder).path)/.mlstack-tmp-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let copy = temporary + ".db"
        defer { for path in [temporary, copy, copy + "-wal", copy + "-shm"] { unlink(path) } }
        try await Queues.files.perform { try DatabaseCopy.make(from: home.database, to: copy) }
        let look = try await BackupDatabase.look(at: copy, of: home.path)
        let manifest = BackupManifest(
            program: Version.current, createdAt: WallClock().now.rfc3339, home: resolvedHome, holdsSecrets: withSecrets,
            artifacts: try await Queues.files.perform { bucket })
        return try await Queues.files.perform {
            let found = try HomeFiles(of: home, withSecrets: withSecrets)
            let total = found.bytes + BackupCreation.size(of: copy)
            var (writing, vanished) = (
                try BackupWriting(to: temporary, total: total, onProgress, isStopped), [String]()
            )
            try writing.add(content: try manifest.json, as: BackupLayout.manifest)
            guard try writing.add(file: copy, as: BackupLayout.home + BackupLayout.database) else {
                throw BackupError.noHome(path: home.path)
            }
            for file in found.files
            where try !writing.add(file: "\(home.path)/\(file.path)", as: BackupLayout.home + file.path) {
                vanished.append(file.path)
            }
            let summary = BackupSummary(
                file: self.file, manifest: manifest, files: writing.paths.count - 1, bytes: writing.bytes,
                versions: look.folders.count,
                warnings: look.problems
                    + BackupSummary.warnings(
                        of: look.folders, files: found.files.map(\.path).filter { !vanished.contains($0) }, manifest)
                    + warnings(source: look.source, found, shortened: writing.shortened))
            try writing.finish()
            try publish(temporary)
            onProgress(1)
            return summary
        }
    }

    private func check() throws {
        guard access(home.database, F_OK) == 0 else { throw BackupError.noHome(path: home.path) }
        let inside = resolvedHome + "/"
        let folder = URL(filePath: file).deletingLastPathComponent().resolvingSymlinksInPath()
        if (folder.path(percentEncoded: false) + "/").hasPrefix(inside) {
            throw BackupError.insideHome(file: file, home: home.path)
        }
        guard access(folder.path(percentEncoded: false), F_OK) == 0 else {
            throw StackError.usage(
                "there is no folder \(folder.path(percentEncoded: false)).", remedy: "make it first, or choose another."
            )
        }
        if !replaces, access(file, F_OK) == 0 { throw BackupError.exists(file: file) }
    }

    private var resolvedHome: String {
        Home(URL(filePath: home.path).resolvingSymlinksInPath().path(percentEncoded: false)).path
    }

    /// Where artefacts are kept, unless in the home. A project file that cannot be read is no reason to have no backup.
    private var bucket: String? { (try? ProjectFile.read(for: home))?.artifacts?.place }

    private func warnings(source: String?, _ found: HomeFiles, shortened: [String]) -> [String] {
        var warnings: [String] = []
        if let first = shortened.first {
            let name = first.hasPrefix(BackupLayout.home) ? String(first.dropFirst(BackupLayout.home.count)) : first
            warnings.append(
                "made shorter while they were read, so that they end in zeros: \(shortened.count), such as \(name)")
        }
        if let source, !(source + "/").hasPrefix(home.path + "/"),
            !DatasetLocator(home: home).comesWithProgram(URL(filePath: source).lastPathComponent)
        {
            warnings.append(
                "the ratings are read from \(source), outside the home: keep them too, or take them in with "
                    + "`mlstack data import`")
        }
        if !withSecrets, access(home.secrets, F_OK) == 0 {
            warnings.append("\(BackupLayout.secrets) was left out; --with-secrets takes it in")
        }
        if let first = found.leftOut.first {
            warnings.append("left out, because no file or folder: \(found.leftOut.count), such as \(first)")
        }
        return warnings
    }

    private func publish(_ temporary: String) throws {
        // Without `replaces` a file that came meanwhile stays: a link, unlike a name that is changed, replaces nothing.
        let code = replaces ? rename(temporary, file) : link(temporary, file)
        guard code == 0 else {
            if errno == EEXIST { throw BackupError.exists(file: file) }
            throw ArchiveError(writing: file)
        }
        try UnpackedFile.sync(folder: URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false))
    }

    private static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
