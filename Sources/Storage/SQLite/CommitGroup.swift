import GRDB
import Synchronization

/// Gathers writes that arrive while the writer is busy into one transaction.
///
/// A commit costs far more than the rows of a small write: writes that wait for the writer anyway may share one. Each
/// has a savepoint of its own, so that one that fails takes nothing of the others with it, and each is answered after
/// the commit.
final class CommitGroup: Sendable {
    /// Bounds how long the first of a group waits for the last.
    private static let largestGroup = 256

    /// One caller's write, and the two ways to answer it.
    private struct Write: Sendable {
        var mustReachDisk: Bool
        /// Returns what to call once the transaction has been committed.
        var perform: @Sendable (Connection) throws -> @Sendable () -> Void
        var fail: @Sendable (any Error) -> Void
    }

    private enum Outcome {
        case done(@Sendable () -> Void)
        case failed(any Error)
    }

    private struct Waiting {
        var writes: [Write] = []
        var isScheduled = false
    }

    private let pool: DatabasePool
    private let durability: Durability
    private let faultInjector: (@Sendable (FaultPoint) throws -> Void)?
    private let waiting = Mutex(Waiting())

    init(pool: DatabasePool, durability: Durability, faultInjector: (@Sendable (FaultPoint) throws -> Void)?) {
        (self.pool, self.durability, self.faultInjector) = (pool, durability, faultInjector)
    }

    /// A cancelled caller's write is completed all the same.
    /// - Parameter mustReachDisk: whether to wait for the disk too, so that the change outlives a loss of power.
    /// - Throws: what `body` threw, or why the commit failed; in both cases nothing of `body` was kept.
    nonisolated(nonsending) func write<Value: Sendable>(
        mustReachDisk: Bool, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Write(
                    mustReachDisk: mustReachDisk,
                    perform: { connection in
                        let value = try body(connection)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
        }
    }

    /// How many callers wait for the next group.
    var count: Int { waiting.withLock { $0.writes.count } }

    private func enqueue(_ write: Write) {
        let mustSchedule = waiting.withLock { waiting in
            waiting.writes.append(write)
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        if mustSchedule { schedule() }
    }

    private func schedule() {
        pool.asyncWriteWithoutTransaction { database in
            let group = self.waiting.withLock { waiting in
                let group = Array(waiting.writes.prefix(Self.largestGroup))
                waiting.writes.removeFirst(group.count)
                waiting.isScheduled = !waiting.writes.isEmpty
                if waiting.isScheduled { self.schedule() }
                return group
            }
            self.commit(group, in: database)
        }
    }

    private func commit(_ group: [Write], in database: Database) {
        do {
            let mustReachDisk = durability != .full && group.contains(where: \.mustReachDisk)
            if mustReachDisk { try database.execute(sql: "PRAGMA synchronous = FULL") }
            // Should the way back fail, the connection stays at the safer level.
            defer { if mustReachDisk { try? database.execute(sql: "PRAGMA synchronous = \(durability.rawValue)") } }

            let outcomes = try transaction(of: group, in: database)
            for (write, outcome) in zip(group, outcomes) {
                switch outcome {
                case .done(let answer): answer()
                case .failed(let error): write.fail(error)
                }
            }
        } catch {
            for write in group { write.fail(error) }
        }
    }

    private func transaction(of group: [Write], in database: Database) throws -> [Outcome] {
        let connection = Connection(database: database, beforeStatement: faultInjector)
        // Prepared once, like all that runs for every call.
        try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
        do {
            // One alone needs no savepoint: its failure is the transaction's.
            let outcomes =
                group.count == 1
                ? [.done(try group[0].perform(connection))]
                : try group.map { try savepoint(around: $0, on: connection) }
            try faultInjector?(.commit)
            try database.cachedStatement(sql: "COMMIT").execute()
            return outcomes
        } catch {
            try database.rollback()
            throw error
        }
    }

    private func savepoint(around write: Write, on connection: Connection) throws -> Outcome {
        // Not through GRDB, which has no use for knowing of them.
        try connection.step("SAVEPOINT one")
        do {
            let answer = try write.perform(connection)
            try connection.step("RELEASE one")
            return .done(answer)
        } catch {
            // A full disk and the like make SQLite itself roll back everything: then the group has failed.
            guard connection.database.isInsideTransaction else { throw error }
            try connection.step("ROLLBACK TO one")
            try connection.step("RELEASE one")
            return .failed(error)
        }
    }
}
