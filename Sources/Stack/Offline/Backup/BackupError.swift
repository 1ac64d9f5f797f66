import Foundation

/// Why there is no backup, or why one was not taken back. Nothing half done is left of either.
enum BackupError: Error, Equatable, Sendable {
    case noHome(path: String)
    case insideHome(file: String, home: String)
    case exists(file: String)
    case notABackup(file: String)
    case damaged(file: String, reason: String)
    case refused(file: String, entry: String, reason: String)
    case newer(file: String, program: String)
    case damagedDatabase(path: String, reason: String)
    case homeNotEmpty(path: String)
    case homeNotReplaceable(path: String, reason: String)
    case interrupted
}

extension BackupError: LocalizedError {
    var errorDescription: String? {
        switch self {
        case .noHome(let path): "there is no database in \(path), so it is no home of mlstack."
        case .insideHome(let file, let home): "\(file) would lie in \(home), the home that it is a backup of."
        case .exists(let file): "\(file) is there already."
        case .notABackup(let file): "\(file) is no backup of mlstack."
        case .damaged(let file, let reason): "the backup \(file) is damaged: \(reason)."
        case .refused(let file, let entry, let reason):
            "the backup \(file) was not taken: its entry \"\(entry.prefix(120))\" \(reason)."
        case .newer(let file, let program): "the backup \(file) was made by mlstack \(program), newer than this one."
        case .damagedDatabase(let path, let reason): "the database in \(path) is damaged: \(reason)."
        case .homeNotEmpty(let path): "the home \(path) is not empty."
        case .homeNotReplaceable(let path, let reason): "\(path) could not be put in place: \(reason)."
        case .interrupted: "stopped, as asked for; nothing was changed."
        }
    }

    var recoverySuggestion: String? {
        switch self {
        case .noHome: "name the home with --home or MLSTACK_HOME."
        case .insideHome: "write it elsewhere, best to another disk."
        case .exists: "choose another name, or say --force to replace it."
        case .notABackup: "give a file that `mlstack backup create` has written."
        case .damaged: "take another copy of it, or an older backup."
        case .refused: "trust only backups that you made yourself; make a new one with `mlstack backup create`."
        case .newer: "restore it with that newer mlstack."
        case .damagedDatabase: "restore an older backup; `mlstack doctor` tells more of a home."
        case .homeNotEmpty: "choose another folder with --home, or say --force to replace all that is in this one."
        case .homeNotReplaceable: "choose a --home that is neither a mount point nor on another disk than its parent."
        case .interrupted: "run the command again."
        }
    }

    /// What reading an archive failed with, in the words of a backup.
    static func explaining(_ error: any Error) -> any Error {
        switch error as? ArchiveError {
        case .notAnArchive(let path, _): BackupError.notABackup(file: path)
        case .damaged(let path, let reason): BackupError.damaged(file: path, reason: reason)
        case .refused(let path, let entry, let reason): BackupError.refused(file: path, entry: entry, reason: reason)
        default: error
        }
    }
}
