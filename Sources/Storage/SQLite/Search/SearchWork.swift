import Foundation
import GRDB
import GRDBSQLite
import Registry

/// How much of the processor's time a search may take.
///
/// What a filter may say is bounded, but not how many records it is held against: a search that takes longer is given up, so that
/// nobody can keep the readers busy.
struct SearchWork: Sendable {
    let limit: Duration

    /// SQLite's instructions between two looks at the clock: a look takes less than a hundredth of them, and a pattern may take a
    /// hundred thousand times as long as other instructions.
    private static let instructions: CInt = 1_000

    /// - Throws: `RegistryError.tooHeavy` once the limit is reached, and what `body` throws.
    func bounding<Value>(_ connection: Connection, _ body: () throws -> Value) throws -> Value {
        let database = connection.database.sqliteConnection
        var end = Self.threadNanoseconds() + limit.nanoseconds
        return try withUnsafeMutablePointer(to: &end) { end in
            sqlite3_progress_handler(
                database, Self.instructions,
                { end in
                    guard let end else { return 0 }
                    return SearchWork.threadNanoseconds() > end.load(as: Int64.self) ? 1 : 0
                }, end)
            defer { sqlite3_progress_handler(database, 0, nil, nil) }
            do {
                return try body()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
                // A caller that is gone interrupts, too.
                guard Self.threadNanoseconds() > end.pointee else { throw error }
                throw RegistryError.tooHeavy("The search was given up: it took more than \(limit) of work.")
            }
        }
    }

    /// Of the processor's time, on this thread.
    private static func threadNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
