import GRDB
package import Registry

extension SQLiteStore {
    package func history(of name: String, limit: Int) async throws -> [ModelChange] {
        try await registryRead { connection in
            let changes = try connection.rows(
                """
                SELECT sequence, kind, alias, version, previous_version, former, present, time_ms, actor, reason
                FROM model_change WHERE name = ? ORDER BY sequence DESC LIMIT ?
                """, [name, max(0, limit)]
            ) { row in
                ModelChange(
                    sequence: row[0], kind: try connection.decode(row[1], "kind"), alias: row[2], version: row[3],
                    previousVersion: row[4], former: row[5], present: row[6], timeMilliseconds: row[7], actor: row[8],
                    reason: row[9])
            }
            if changes.isEmpty { _ = try connection.requireModel(name) }
            return changes
        }
    }

    /// Of the model that has the name now, not of one that was deleted: what an alias may be rolled back to.
    package func aliasHistory(of name: String, alias: String, limit: Int) async throws -> [AliasChange] {
        try await registryRead { connection in
            let model = try connection.requireModel(name)
            return try connection.rows(
                """
                SELECT sequence, alias, version, previous_version, time_ms, actor, reason FROM model_change
                WHERE model = ? AND alias = ? ORDER BY sequence DESC LIMIT ?
                """, [model, alias, max(0, limit)]
            ) { row in
                AliasChange(
                    sequence: row[0], name: name, alias: row[1], version: row[2], previousVersion: row[3],
                    timeMilliseconds: row[4], actor: row[5], reason: row[6])
            }
        }
    }
}

/// What a line of the history says, without who and when.
struct ModelNote {
    var kind: ModelChange.Kind
    var alias: String?
    var version: Int?
    var previousVersion: Int?
    var former: String?
    var present: String?

    init(
        _ kind: ModelChange.Kind, alias: String? = nil, version: Int? = nil, previousVersion: Int? = nil,
        former: String? = nil, present: String? = nil
    ) {
        (self.kind, self.alias, self.version, self.previousVersion) = (kind, alias, version, previousVersion)
        (self.former, self.present) = (former, present)
    }
}

/// Who changes something, when and why.
struct Authorship {
    var time: Int64
    var actor: String
    var reason: String
}

extension Connection {
    func record(_ change: ModelNote, model: Int64, _ note: Authorship) throws {
        try run(
            """
            INSERT INTO model_change
                (model, name, kind, alias, version, previous_version, former, present, time_ms, actor, reason)
            VALUES (?1, (SELECT name FROM registered_model WHERE number = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            [
                model, change.kind.rawValue, change.alias, change.version, change.previousVersion, change.former,
                change.present, note.time, note.actor, note.reason,
            ])
    }
}
