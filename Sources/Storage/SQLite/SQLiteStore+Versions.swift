import GRDB
package import Registry

extension SQLiteStore {
    package func createVersion(_ request: ModelVersionRequest) async throws -> ModelVersion {
        try RegisteredModel.checkName(request.name)
        let source = try ModelSource(parsing: request.source)
        for (key, value) in request.tags { try RegisteredModel.checkTag(key, value: value) }
        let time = timeMilliseconds
        return try await registryWrite { connection in
            if let key = request.key, let made = try connection.version(madeFor: key, of: request.name) { return made }
            let model = try connection.modelForVersion(request, time: time)
            let origin = try connection.origin(of: source, request: request)
            guard
                let version: Int = try connection.value(
                    "SELECT next_version FROM registered_model WHERE number = ?", [model])
            else { throw Self.noModel(request.name) }
            try connection.run(
                """
                INSERT INTO model_version
                    (model, version, description, source, artifact_uri, run_id, model_id, stage, created_ms, updated_ms,
                     request_key, run_link)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'None', ?, ?, ?, ?)
                """,
                [
                    model, version, request.description, origin.source ?? request.source, origin.artifactURI,
                    origin.runID,
                    origin.modelID,
                    time, time, request.key, Limits.shortened(request.runLink, to: Limits.runLink),
                ])
            for (key, value) in request.tags.sorted(by: { $0.key < $1.key }) {
                try connection.setVersionTag(key, to: value, version, model)
            }
            try connection.run(
                "UPDATE registered_model SET next_version = next_version + 1, updated_ms = ? WHERE number = ?",
                [time, model])
            return try connection.version(version, of: request.name)
        }
    }

    package func version(_ version: Int, of name: String) async throws -> ModelVersion {
        try await registryRead { try $0.version(version, of: name) }
    }

    /// By default last changed first, then by name, newest first.
    package func searchVersions(_ query: SearchQuery) async throws -> Page<ModelVersion> {
        struct Key: Hashable {
            var name: String
            var version: Int
        }
        let stretch = try Stretch(query, atMost: Limits.modelVersionsPage)
        let prompts = RegisteredModel.prompts(in: query)
        let hidden =
            prompts.areWanted ? [] : [(sql: "v.model NOT IN (\(Connection.prompts))", arguments: [DatabaseValue]())]
        let search = try SearchStatement(
            .modelVersions, in: [("v.is_deleted = 0", [])] + hidden, filter: prompts.filter,
            order: SearchFields.modelVersions.completed(query.order), stretch: stretch)
        return try await registryRead { [shapes, work] connection in
            let keys = try connection.found(search, keeping: shapes, within: work) { row in
                (model: row[0] as Int64, key: Key(name: row[2], version: row[1]))
            }
            let pairs = "[" + keys.map { "[\($0.model),\($0.key.version)]" }.joined(separator: ",") + "]"
            let found = try connection.versions(
                where: "(v.model, v.version) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))", [pairs])
            return stretch.page(
                Connection.inOrder(
                    keys.map(\.key), found.map { (Key(name: $0.name, version: $0.version), $0) }))
        }
    }

    package func updateVersion(_ version: Int, of name: String, description: String) async throws -> ModelVersion {
        let time = timeMilliseconds
        return try await registryWrite { connection in
            let model = try connection.requireVersion(version, of: name)
            try connection.run(
                "UPDATE model_version SET description = ?, updated_ms = ? WHERE model = ? AND version = ?",
                [description, time, model, version])
            return try connection.version(version, of: name)
        }
    }

    /// Its aliases go with it, which the history records; its number is not used again.
    package func deleteVersion(_ version: Int, of name: String, actor: String) async throws {
        let time = timeMilliseconds
        try await registryWrite { connection in
            let model = try connection.requireVersion(version, of: name)
            let note = Authorship(time: time, actor: actor, reason: "version \(version) was deleted")
            try connection.record(ModelNote(.versionDeleted, version: version), model: model, note)
            try connection.removeAliases(of: version, model: model, note)
            try connection.run("DELETE FROM model_version_tag WHERE model = ? AND version = ?", [model, version])
            try connection.run(
                """
                UPDATE model_version SET is_deleted = 1, description = '', source = '', artifact_uri = '', run_id = NULL,
                    model_id = NULL, stage = 'None', updated_ms = ?, run_link = ''
                WHERE model = ? AND version = ?
                """, [time, model, version])
            try connection.run("UPDATE registered_model SET updated_ms = ? WHERE number = ?", [time, model])
        }
    }

