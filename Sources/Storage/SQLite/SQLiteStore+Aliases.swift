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
            let note = Authorship(time: time, actor: actor, reason: reason)
            try connection.point(alias, model: model, to: version, from: previous, note)
            if alias == AliasName.production {
                try connection.archive(.production, model: model, except: version, note)
                try connection.setStage(.production, model: model, version, note)
            }
        }
    }

    /// What is in `Production` goes to `Archived` with the alias `production`. Removing an alias that is not there changes
    /// nothing.
    package func deleteAlias(_ alias: String, of name: String, actor: String) async throws {
        try AliasName.checkSpelling(alias)
        let time = timeMilliseconds
        try await registryWrite { connection in
            let model = try connection.requireModel(name)
            guard let previous = try connection.aliased(alias, model: model) else { return }
            let note = Authorship(time: time, actor: actor, reason: "the alias was removed")
            try connection.removeAlias(alias, model: model, from: previous, note)
            if alias == AliasName.production {
                try connection.archive(.production, model: model, except: nil, note)
            }
        }
    }

    /// One version is in `Production`, that of the alias: the one before it is archived whether `archiveExisting` asks for
    /// that or not, where MLflow would leave both. When it leaves, the alias goes.
    package func transition(
        _ version: Int, of name: String, to stage: String, archiveExisting: Bool, actor: String
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
            let note = Authorship(time: time, actor: actor, reason: "stage \(stage.rawValue)")
            if archiveExisting || stage == .production {
                try connection.archive(stage, model: model, except: version, note)
            }
            try connection.setStage(stage, model: model, version, note)
            let aliased = try connection.aliased(AliasName.production, model: model)
            if stage == .production, aliased != version {
                try connection.point(AliasName.production, model: model, to: version, from: aliased, note)
            } else if stage != .production, aliased == version {
                try connection.removeAlias(AliasName.production, model: model, from: version, note)
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

    /// Takes every alias from a version that goes away.
    func removeAliases(of version: Int, model: Int64, _ note: Authorship) throws {
        let aliases = try rows(
            "SELECT alias FROM alias WHERE model = ? AND version = ? ORDER BY alias", [model, version]
        ) { $0[0] as String }
        try run("UPDATE model_version SET stage = 'None' WHERE model = ? AND version = ?", [model, version])
        for alias in aliases { try removeAlias(alias, model: model, from: version, note) }
    }

    fileprivate func aliased(_ alias: String, model: Int64) throws -> Int? {
        try value("SELECT version FROM alias WHERE model = ? AND alias = ?", [model, alias])
    }

    fileprivate func setStage(_ stage: Stage, model: Int64, _ version: Int, _ note: Authorship) throws {
        let former: String? = try value(
            "SELECT stage FROM model_version WHERE model = ? AND version = ?", [model, version])
        try run("UPDATE registered_model SET updated_ms = ? WHERE number = ?", [note.time, model])
        if former == stage.rawValue { return }
        try run(
            "UPDATE model_version SET stage = ?, updated_ms = ? WHERE model = ? AND version = ?",
            [stage.rawValue, note.time, model, version])
        try record(
            ModelNote(.stage, version: version, former: former, present: stage.rawValue), model: model, note)
    }

    /// Sends every other version of the stage to `Archived`.
    fileprivate func archive(_ stage: Stage, model: Int64, except version: Int?, _ note: Authorship) throws {
        let others = try rows(
            "SELECT version FROM model_version WHERE model = ? AND stage = ? AND is_deleted = 0 ORDER BY version",
            [model, stage.rawValue]
        ) { $0[0] as Int }
        for other in others where other != version { try setStage(.archived, model: model, other, note) }
    }

    fileprivate func point(
        _ alias: String, model: Int64, to version: Int, from previous: Int?, _ note: Authorship
    ) throws {
        try run(
            """
            INSERT INTO alias (model, alias, version) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET version = excluded.version
            """, [model, alias, version])
        try record(
            ModelNote(.alias, alias: alias, version: version, previousVersion: previous), model: model, note)
    }

    fileprivate func removeAlias(_ alias: String, model: Int64, from previous: Int, _ note: Authorship) throws {
        try run("DELETE FROM alias WHERE model = ? AND alias = ?", [model, alias])
        try record(ModelNote(.alias, alias: alias, previousVersion: previous), model: model, note)
    }
}
