/// Logged models as research runs see them: all of them to read, and what is not production's to change.
package struct ResearchLoggedModels: LoggedModelStore {
    private let inner: any LoggedModelStore
    private let production: ProductionGuard

    package init(_ inner: any LoggedModelStore, production: ProductionGuard) {
        (self.inner, self.production) = (inner, production)
    }

    package func createLoggedModel(
        experimentID: String, name: String, modelType: String, sourceRunID: String?, params: [Param],
        tags: [String: String]
    ) async throws -> LoggedModel {
        if let sourceRunID { try await production.check(run: sourceRunID) }
        return try await inner.createLoggedModel(
            experimentID: experimentID, name: name, modelType: modelType, sourceRunID: sourceRunID, params: params,
            tags: tags)
    }

    package func loggedModel(id: String) async throws -> LoggedModel { try await inner.loggedModel(id: id) }

    package func loggedModel(id: String, allowDeleted: Bool) async throws -> LoggedModel {
        try await inner.loggedModel(id: id, allowDeleted: allowDeleted)
    }

    package func deleteLoggedModel(id: String) async throws {
        try await production.check(loggedModel: id)
        try await inner.deleteLoggedModel(id: id)
    }

    package func deleteLoggedModelTag(_ key: String, id: String) async throws {
        try await production.check(loggedModel: id)
        try await inner.deleteLoggedModelTag(key, id: id)
    }

    package func addLoggedModelParams(_ params: [Param], id: String) async throws {
        try await production.check(loggedModel: id)
        try await inner.addLoggedModelParams(params, id: id)
    }

    package func finishLoggedModel(id: String, status: String) async throws -> LoggedModel {
        try await production.check(loggedModel: id)
        return try await inner.finishLoggedModel(id: id, status: status)
    }

    package func setLoggedModelTags(_ tags: [String: String], id: String) async throws {
        try await production.check(loggedModel: id)
        try await inner.setLoggedModelTags(tags, id: id)
    }

    package func searchLoggedModels(_ query: LoggedModelQuery) async throws -> Page<LoggedModel> {
        try await inner.searchLoggedModels(query)
    }

    package func addOutputs(modelIDs: [String], to runID: String) async throws {
        try await production.check(run: runID)
        try await inner.addOutputs(modelIDs: modelIDs, to: runID)
    }

    package func outputs(of runID: String) async throws -> [String] { try await inner.outputs(of: runID) }

    package func outputs(ofRuns ids: [String]) async throws -> [String: [String]] {
        try await inner.outputs(ofRuns: ids)
    }
}
