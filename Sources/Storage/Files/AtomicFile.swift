import Foundation

/// Files that appear whole or not at all: written under another name, put on the disk, renamed, and the folder put on
/// the disk. Blocks for as long as the disk takes: call it on a serial queue.
package enum AtomicFile {
    /// What has been done; a kill after any of these leaves the old file or the new one.
    package enum Step: Sendable, CaseIterable {
        case created, written, synced, renamed, folderSynced
    }

    /// - Parameters:
    ///   - path: in a folder that exists; a file there is replaced.
    ///   - mode: permission bits of the new file.
    ///   - afterStep: called after each step; what it throws ends the call there and cleans nothing up, as a kill would.
    /// - Throws: `StorageError`; then the old file, or none, is at the path.
    package static func write(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o644, afterStep: (Step) throws -> Void = { _ in }
    ) throws {
        let (folder, name) = split(path)
        do {
            let parent = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY)
            let temporary = temporaryPrefix + String(UInt64.random(in: .min ... .max), radix: 16) + "." + name
            let file = try Descriptor(
                opening: temporary, in: parent, O_WRONLY | O_CREAT | O_EXCL, mode: mode_t(mode))
            do {
                try afterStep(.created)
                try file.write(bytes)
                try afterStep(.written)
                try file.sync()
                try afterStep(.synced)
                guard renameat(parent.number, temporary, parent.number, name) == 0 else {
                    throw SystemFailure("replace", path)
                }
            } catch let failure as SystemFailure {
                unlinkat(parent.number, temporary, 0)
                throw failure
            }
            try afterStep(.renamed)
            try parent.sync()
            try afterStep(.folderSynced)
        } catch let failure as SystemFailure {
            throw failure.storageError
        }
    }

    /// Text as UTF-8.
    package static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Removes what killed writes left behind in a folder. Call it when no write is under way there.
    /// - Throws: `StorageError`.
    package static func removeLeftovers(in folder: String) throws {
        do {
            let parent = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY)
            for name in try parent.names() where name.hasPrefix(temporaryPrefix) {
                try FileTree.remove(name, in: parent)
            }
        } catch let failure as SystemFailure {
            throw failure.storageError
        }
    }

    private static let temporaryPrefix = ".mlstack-tmp-"

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }
}
