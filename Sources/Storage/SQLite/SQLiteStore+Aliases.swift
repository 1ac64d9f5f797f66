import GRDB
package import Registry

extension SQLiteStore {
    package func version(alias: String, of name: String) async throws -> ModelVersion {
        try await registryRead { try $0.version(alias: alias, of: name) }
    }

    package func setAlias(
        _ alias: String, to version: Int, of name: String, actor: String, reason: String
    ) async throws {
        try AliasName.check(alias)
        let time = timeMilliseconds
        try await registryWrite { connection in
            let model = try connection.requireVersion(version, of: name)
            let previous = try connection.aliased(alias, model: model)
            if previous == version { return }
            try connection.point(
                alias, model: model, to: version, from: previous, time: time, actor: actor, reason: reason)
            if alias == AliasName.production {
                if let previous { try connection.setStage(.archived, model: model, previous, time: time) }
                try connection.setStage(.production, model: model, version, time: time)
            }
        }
    }

    /// The version that `production` named goes to `Archived`. Removing an alias that is not there changes nothing.
    package func deleteAlias(_ alias: String, of name: String, actor: String) async throws {
        let time = timeMilliseconds
        try await registryWrite { connection in
            let model = try connection.requireModel(name)
            guard let previous = try connection.aliased(alias, model: model) else { return }
            try connection.removeAlias(
                alias, model: model, from: previous, time: time, actor: actor, reason: "the alias was removed")
            if alias == AliasName.production {
                try connection.setStage(.archived, model: model, previous, time: time)
            }
        }
    }

    package func aliasHistory(of name: String, alias: String, limit: Int) async throws -> [AliasChange] {
        try await registryRead { connection in
            let model = try connection.requireModel(name)
            return try connection.rows(
                """
                SELECT sequence, alias, version, previous_version, time_ms, actor, reason FROM alias_change
                WHERE model = ? AND alias = ? ORDER BY sequence DESC LIMIT ?
                """, [model, alias, max(0, limit)]
            ) { row in
                AliasChange(
                    sequence: row[0], name: name, alias: row[1], version: row[2], previousVersion: row[3],
                    timeMilliseconds: row[4], actor: row[5], reason: row[6])
            }
        }
    }

    /// Several versions may be in `Production` when `archiveExisting` is not set, as in MLflow; the alias names the one
    /// that came last. A version that leaves `Production` loses the alias.
    package func transition(
        _ version: Int, of name: String, to stage: String, archiveExisting: Bool
    ) async throws -> ModelVersion {
        let stage = try Stage(parsing: stage)
        if archiveExisting, stage == .none || stage == .archived {
            throw RegistryError.invalid(
                "Model version transition cannot archive existing model versions because '\(stage.rawValue)' is not an "
                    + "Active stage. Valid stages are Staging, Production.")
        }
        let time = timeMilliseconds
        return try await registryWrite { connection in
            let model = try connection.requireVersion(version, of: name)
            if archiveExisting {
                try connection.run(
                    """
                    UPDATE model_version SET stage = 'Archived', updated_ms = ?
                    WHERE model = ? AND stage = ? AND version <> ? AND is_deleted = 0
                    """, [time, model, stage.rawValue, version])
            }
            try connection.setStage(stage, model: model, version, time: time)
            let alias = AliasName.production
            let aliased = try connection.aliased(alias, model: model)
            let reason = "stage \(stage.rawValue)"
            if stage == .production, aliased != version {
                try connection.point(
                    alias, model: model, to: version, from: aliased, time: time, actor: "api", reason: reason)
            } else if stage != .production, aliased == version {
                try connection.removeAlias(
                    alias, model: model, from: version, time: time, actor: "api", reason: reason)
            }
            return try connection.version(version, of: name)
        }
    }
}

extension Connection {
    func version(alias: String, of name: String) throws -> ModelVersion {
        let model = try requireModel(name)
        guard let version = try aliased(alias, model: model) else {
            throw RegistryError.invalid("Registered model alias \(alias) not found.")
        }
        return try self.version(version, of: name)
    }

    func record(
        _ alias: String, model: Int64, version: Int?, previous: Int?, time: Int64, actor: String, reason: String
    ) throws {
        try run(
            """
            INSERT INTO alias_change (model, alias, version, previous_version, time_ms, actor, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, [model, alias, version, previous, time, actor, reason])
    }

    fileprivate func aliased(_ alias: String, model: Int64) throws -> Int? {
        try value("SELECT version FROM alias WHERE model = ? AND alias = ?", [model, alias])
    }

    fileprivate func setStage(_ stage: Stage, model: Int64, _ version: Int, time: Int64) throws {
        try run(
            "UPDATE model_version SET stage = ?, updated_ms = ? WHERE model = ? AND version = ? AND stage <> ?",
            [stage.rawValue, time, model, version, stage.rawValue])
        try run("UPDATE registered_model SET updated_ms = ? WHERE number = ?", [time, model])
    }

    fileprivate func point(
        _ alias: String, model: Int64, to version: Int, from previous: Int?, time: Int64, actor: String, reason: String
    ) throws {
        try run(
            """
            INSERT INTO alias (model, alias, version) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET version = excluded.version
            """, [model, alias, version])
        try record(
            alias, model: model, version: version, previous: previous, time: time, actor: actor, reason: reason)
    }

    fileprivate func removeAlias(
        _ alias: String, model: Int64, from previous: Int, time: Int64, actor: String, reason: String
    ) throws {
        try run("DELETE FROM alias WHERE model = ? AND alias = ?", [model, alias])
        try record(alias, model: model, version: nil, previous: previous, time: time, actor: actor, reason: reason)
    }
}