    package func setVersionTag(_ key: String, to value: String?, version: Int, of name: String) async throws {
        try RegisteredModel.checkTag(key, value: value)
        let time = timeMilliseconds
        try await registryWrite { connection in
            let model = try connection.requireVersion(version, of: name)
            if let value {
                try connection.setVersionTag(key, to: value, version, model)
            } else {
                try connection.run(
                    "DELETE FROM model_version_tag WHERE model = ? AND version = ? AND key = ?", [model, version, key])
            }
            try connection.run(
                "UPDATE model_version SET updated_ms = ? WHERE model = ? AND version = ?", [time, model, version])
        }
    }

    static func noVersion(_ version: Int, _ name: String) -> RegistryError {
        .notFound("Model Version (name=\(name), version=\(version)) not found")
    }
}

extension Connection {
    /// The number of the model whose version it is.
    func requireVersion(_ version: Int, of name: String) throws -> Int64 {
        let model = try requireModel(name)
        let exists: Int? = try value(
            "SELECT 1 FROM model_version WHERE model = ? AND version = ? AND is_deleted = 0", [model, version])
        guard exists != nil else { throw SQLiteStore.noVersion(version, name) }
        return model
    }

    func version(_ version: Int, of name: String) throws -> ModelVersion {
        let found = try versions(
            where: "m.name = ? AND v.version = ? AND v.is_deleted = 0", [name, version])
        if let first = found.first { return first }
        _ = try requireModel(name)
        throw SQLiteStore.noVersion(version, name)
    }

    func setVersionTag(_ key: String, to value: String, _ version: Int, _ model: Int64) throws {
        try run(
            """
            INSERT INTO model_version_tag (model, version, key, value) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET value = excluded.value
            """, [model, version, key, value])
    }

    /// - Parameter condition: over `v` (model_version) and `m` (registered_model), with ORDER BY and LIMIT if wanted.
    func versions(where condition: String, _ arguments: StatementArguments) throws -> [ModelVersion] {
        // Sub-selects rather than joins: a version has a handful of tags and aliases, and pages are short.
        try rows(
            """
            SELECT m.name, v.version, v.description, v.source, v.artifact_uri, v.run_id, v.model_id, v.stage,
                v.created_ms, v.updated_ms,
                (SELECT json_group_object(t.key, t.value) FROM model_version_tag t
                    WHERE t.model = v.model AND t.version = v.version),
                (SELECT json_group_array(a.alias) FROM alias a WHERE a.model = v.model AND a.version = v.version),
                v.run_link
            FROM model_version v JOIN registered_model m ON m.number = v.model WHERE \(condition)
            """, arguments
        ) { row in
            var version = ModelVersion(
                name: row[0], version: row[1], description: row[2], source: row[3], artifactURI: row[4], runID: row[5],
                modelID: row[6], stage: row[7], creationTimeMilliseconds: row[8], lastUpdateTimeMilliseconds: row[9],
                tags: try JSONText.decode(from: row[10]),
                aliases: try JSONText.decode([String].self, from: row[11]).sorted())
            version.runLink = row[12]
            return version
        }
    }

    fileprivate func version(madeFor key: String, of name: String) throws -> ModelVersion? {
        let made = try row(
            """
            SELECT v.version, v.is_deleted FROM model_version v JOIN registered_model m ON m.number = v.model
            WHERE m.name = ? AND v.request_key = ?
            """, [name, key])
        return try made.map { try version($0[0] as Int, of: name) }
    }

    fileprivate func modelForVersion(_ request: ModelVersionRequest, time: Int64) throws -> Int64 {
        if let number = try modelNumber(request.name) { return number }
        guard request.createModel else { throw SQLiteStore.noModel(request.name) }
        return try createModel(request.name, description: "", time: time, forVersion: true)
    }
}
