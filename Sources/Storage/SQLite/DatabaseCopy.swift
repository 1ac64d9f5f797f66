import Foundation
import GRDB

/// A copy of a database that others go on writing to.
package enum DatabaseCopy {
    /// Copies the state of one moment, with SQLite's own online backup. Readers and writers are not kept waiting. Blocks.
    ///
    /// - Parameters:
    ///   - source: opened as any other process would open it; what a killed process left in its `-wal` is in the copy.
    ///   - target: one file, complete by itself; must not be there yet.
    ///   - mode: permission bits of the copy.
    /// - Throws: `StorageError`; nothing is left at the target then.
    package static func make(from source: String, to target: String, mode: UInt32 = 0o600) throws {
        do {
            // SQLite keeps the mode of a file that is there.
            _ = try Descriptor(opening: target, O_WRONLY | O_CREAT | O_EXCL, mode: mode_t(mode))
        } catch let failure as SystemFailure {
            throw failure.storageError
        }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            let reader = try DatabaseQueue(path: source, configuration: configuration)
            let writer = try DatabaseQueue(path: target, configuration: configuration)
            // All pages in one step: between two steps a write of another process would make it begin again.
            try reader.backup(to: writer)
            // The mode of the source's journal came with the first page. One file is easier to carry.
            try writer.writeWithoutTransaction { _ = try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE") }
            try writer.close()
            try reader.close()
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] { unlink(target + suffix) }
            let isOfTarget = (error as? DatabaseError)?.resultCode == .SQLITE_FULL
            throw StorageError.explaining(error, path: isOfTarget ? target : source)
        }
    }
}
