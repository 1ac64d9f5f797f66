/// A registry as research runs see it: all of it to read, and what is not production's to change.
package struct ResearchRegistry: ModelRegistry {
    private let inner: any ModelRegistry
    private let production: ProductionGuard

    package init(_ inner: any ModelRegistry, production: ProductionGuard) {
        (self.inner, self.production) = (inner, production)
    }

    package func createRegisteredModel(
        name: String, description: String, tags: [String: String]
    ) async throws -> RegisteredModel {
        try await inner.createRegisteredModel(name: name, description: description, tags: tags)
    }

    package func registeredModel(named name: String) async throws -> RegisteredModel {
        try await inner.registeredModel(named: name)
    }

    package func searchRegisteredModels(_ query: SearchQuery) async throws -> Page<RegisteredModel> {
        try await inner.searchRegisteredModels(query)
    }

    package func updateRegisteredModel(named name: String, description: String) async throws -> RegisteredModel {
        try await inner.updateRegisteredModel(named: name, description: description)
    }

    package func deleteRegisteredModel(named name: String, actor: String) async throws {
        try await production.check(model: name)
        try await inner.deleteRegisteredModel(named: name, actor: actor)
    }

    package func renameRegisteredModel(
        named name: String, to newName: String, actor: String
    ) async throws -> RegisteredModel {
        try await production.check(model: name)
        return try await inner.renameRegisteredModel(named: name, to: newName, actor: actor)
    }

    /// The version says that research made it, whatever the request says.
    package func createVersion(_ request: ModelVersionRequest) async throws -> ModelVersion {
        var request = request
        request.tags[ProductionGuard.tag] = ProductionGuard.research
        return try await inner.createVersion(request)
    }

    package func version(_ version: Int, of name: String) async throws -> ModelVersion {
        try await inner.version(version, of: name)
    }

    package func searchVersions(_ query: SearchQuery) async throws -> Page<ModelVersion> {
        try await inner.searchVersions(query)
    }

    package func updateVersion(_ version: Int, of name: String, description: String) async throws -> ModelVersion {
        try await production.check(version: version, of: name)
        return try await inner.updateVersion(version, of: name, description: description)
    }

    package func deleteVersion(_ version: Int, of name: String, actor: String) async throws {
        try await production.check(version: version, of: name)
        try await inner.deleteVersion(version, of: name, actor: actor)
    }

    package func setVersionTag(_ key: String, to value: String?, version: Int, of name: String) async throws {
        try production.check(tag: key)
        try await production.check(version: version, of: name)
        try await inner.setVersionTag(key, to: value, version: version, of: name)
    }

    package func setModelTag(_ key: String, to value: String?, of name: String) async throws {
        try await production.check(model: name)
        try await inner.setModelTag(key, to: value, of: name)
    }

    /// A stage and the alias are one: whoever may not move the one may not move the other.
    package func transition(
        _ version: Int, of name: String, to stage: String, archiveExisting: Bool, actor: String
    ) async throws -> ModelVersion {
        if stage.lowercased() == AliasName.production { try ProductionGuard.check(alias: AliasName.production) }
        try await production.check(version: version, of: name)
        return try await inner.transition(
            version, of: name, to: stage, archiveExisting: archiveExisting, actor: actor)
    }

    package func version(alias: String, of name: String) async throws -> ModelVersion {
        try await inner.version(alias: alias, of: name)
    }

    package func setAlias(
        _ alias: String, to version: Int, of name: String, actor: String, reason: String
    ) async throws {
        try ProductionGuard.check(alias: alias)
        try await inner.setAlias(alias, to: version, of: name, actor: actor, reason: reason)
    }

    package func deleteAlias(_ alias: String, of name: String, actor: String) async throws {
        try ProductionGuard.check(alias: alias)
        try await inner.deleteAlias(alias, of: name, actor: actor)
    }

    package func aliasHistory(of name: String, alias: String, limit: Int) async throws -> [AliasChange] {
        try await inner.aliasHistory(of: name, alias: alias, limit: limit)
    }

    package func history(of name: String, limit: Int) async throws -> [ModelChange] {
        try await inner.history(of: name, limit: limit)
    }
}
