import GRDB
import GRDBSQLite

/// A prepared statement that takes its values as they are, without GRDB's boxes and bookkeeping between.
///
/// For the few that run for every point that is logged, where those cost more than SQLite's own work. They run inside a transaction that
/// GRDB began and end none.
struct DirectStatement {
    fileprivate let handle: SQLiteStatement
    private var position: CInt = 0
    fileprivate var failure = SQLITE_OK

    fileprivate init(_ statement: Statement) { handle = statement.sqliteStatement }

    // MARK: Values for the question marks, in their order

    mutating func bind(_ value: Int64) {
        position += 1
        note(sqlite3_bind_int64(handle, position, value))
    }

    mutating func bind(_ value: Double) {
        position += 1
        note(sqlite3_bind_double(handle, position, value))
    }

    mutating func bind(_ value: String) {
        position += 1
        note(sqlite3_bind_text(handle, position, value, CInt(value.utf8.count), Self.isCopied))
    }

    /// What SQLite calls SQLITE_TRANSIENT: a text is gone before the statement runs, so it keeps a copy.
    private static var isCopied: sqlite3_destructor_type? {
        unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type?.self)
    }

    private mutating func note(_ code: CInt) { if code != SQLITE_OK { failure = code } }

    // MARK: Columns of the row

    func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(handle, column) }

    func text(_ column: CInt) -> String { sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "" }
}

extension Connection {
    /// Runs a statement that changes rows.
    func runDirectly(_ sql: String, bind: (inout DirectStatement) -> Void) throws {
        try beforeStatement?(.statement(sql))
        _ = try stepped(sql, bind) { _ in }
    }

    /// Runs a statement that changes nothing by itself.
    func step(_ sql: String) throws { _ = try stepped(sql, { _ in }, { _ in }) }

    /// The first row; nil when there is none.
    func firstDirectly<Value>(
        _ sql: String, bind: (inout DirectStatement) -> Void, decode: (DirectStatement) -> Value
    ) throws -> Value? {
        try stepped(sql, bind, decode)
    }

    private func stepped<Value>(
        _ sql: String, _ bind: (inout DirectStatement) -> Void, _ decode: (DirectStatement) -> Value
    ) throws -> Value? {
        var statement = DirectStatement(try database.cachedStatement(sql: sql))
        bind(&statement)
        let code = statement.failure == SQLITE_OK ? sqlite3_step(statement.handle) : statement.failure
        // Also makes it ready for the next time.
        defer { sqlite3_reset(statement.handle) }
        switch code {
        case SQLITE_ROW: return decode(statement)
        case SQLITE_DONE: return nil
        default:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: sqlite3_errmsg(sqlite3_db_handle(statement.handle)).map { String(cString: $0) }, sql: sql)
        }
    }
}
