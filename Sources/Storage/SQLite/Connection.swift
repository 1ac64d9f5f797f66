import GRDB

/// Where a test can make a write fail.
package enum FaultPoint: Sendable, Equatable {
    case statement(String)
    case commit
}

/// A GRDB connection inside a read or a transaction, with statements prepared once and, in tests, a chance to fail before each.
struct Connection {
    let database: Database
    let beforeStatement: (@Sendable (FaultPoint) throws -> Void)?

    /// Runs a statement that changes rows.
    /// - Returns: how many rows it inserted, changed or deleted (cascades not counted).
    @discardableResult
    func run(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
        try beforeStatement?(.statement(sql))
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: arguments)
        return database.changesCount
    }

    /// Runs an INSERT and returns the number of the row it made.
    func insert(_ sql: String, _ arguments: StatementArguments) throws -> Int64 {
        try run(sql, arguments)
        return database.lastInsertedRowID
    }

    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }

    /// Decodes while the statement is stepped, so that rows are never copied.
    func rows<Value>(
        _ sql: String, _ arguments: StatementArguments = [], _ decode: (Row) throws -> Value
    ) throws -> [Value] {
        let cursor = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
        var result: [Value] = []
        while let row = try cursor.next() { result.append(try decode(row)) }
        return result
    }

    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ sql: String, _ arguments: StatementArguments = []
    ) throws -> Value? {
        try Value.fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }
}
