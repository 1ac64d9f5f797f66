import Foundation

/// Why an archive's files are not there. None of them is left half unpacked.
enum ArchiveError: Error, Equatable, Sendable {
    case unreadable(path: String, reason: String)
    /// Not what its name says.
    case notAnArchive(path: String, kind: String)
    case damaged(path: String, reason: String)
    /// Well formed, and nothing that a dataset needs: unpacking it could harm.
    case refused(path: String, entry: String, reason: String)
    case diskFull(path: String)
    case unwritable(path: String, reason: String)
    case noZlib
}

extension ArchiveError: LocalizedError {
    var errorDescription: String? {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .notAnArchive(let path, let kind): "\(path) is no \(kind) file."
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)."
        case .refused(let path, let entry, let reason): "\(path) is not unpacked, because \(entry) \(reason)."
        case .diskFull(let path): "the disk is full: \(path) cannot be written."
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
        case .noZlib: "this system has no zlib (libz.so.1), without which nothing can be unpacked."
        }
    }

    var recoverySuggestion: String? {
        switch self {
        case .unreadable: "check the path and its permissions."
        case .notAnArchive: "check whether it is the right file; a login page may have been saved in its place."
        case .damaged: "fetch it again."
        case .refused: "unpack it by other means, look at what it holds, and import the folder."
        case .diskFull: "make room and try again; nothing half unpacked was kept."
        case .unwritable: "mend the permissions of its folder, or choose another home with --home."
        case .noZlib: "install it (`apt-get install zlib1g`), or unpack the file yourself and import the folder."
        }
    }

    /// Whether it is the archive that is wrong, and not this machine: trying again with the same bytes would not help.
    var isOfContent: Bool {
        switch self {
        case .notAnArchive, .damaged, .refused: true
        case .unreadable, .diskFull, .unwritable, .noZlib: false
        }
    }

    /// What the system says of a call that failed just now.
    init(writing path: String, code: Int32 = errno) {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: self = .diskFull(path: path)
        default: self = .unwritable(path: path, reason: String(cString: strerror(code)))
        }
    }
}
