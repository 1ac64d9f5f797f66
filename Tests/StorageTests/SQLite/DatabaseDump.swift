import GRDB

@testable import Storage

extension SQLiteStore {
    /// Every row of every table as text, to see whether anything changed.
    func dump() async throws -> [String] {
        try await read { connection in
            let tables = try connection.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            ) { $0[0] as String }
            return try tables.flatMap { table in
                try connection.rows("SELECT * FROM \(table)") { "\(table) \($0)" }
            }.sorted()
        }
    }
}
