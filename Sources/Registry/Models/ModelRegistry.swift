/// A name under which versions of a model are published.
package struct RegisteredModel: Sendable, Equatable {
    package var name: String
    package var description: String
    package var creationTimeMilliseconds: Int64
    package var lastUpdateTimeMilliseconds: Int64
    package var tags: [String: String]
    /// alias to version number
    package var aliases: [String: Int]
    /// The newest version per stage.
    package var latestVersions: [ModelVersion]

    package init(
        name: String, description: String, creationTimeMilliseconds: Int64, lastUpdateTimeMilliseconds: Int64,
        tags: [String: String], aliases: [String: Int], latestVersions: [ModelVersion]
    ) {
        (self.name, self.description, self.creationTimeMilliseconds, self.lastUpdateTimeMilliseconds) = (
            name, description, creationTimeMilliseconds, lastUpdateTimeMilliseconds
        )
        (self.tags, self.aliases, self.latestVersions) = (tags, aliases, latestVersions)
    }
}

/// One published state of a model; numbers start at 1 and are never used again.
package struct ModelVersion: Sendable, Equatable {
    package var name: String
    package var version: Int
    package var description: String
    /// `mlflow-artifacts:/…`, `runs:/…` or `models:/…` as it was given.
    package var source: String
    /// `mlflow-artifacts:/…`: where the files are.
    package var artifactURI: String
    package var runID: String?
    package var modelID: String?
    /// `None`, `Staging`, `Production` or `Archived`; kept in step with the alias `production`.
    package var stage: String
    package var creationTimeMilliseconds: Int64
    package var lastUpdateTimeMilliseconds: Int64
    package var tags: [String: String]
    package var aliases: [String]
    /// Where the run can be looked at, when it is another server's; kept as it was given.
    package var runLink = ""

    package init(
        name: String, version: Int, description: String, source: String, artifactURI: String, runID: String?,
        modelID: String?, stage: String, creationTimeMilliseconds: Int64, lastUpdateTimeMilliseconds: Int64,
        tags: [String: String], aliases: [String]
    ) {
        (self.name, self.version, self.description, self.source) = (name, version, description, source)
        (self.artifactURI, self.runID, self.modelID, self.stage) = (artifactURI, runID, modelID, stage)
        (self.creationTimeMilliseconds, self.lastUpdateTimeMilliseconds, self.tags, self.aliases) = (
            creationTimeMilliseconds, lastUpdateTimeMilliseconds, tags, aliases
        )
    }
}

/// One change of an alias, for the history and for rollback.
package struct AliasChange: Sendable, Equatable {
    package var sequence: Int64
    package var name: String
    package var alias: String
    /// nil when the alias was removed.
    package var version: Int?
    package var previousVersion: Int?
    package var timeMilliseconds: Int64
    /// Who asked: `pipeline:<run>`, `cli`, `api`.
    package var actor: String
    package var reason: String

    package init(
        sequence: Int64, name: String, alias: String, version: Int?, previousVersion: Int?, timeMilliseconds: Int64,
        actor: String, reason: String
    ) {
        (self.sequence, self.name, self.alias, self.version) = (sequence, name, alias, version)
        (self.previousVersion, self.timeMilliseconds, self.actor, self.reason) = (
            previousVersion, timeMilliseconds, actor, reason
        )
    }
}

/// Where registered models, versions and aliases are kept. Every call that returns has been committed.
///
/// Promises: an alias names exactly one version; a version points at an artefact that exists.
/// - Throws: `RegistryError` from every call.
package protocol ModelRegistry: Sendable {
    func createRegisteredModel(name: String, description: String, tags: [String: String]) async throws
        -> RegisteredModel
    func registeredModel(named name: String) async throws -> RegisteredModel
    /// Without prompts of MLflow's generative tools, unless the filter asks for them.
    func searchRegisteredModels(_ query: SearchQuery) async throws -> Page<RegisteredModel>
    func updateRegisteredModel(named name: String, description: String) async throws -> RegisteredModel
    func deleteRegisteredModel(named name: String, actor: String) async throws
    /// Versions, tags, aliases and history follow the new name.
    func renameRegisteredModel(named name: String, to newName: String, actor: String) async throws -> RegisteredModel

    /// Creates the registered model too when `createModel` is set. A request with a `key` that was used before
    /// answers the version that was made then, so that a task may be run a second time.
    func createVersion(_ request: ModelVersionRequest) async throws -> ModelVersion
    func version(_ version: Int, of name: String) async throws -> ModelVersion
    /// Without prompts of MLflow's generative tools, unless the filter asks for them.
    func searchVersions(_ query: SearchQuery) async throws -> Page<ModelVersion>
    func updateVersion(_ version: Int, of name: String, description: String) async throws -> ModelVersion
    func deleteVersion(_ version: Int, of name: String, actor: String) async throws
    func setVersionTag(_ key: String, to value: String?, version: Int, of name: String) async throws
    func setModelTag(_ key: String, to value: String?, of name: String) async throws
    /// Moves a version to a stage; with `archiveExisting` the others of that stage go to `Archived`.
    /// `Production` always does, and sets the alias `production`, in the same transaction.
    func transition(
        _ version: Int, of name: String, to stage: String, archiveExisting: Bool, actor: String
    ) async throws -> ModelVersion

    func version(alias: String, of name: String) async throws -> ModelVersion
    /// Moves the alias in one transaction with the stages and the history. Setting it where it already is changes nothing.
    func setAlias(_ alias: String, to version: Int, of name: String, actor: String, reason: String) async throws
    func deleteAlias(_ alias: String, of name: String, actor: String) async throws
    /// Newest first.
    func aliasHistory(of name: String, alias: String, limit: Int) async throws -> [AliasChange]
    /// Every change of an alias, a stage or the name, and every deletion, newest first; also of a model that was deleted.
    func history(of name: String, limit: Int) async throws -> [ModelChange]
}

