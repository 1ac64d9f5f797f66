import GRDB
package import Registry

extension SQLiteStore {
    package func createRegisteredModel(
        name: String, description: String, tags: [String: String]
    ) async throws -> RegisteredModel {
        try RegisteredModel.checkName(name)
        for (key, value) in tags { try RegisteredModel.checkTag(key, value: value) }
        let time = timeMilliseconds
        return try await registryWrite { connection in
            if try connection.modelNumber(name) != nil {
                throw RegistryError.alreadyExists("Registered Model (name=\(name)) already exists.")
            }
            let number = try connection.createModel(name, description: description, time: time, forVersion: false)
            try connection.setTags(tags, in: .registeredModel, of: number)
            return try connection.registeredModel(name)
        }
    }

    package func registeredModel(named name: String) async throws -> RegisteredModel {
        try await registryRead { try $0.registeredModel(name) }
    }

    /// By default by name.
    package func searchRegisteredModels(_ query: SearchQuery) async throws -> Page<RegisteredModel> {
        let stretch = try Stretch(query, atMost: Limits.registeredModelsPage)
        let prompts = RegisteredModel.prompts(in: query)
        let search = try SearchStatement(
            .registeredModels, in: prompts.areWanted ? [] : [("m.number NOT IN (\(Connection.prompts))", [])],
            filter: prompts.filter, order: SearchFields.registeredModels.completed(query.order), stretch: stretch)
        return try await registryRead { [shapes, work] connection in
            let keys = try connection.found(search, keeping: shapes, within: work) { $0[0] as Int64 }
            return stretch.page(
                Connection.inOrder(
                    keys,
                    try connection.numberedModels(
                        where: "number IN (SELECT value FROM json_each(?))", [Connection.list(keys)])))
        }
    }

    package func updateRegisteredModel(named name: String, description: String) async throws -> RegisteredModel {
        let time = timeMilliseconds
        return try await registryWrite { connection in
            let changed = try connection.run(
                "UPDATE registered_model SET description = ?, updated_ms = ? WHERE name = ?", [description, time, name])
            guard changed > 0 else { throw Self.noModel(name) }
            return try connection.registeredModel(name)
        }
    }

    /// Its versions and aliases go with it, its history stays; a model of that name made later begins with version 1
    /// again, as in MLflow.
    package func deleteRegisteredModel(named name: String, actor: String) async throws {
        let time = timeMilliseconds
        try await registryWrite { connection in
            let model = try connection.requireModel(name)
            try connection.record(
                ModelNote(.modelDeleted), model: model, Authorship(time: time, actor: actor, reason: ""))
            try connection.run("DELETE FROM registered_model WHERE number = ?", [model])
        }
    }

    package func renameRegisteredModel(
        named name: String, to newName: String, actor: String
    ) async throws -> RegisteredModel {
        try RegisteredModel.checkName(newName)
        let time = timeMilliseconds
        return try await registryWrite { connection in
            let number = try connection.requireModel(name)
            if newName != name {
                if try connection.modelNumber(newName) != nil {
                    throw RegistryError.alreadyExists("Registered Model (name=\(newName)) already exists.")
                }
                try connection.run(
                    "UPDATE registered_model SET name = ?, updated_ms = ? WHERE number = ?", [newName, time, number])
                try connection.run("UPDATE model_change SET name = ? WHERE model = ?", [newName, number])
                try connection.record(
                    ModelNote(.renamed, former: name, present: newName), model: number,
                    Authorship(time: time, actor: actor, reason: ""))
            }
            return try connection.registeredModel(newName)
        }
    }

    package func setModelTag(_ key: String, to value: String?, of name: String) async throws {
        try RegisteredModel.checkTag(key, value: value)
        let time = timeMilliseconds
        try await registryWrite { connection in
            let number = try connection.requireModel(name)
            if let value {
                try connection.setTag(key, to: value, in: .registeredModel, of: number)
            } else {
                _ = try connection.deleteTag(key, in: .registeredModel, of: number)
            }
            try connection.run("UPDATE registered_model SET updated_ms = ? WHERE number = ?", [time, number])
        }
    }

    static func noModel(_ name: String) -> RegistryError { .notFound("Registered Model with name=\(name) not found") }
}

extension Connection {
    /// The numbers of models that are prompts: because they say so, or a version of theirs does.
    static let prompts = """
        SELECT model FROM registered_model_tag WHERE key = '\(RegisteredModel.promptTag)' AND value = 'true' \
        UNION ALL SELECT model FROM model_version_tag WHERE key = '\(RegisteredModel.promptTag)' AND value = 'true'
        """

    func modelNumber(_ name: String) throws -> Int64? {
        try value("SELECT number FROM registered_model WHERE name = ?", [name])
    }

    func requireModel(_ name: String) throws -> Int64 {
        guard let number = try modelNumber(name) else { throw SQLiteStore.noModel(name) }
        return number
    }

    /// - Parameter forVersion: whether it is made only because a version of it is wanted.
    func createModel(_ name: String, description: String, time: Int64, forVersion: Bool) throws -> Int64 {
        try insert(
            """
            INSERT INTO registered_model (name, description, created_ms, updated_ms, made_for_version)
            VALUES (?, ?, ?, ?, ?)
            """, [name, description, time, time, forVersion])
    }

    func registeredModel(_ name: String) throws -> RegisteredModel {
        guard let model = try registeredModels(where: "name = ?", [name]).first else { throw SQLiteStore.noModel(name) }
        return model
    }

    func registeredModels(where condition: String, _ arguments: StatementArguments) throws -> [RegisteredModel] {
        try numberedModels(where: condition, arguments).map(\.1)
    }

    fileprivate func numberedModels(
        where condition: String, _ arguments: StatementArguments
    ) throws -> [(Int64, RegisteredModel)] {
        let numbered = try rows(
            "SELECT number, name, description, created_ms, updated_ms FROM registered_model WHERE \(condition)",
            arguments
        ) { row in
            (
                row[0] as Int64,
                RegisteredModel(
                    name: row[1], description: row[2], creationTimeMilliseconds: row[3],
                    lastUpdateTimeMilliseconds: row[4], tags: [:], aliases: [:], latestVersions: [])
            )
        }
        let numbers = numbered.map(\.0)
        let tags = try tags(in: .registeredModel, of: numbers)
        var aliases: [Int64: [String: Int]] = [:]
        let aliasRows = try rows(
            "SELECT model, alias, version FROM alias WHERE model IN (SELECT value FROM json_each(?))",
            [Self.list(numbers)]
        ) { ($0[0] as Int64, $0[1] as String, $0[2] as Int) }
        for (model, alias, version) in aliasRows { aliases[model, default: [:]][alias] = version }
        let latest = try versions(
            where: """
                (v.model, v.version) IN (
                    SELECT model, max(version) FROM model_version
                    WHERE is_deleted = 0 AND model IN (SELECT value FROM json_each(?)) GROUP BY model, stage)
                ORDER BY v.model, v.version
                """, [Self.list(numbers)])
        let latestByName = Dictionary(grouping: latest, by: \.name)
        return numbered.map { number, model in
            var model = model
            (model.tags, model.aliases) = (tags[number] ?? [:], aliases[number] ?? [:])
            model.latestVersions = latestByName[model.name] ?? []
            return (number, model)
        }
    }
}
