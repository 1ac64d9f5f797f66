import Foundation
import GRDB
import Registry
package import Scheduling
import Synchronization

/// When a commit counts as done, in SQLite's words. In WAL mode neither loses anything to a killed process.
package enum Durability: String, Sendable {
    /// Once the operating system has it: a loss of power takes the last seconds, back to a state that there was.
    case normal = "NORMAL"
    /// Once the disk has it. Each commit waits for the disk, a thousandth to a tenth of a second.
    case full = "FULL"
}

/// The one database of a home: experiments, runs, models, schedules, settings and feedback.
///
/// Every call that returns has been committed; writes that arrive together share a commit (`CommitGroup`). A commit is
/// safe from the death of the process at once, and from a loss of power after the next checkpoint; only feedback waits
/// for the disk itself, unless every commit does (`Durability.full`). A crash between any two statements leaves the state before the call.
///
/// The calls of `TrackingStore`, `ModelRegistry` and `LoggedModelStore` throw `RegistryError`; all others `StorageError`.
package final class SQLiteStore: Sendable {
    /// Many times what it takes to find some of ten thousand runs. To load what was found is not part of that: whoever asks for many
    /// records gets them.
    package static let searchLimit = Duration.seconds(2)

    package let path: String
    let pool: DatabasePool
    let now: @Sendable () -> Instant
    let random: @Sendable () -> UInt64
    let shapes = SearchShapes()
    let work: SearchWork
    private let commits: CommitGroup
    private let isClosed = Atomic(false)

    /// Opens the database, makes it when there is none, and brings it to the present schema. Blocks for as long as the
    /// disk takes: some milliseconds.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must exist. `-wal` and `-shm` files stand beside it while it is open.
    ///   - durability: when a commit counts as done.
    ///   - now: the wall's time, for what is stamped with it.
    ///   - random: 64 random bits, for ids and names that a caller did not give.
    ///   - searchLimit: how much of the processor's time one search may take.
    ///   - faultInjector: called before every statement that writes and before every commit; what it throws fails the
    ///     write there. For tests.
    /// - Throws: `StorageError`: no permission, damage, a newer schema, no space.
    package init(
        path: String, durability: Durability = .normal, now: @escaping @Sendable () -> Instant,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        searchLimit: Duration = SQLiteStore.searchLimit,
        faultInjector: (@Sendable (FaultPoint) throws -> Void)? = nil
    ) throws {
        var configuration = Configuration()
        configuration.label = "mlstack.registry"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        // More than searches that take long are likely to be asked for at once.
        configuration.maximumReaderCount = 8
        configuration.prepareDatabase { database in
            // Checkpoints wait for the disk: rarer than SQLite's 1,000 pages, so that few commits have one to wait for.
            try database.execute(
                sql: "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000")
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // Not before: GRDB sets NORMAL itself when it turns to WAL mode.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
            }
            try Schema.migrate(pool, path: path)
            self.pool = pool
        } catch {
            throw Self.openingFailure(error, path: path)
        }
        (self.path, self.now, self.random) = (path, now, random)
        work = SearchWork(limit: searchLimit)
        commits = CommitGroup(pool: pool, durability: durability, faultInjector: faultInjector)
    }

    /// Closes the file after the writes under way; blocks meanwhile. Later calls throw `StorageError.closed`.
    ///
    /// Afterwards, unless the disk is full or another process has it open, everything is in the one file, without the `-wal` beside
    /// it: whoever copies it has it all.
    package func close() throws {
        if isClosed.exchange(true, ordering: .relaxed) { return }
        do {
            try checkpoint()
            try pool.close()
        } catch {
            throw explain(error)
        }
    }

    /// Moves what stands in the `-wal` into the file.
    private func checkpoint() throws {
        do {
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch is DatabaseError {
            // Another process has the file open, or the disk is full: the `-wal` keeps what it has, and nothing is lost.
        }
    }

    /// Callers whose writes are in no transaction yet.
    package var waitingWrites: Int { commits.count }

    /// Of SQLite itself.
    package func engineVersion() async throws -> String {
        try await read { try $0.value("SELECT sqlite_version()") ?? "" }
    }

    var timeMilliseconds: Int64 { now().milliseconds }

    /// Reads from one consistent state.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        do {
            return try await pool.read { try body(Connection(database: $0, beforeStatement: nil)) }
        } catch {
            throw explain(error)
        }
    }

    nonisolated(nonsending) func write<Value: Sendable>(
        mustReachDisk: Bool = false, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            return try await commits.write(mustReachDisk: mustReachDisk, body)
        } catch {
            throw explain(error)
        }
    }

    private func explain(_ error: any Error) -> any Error {
        if error is DatabaseError, isClosed.load(ordering: .relaxed) { return StorageError.closed(path: path) }
        return StorageError.explaining(error, path: path)
    }

    /// `read` for the protocols of Registry, which throw `RegistryError`.
    func registryRead<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do { return try await read(body) } catch { throw Self.registryError(error) }
    }

    /// `write` for the protocols of Registry, which throw `RegistryError`.
    func registryWrite<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do { return try await write(body) } catch { throw Self.registryError(error) }
    }

    private static func registryError(_ error: any Error) -> any Error {
        switch error {
        case is RegistryError, is CancellationError: error
        case let error as StorageError: error.registryError
        default: RegistryError.storage("\(error)")
        }
    }

    private static func openingFailure(_ error: any Error, path: String) -> any Error {
        // SQLite says "unable to open" for a missing folder and for a missing permission alike.
        if let error = error as? DatabaseError, error.resultCode == .SQLITE_CANTOPEN {
            let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
            if !FileManager.default.fileExists(atPath: folder) {
                return StorageError.failed(path: path, operation: "open", reason: "its folder does not exist")
            }
        }
        return StorageError.explaining(error, path: path)
    }
}