extension ModelRegistry {
    /// By name.
    package func registeredModels(maxResults: Int, pageToken: String?) async throws -> Page<RegisteredModel> {
        try await searchRegisteredModels(SearchQuery(maxResults: maxResults, pageToken: pageToken))
    }

    /// Newest first, prompts among them. `name` nil: of every model; `runID`: only those of that run.
    package func versions(
        of name: String?, runID: String?, tags: [String: String] = [:], maxResults: Int, pageToken: String?
    ) async throws -> Page<ModelVersion> {
        func isEqual(_ attribute: String, _ value: String?) -> [SearchCondition] {
            guard let value else { return [] }
            return [.comparison(SearchComparison(SearchField(.attribute, attribute), .equal, .text(value)))]
        }
        let tagged = tags.sorted { $0.key < $1.key }.map { key, value in
            SearchCondition.comparison(SearchComparison(SearchField(.tag, key), .equal, .text(value)))
        }
        // Versions of one model are numbered in the order of creation, whatever the wall's clock said.
        let newest = SearchField(.attribute, name == nil ? "creation_timestamp" : "version_number")
        var query = SearchQuery(
            filter: .all(isEqual("name", name) + isEqual("run_id", runID) + tagged),
            order: [SearchOrder(newest, isAscending: false)], maxResults: maxResults, pageToken: pageToken)
        query.includesPrompts = true
        return try await searchVersions(query)
    }
}

package struct ModelVersionRequest: Sendable {
    package var name: String
    package var source: String
    package var runID: String?
    package var modelID: String?
    package var description: String
    package var tags: [String: String]
    package var createModel: Bool
    package var runLink = ""
    /// Makes the request idempotent.
    package var key: String?
    package init(
        name: String, source: String, runID: String? = nil, modelID: String? = nil, description: String = "",
        tags: [String: String] = [:], createModel: Bool = false, key: String? = nil
    ) {
        (self.name, self.source, self.runID, self.modelID) = (name, source, runID, modelID)
        (self.description, self.tags, self.createModel, self.key) = (description, tags, createModel, key)
    }
}

/// MLflow 3's logged model: a model with an artefact folder of its own, before any registration.
package struct LoggedModel: Sendable, Equatable {
    /// `m-` and 32 hexadecimal digits.
    package var id: String
    package var experimentID: String
    package var name: String
    package var modelType: String
    package var sourceRunID: String?
    /// `mlflow-artifacts:/<experiment>/models/<id>/artifacts`.
    package var artifactURI: String
    package var status: String
    package var creationTimeMilliseconds: Int64
    package var lastUpdateTimeMilliseconds: Int64
    package var params: [Param]
    package var tags: [String: String]
    /// All points that runs measured on it.
    package var metrics: [ModelMetric] = []

    package init(
        id: String, experimentID: String, name: String, modelType: String, sourceRunID: String?, artifactURI: String,
        status: String, creationTimeMilliseconds: Int64, lastUpdateTimeMilliseconds: Int64, params: [Param],
        tags: [String: String]
    ) {
        (self.id, self.experimentID, self.name, self.modelType) = (id, experimentID, name, modelType)
        (self.sourceRunID, self.artifactURI, self.status, self.creationTimeMilliseconds) = (
            sourceRunID, artifactURI, status, creationTimeMilliseconds
        )
        (self.lastUpdateTimeMilliseconds, self.params, self.tags) = (lastUpdateTimeMilliseconds, params, tags)
    }
}

package protocol LoggedModelStore: Sendable {
    func createLoggedModel(
        experimentID: String, name: String, modelType: String, sourceRunID: String?, params: [Param],
        tags: [String: String]
    ) async throws -> LoggedModel
    func loggedModel(id: String) async throws -> LoggedModel
    /// Also one that was deleted.
    func loggedModel(id: String, allowDeleted: Bool) async throws -> LoggedModel
    /// Its files stay, as those of a deleted run do. Deleting it again changes nothing.
    func deleteLoggedModel(id: String) async throws
    func deleteLoggedModelTag(_ key: String, id: String) async throws
    /// Params are write-once.
    func addLoggedModelParams(_ params: [Param], id: String) async throws
    func finishLoggedModel(id: String, status: String) async throws -> LoggedModel
    func setLoggedModelTags(_ tags: [String: String], id: String) async throws
    func searchLoggedModels(_ query: LoggedModelQuery) async throws -> Page<LoggedModel>
    func addOutputs(modelIDs: [String], to runID: String) async throws
    func outputs(of runID: String) async throws -> [String]
    /// The same for many runs at once, by their ids; a run without outputs has no entry.
    func outputs(ofRuns ids: [String]) async throws -> [String: [String]]
}
