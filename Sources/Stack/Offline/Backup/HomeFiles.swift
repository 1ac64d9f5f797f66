import Foundation

#if canImport(CDispatch)
    // Holds `stat` on Linux.
    import CDispatch
#endif

/// What of a home goes into a backup, besides the database.
struct HomeFiles {
    struct File: Equatable {
        /// Below the home.
        var path: String
        var bytes: Int
    }

    private(set) var files: [File] = []
    /// Links, sockets and the like, which a backup leaves out.
    private(set) var leftOut: [String] = []

    /// Folders whose content is on its way to somewhere else, or came from there.
    private static let passing: Set = ["artifacts/.uploads", "cache"]

    /// Blocks.
    /// - Throws: `StackError.unreadable`.
    init(of home: Home, withSecrets: Bool) throws {
        try walk(home.path, below: "") { path in
            path == BackupLayout.database || BackupLayout.isOfRunningServer(path)
                || path == BackupLayout.secrets && !withSecrets
        }
    }

    /// Every file of any folder.
    init(ofFolder folder: String) throws { try walk(folder, below: "") { _ in false } }

    var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

    private mutating func walk(_ folder: String, below: String, _ isIgnored: (String) -> Bool) throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            // Gone since its parent was read: the work of a run that was removed.
            guard access(folder, F_OK) == 0 else { return }
            throw StackError.unreadable(path: folder, reason: String(cString: strerror(EACCES)))
        }
        for name in names {
            let (place, path) = ("\(folder)/\(name)", below.isEmpty ? name : "\(below)/\(name)")
            var status = stat()
            guard !isIgnored(path), !HomeFiles.passing.contains(path), !name.hasPrefix(".mlstack-tmp-"),
                // A folder of the home may lie on another disk; further down nothing is followed.
                (below.isEmpty ? stat(place, &status) : lstat(place, &status)) == 0
            else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try walk(place, below: path, isIgnored)
            case S_IFREG: files.append(File(path: path, bytes: Int(status.st_size)))
            default: leftOut.append(path)
            }
        }
    }
}
