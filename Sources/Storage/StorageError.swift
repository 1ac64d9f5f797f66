import Foundation
package import Registry

/// What keeps the store from reading or writing: a fact and what to do about it.
package enum StorageError: Error, Equatable, Sendable {
    case diskFull(path: String)
    case readOnly(path: String)
    case corrupt(path: String, detail: String)
    /// The database was last written by a newer program.
    case newerSchema(path: String)
    /// Another process held the database's lock for longer than the busy timeout.
    case busy(path: String)
    /// Another process serves this home.
    case homeInUse(home: String, processID: Int32?, url: String?)
    /// A record that the caller counts on is not there.
    case unknownRecord(kind: String, id: String)
    /// A value that cannot be kept as it is.
    case invalid(String)
    /// Any other failure of the system or of SQLite; `reason` is its own text.
    case failed(path: String, operation: String, reason: String)
    case closed(path: String)
}

/// Most name the database or another file of the home.
extension StorageError: PrivateError {
    package var publicAnswer: PublicAnswer? {
        switch self {
        case .unknownRecord, .invalid: nil
        case .diskFull: .diskFull
        case .busy, .closed: .storageAway
        case .readOnly, .corrupt, .newerSchema, .homeInUse, .failed: .storageFailed
        }
    }
}

extension StorageError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .diskFull(let path): "the disk that holds \(path) is full; nothing of the last change was kept."
        case .readOnly(let path): "\(path) cannot be written to."
        case .corrupt(let path, let detail): "the database \(path) is damaged: \(detail)."
        case .newerSchema(let path): "the database \(path) was written by a newer mlstack than this one."
        case .busy(let path): "the database \(path) is locked by another program."
        case .homeInUse(let home, let processID, let url):
            "the home \(home) is in use by another mlstack"
                + (processID.map { " (process \($0)" + (url.map { ", \($0)" } ?? "") + ")" } ?? "") + "."
        case .unknownRecord(let kind, let id): "there is no \(kind) \(id) in the database."
        case .invalid(let text): text
        case .failed(let path, let operation, let reason): "could not \(operation) \(path): \(reason)."
        case .closed(let path): "the database \(path) has been closed."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .diskFull: "free some space and try again."
        case .readOnly: "mend its permissions, or choose another folder with --home."
        case .corrupt(let path, _): "restore a backup, or move \(path) aside and start again."
        case .newerSchema: "use that newer mlstack, or choose another folder with --home."
        case .busy: "close the program that has it open and try again."
        case .homeInUse(_, let processID, _):
            "stop it first" + (processID.map { " (kill \($0))" } ?? "") + ", or choose another folder with --home."
        case .unknownRecord: "run `mlstack doctor`; the record may have been removed by a reset."
        case .invalid: "correct the value and try again."
        case .failed: "check the path, its permissions and the disk."
        case .closed: "start mlstack again."
        }
    }

    /// In Registry's words.
    var registryError: RegistryError {
        switch self {
        case .invalid(let text): .invalid(text)
        case .diskFull: .full(oneLine)
        case .busy, .closed: .unavailable(oneLine)
        default: .storage(oneLine)
        }
    }

    /// Sentence and remedy on one line, for errors that carry text only.
    var oneLine: String { [errorDescription, recoverySuggestion].compactMap(\.self).joined(separator: " ") }
}
