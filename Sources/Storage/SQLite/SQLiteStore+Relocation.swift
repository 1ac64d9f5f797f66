import GRDB

extension SQLiteStore {
    /// Says of everything that still has to be read below one folder that it is below another: what tasks handed on, and
    /// where settings point. What has been written down as history (tags, logs) stays as it was.
    ///
    /// - Parameters:
    ///   - former: absolute, without a slash at its end.
    ///   - present: likewise.
    /// - Throws: `StorageError`.
    package func relocate(from former: String, to present: String) async throws {
        if former == present { return }
        let (start, length) = (former + "/", former.utf8.count)
        try await write { connection in
            let tasks = try connection.rows(
                "SELECT run, task, outputs FROM dag_task WHERE instr(outputs, ?) > 0", [start]
            ) {
                ($0[0] as String, $0[1] as String, try JSONText.decode([String: String].self, from: $0[2]))
            }
            for (run, task, outputs) in tasks {
                let moved = outputs.mapValues { value in
                    value.hasPrefix(start)
                        ? present + String(decoding: value.utf8.dropFirst(length), as: UTF8.self) : value
                }
                try connection.run(
                    "UPDATE dag_task SET outputs = ? WHERE run = ? AND task = ?",
                    [try JSONText.encode(moved), run, task])
            }
            let settings = try connection.rows("SELECT key, value FROM setting WHERE instr(value, ?) = 1", [start]) {
                ($0[0] as String, $0[1] as String)
            }
            for (key, value) in settings {
                try connection.set(
                    present + String(decoding: value.utf8.dropFirst(length), as: UTF8.self), forKey: key)
            }
        }
    }

    /// Every version that is not deleted with files in this server's keeping, and below which path they are.
    /// - Throws: `StorageError`.
    package func versionFolders() async throws -> [(name: String, version: Int, path: String)] {
        let scheme = "mlflow-artifacts:/"
        return try await read { connection in
            try connection.rows(
                """
                SELECT m.name, v.version, v.artifact_uri FROM model_version v JOIN registered_model m ON m.number = v.model
                WHERE v.is_deleted = 0 AND instr(v.artifact_uri, ?) = 1 ORDER BY m.name, v.version
                """, [scheme]
            ) { ($0[0] as String, $0[1] as Int, String(($0[2] as String).dropFirst(scheme.count))) }
        }
    }
}
