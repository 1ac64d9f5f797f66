import GRDB

extension SQLiteStore {
    /// A small durable fact of the program, such as where the clock stands.
    /// - Throws: `StorageError`.
    package func value(forKey key: String) async throws -> String? {
        try await read { try $0.value("SELECT value FROM setting WHERE key = ?", [key]) }
    }

    /// nil removes it.
    /// - Throws: `StorageError`.
    package func setValue(_ value: String?, forKey key: String) async throws {
        try await write { try $0.set(value, forKey: key) }
    }

    /// All of them in one transaction; nil removes.
    /// - Throws: `StorageError`.
    package func setValues(_ values: [String: String?]) async throws {
        try await write { connection in
            for (key, value) in values { try connection.set(value, forKey: key) }
        }
    }
}

extension Connection {
    func set(_ value: String?, forKey key: String) throws {
        if let value {
            try run(
                """
                INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value
                """, [key, value])
        } else {
            try run("DELETE FROM setting WHERE key = ?", [key])
        }
    }
}
