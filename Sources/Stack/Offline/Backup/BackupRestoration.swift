import CPlatform
import Foundation
import Storage

/// Makes a home of a backup: everything is unpacked and proven beside it, and takes its place in one step.
package struct BackupRestoration: Sendable {
    let file: String
    let home: Home
    let replaces: Bool

    package init(file: String, home: Home, replaces: Bool = false) {
        self.file = URL(filePath: file).standardizedFileURL.path(percentEncoded: false)
        // A link stays one: what it points to is replaced.
        self.home = Home(URL(filePath: home.path).resolvingSymlinksInPath().path(percentEncoded: false))
        self.replaces = replaces
    }

    private var parent: String { URL(filePath: home.path).deletingLastPathComponent().path(percentEncoded: false) }
    private var staging: String {
        "\(Home(parent).path)/.\(URL(filePath: home.path).lastPathComponent).restoring"
    }

    /// - Throws: `BackupError`, `ArchiveError`, `StorageError`, `StackError`; the home is then as it was before.
    package func run(
        onProgress: @escaping @Sendable (Double) -> Void = { _ in },
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) async throws -> BackupSummary {
        guard access(file, R_OK) == 0 else {
            throw StackError.unreadable(path: file, reason: String(cString: strerror(errno)))
        }
        // Held to the end, so that nobody serves what is about to go.
        let former = try await Queues.files.perform { try takeFormer() }
        defer { former?.release() }
        // What a killed restore left is taken over; one that is at work is not disturbed. The lock moves with the folder,
        // so that nobody serves the new home before it is whole.
        let lock = try await Queues.files.perform { try prepareStaging() }
        defer { lock.release() }
        do {
            let content = try await Queues.files.perform { try unpack(onProgress, isStopped) }
            let look = try await BackupDatabase.look(at: "\(staging)/\(BackupLayout.database)", of: file) { store in
                try await settle(store, from: content.manifest.home)
            }
            try await Queues.files.perform { try publish() }
            onProgress(1)
            return BackupSummary(file: file, content, look)
        } catch {
            try? await Queues.files.perform { try FileManager.default.removeItem(atPath: staging) }
            throw error
        }
    }

    /// - Returns: the right to the home that is there; nil where there is none, or an empty folder.
    private func takeFormer() throws -> HomeLock? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: home.path) else {
            guard access(home.path, F_OK) != 0 else {
                throw BackupError.homeNotReplaceable(path: home.path, reason: "what is there is no folder")
            }
            return nil
        }
        if names.isEmpty { return nil }
        if let holder = try HomeLock.read(home: home.path) {
            throw StorageError.homeInUse(home: home.path, processID: holder.pid, url: holder.url)
        }
        guard replaces else { throw BackupError.homeNotEmpty(path: home.path) }
        return try HomeLock.acquire(home: home.path)
    }

    private func prepareStaging() throws -> HomeLock {
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: staging, withIntermediateDirectories: true)
        } catch {
            throw StackError.unwritableHome(path: home.path, reason: "\(staging) cannot be made")
        }
        let lock = try HomeLock.acquire(home: staging)
        for name in try files.contentsOfDirectory(atPath: staging) where name != HomeLock.fileName {
            try files.removeItem(atPath: "\(staging)/\(name)")
        }
        return lock
    }

    private func unpack(
        _ onProgress: @escaping (Double) -> Void, _ isStopped: @escaping () -> Bool
    ) throws -> BackupReading.Content {
        var made: Set<String> = [staging]
        let content = try BackupReading(file: file, onProgress: onProgress, isStopped: isStopped).run { path, entry in
            let target = "\(staging)/\(path)"
            let folder = URL(filePath: target).deletingLastPathComponent().path(percentEncoded: false)
            if made.insert(Home(folder).path).inserted {
                do {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                } catch {
                    throw ArchiveError(writing: folder, code: errno == 0 ? EIO : errno)
                }
            }
            return try UnpackedFile(path: target, mode: entry.mode & 0o700 | 0o600)
        }
        for folder in made { try UnpackedFile.sync(folder: folder) }
        return content
    }

    /// A few records name files by their whole path.
    private func settle(_ store: SQLiteStore, from former: String) async throws {
        try await store.relocate(from: former, to: home.path)
        if let source = try await store.value(forKey: StackParts.sourceKey), source.contains("/"),
            !source.hasPrefix(home.path + "/"), access(source, F_OK) != 0
        {
            // Of another machine. Its name may find it here: among those that come with the program, or were imported.
            try await store.setValue(URL(filePath: source).lastPathComponent, forKey: StackParts.sourceKey)
        }
    }

    private func publish() throws {
        if rename(staging, home.path) == 0 { return try UnpackedFile.sync(folder: parent) }
        guard replaces, errno == ENOTEMPTY || errno == EEXIST else {
            throw BackupError.homeNotReplaceable(path: home.path, reason: String(cString: strerror(errno)))
        }
        let code = mls_exchange(staging, home.path)
        guard code == 0 else {
            throw BackupError.homeNotReplaceable(path: home.path, reason: String(cString: strerror(-code)))
        }
        try UnpackedFile.sync(folder: parent)
        // The former home; what of it cannot be removed is in nobody's way.
        try? FileManager.default.removeItem(atPath: staging)
    }
}
