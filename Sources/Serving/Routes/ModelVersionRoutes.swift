import Hummingbird
import Registry

/// One version of a registered model: its whole story, and what ends it.
struct ModelVersionRoutes: RouteFamily {
    let surroundings: Surroundings
    private var ports: ServingPorts { surroundings.ports }
    private var answers: ModelAnswers { ModelAnswers(ports) }

    private static let historyLength = 1000

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/models/{name}/versions/{version}",
            RouteDocumentation(
                "One version: its run, data, params, metrics, files, and what its aliases and stages were",
                tag: "models",
                answers: "ModelVersionStory", failures: [404, 422]),
            handler: one)
        table.post(
            "/api/v1/models/{name}/versions/{version}/stage",
            RouteDocumentation(
                "Moves a version to the stage none, staging or archived; one that leaves production loses that alias, and goes on answering until another is promoted or the server starts anew",
                tag: "models", body: .init("StageRequest"), answers: "Model", failures: [400, 404, 415, 422]),
            handler: stage)
        table.on(
            .delete, "/api/v1/models/{name}/versions/{version}",
            RouteDocumentation(
                "Deletes a version, with its aliases; its number is never used again", tag: "models",
                answers: "Model", failures: [404, 422]),
            handler: delete)
        table.on(
            .delete, "/api/v1/models/{name}/aliases/{alias}",
            RouteDocumentation(
                "Takes an alias from the version that has it; without `production` what answers goes on until the server starts anew",
                tag: "models", answers: "Model", failures: [404, 422]),
            handler: removeAlias)
    }

    private func number(_ call: HTTPCall) throws -> Int {
        guard let version = Int(call.parameter("version")), version > 0 else {
            throw ServingFailure.unprocessable(
                "\(call.parameter("version").prefix(20)) is no number of a version.", remedy: "give one, such as 3.")
        }
        return version
    }

    private func one(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let name = call.parameter("name")
        let version = try await ports.registry.version(try number(call), of: name)
        let run = try await answers.run(of: version)
        let story = ModelVersionStory(
            version: version, run: run, logged: try await loggedModel(of: version),
            datasets: try await datasets(of: run),
            files: try await VersionFiles(of: version, in: ports.artifacts),
            changes: try await ports.registry.history(of: name, limit: Self.historyLength)
                .filter { $0.version == version.version || $0.previousVersion == version.version })
        let parent = try await self.parent(story.warmStart, of: name)
        return .json(capacity: 8 << 10) { $0.versionStory(story, parent: parent) }
    }

    /// nil when it came without one, or that has been deleted.
    private func loggedModel(of version: ModelVersion) async throws -> LoggedModel? {
        guard let id = version.modelID, !id.isEmpty else { return nil }
        do {
            return try await ports.loggedModels.loggedModel(id: id)
        } catch RegistryError.notFound {
            return nil
        }
    }

    private func datasets(of run: Run?) async throws -> [DatasetInput] {
        guard let run else { return [] }
        return try await ports.tracking.datasetInputs(of: run.id)
    }

    /// The version whose bytes the training began with.
    private func parent(_ contentHash: String?, of name: String) async throws -> Int? {
        guard let contentHash else { return nil }
        let page = try await ports.registry.versions(
            of: name, runID: nil, tags: [ModelVersionStory.contentHashTag: contentHash], maxResults: 1, pageToken: nil)
        return page.items.first { $0.tags[ModelVersionStory.contentHashTag] == contentHash }?.version
    }

    private func stage(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields()
        let stage = try Stage(parsing: try fields.requiredString("stage"))
        try fields.finish()
        guard stage != .production else {
            throw ServingFailure.unprocessable(
                "a version comes to the stage production with its alias.", remedy: "promote it instead.")
        }
        let (name, number) = (call.parameter("name"), try number(call))
        let former = try await ports.registry.registeredModel(named: name).aliases
        _ = try await ports.registry.transition(
            number, of: name, to: stage.rawValue, archiveExisting: false, actor: call.actor)
        return try await answer(name, former: former)
    }

    private func delete(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let (name, number) = (call.parameter("name"), try number(call))
        let former = try await ports.registry.registeredModel(named: name).aliases
        try await ports.registry.deleteVersion(number, of: name, actor: call.actor)
        return try await answer(name, former: former)
    }

    private func removeAlias(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let (name, alias) = (call.parameter("name"), call.parameter("alias"))
        let former = try await ports.registry.registeredModel(named: name).aliases
        guard former[alias] != nil else {
            let there = former.keys.sorted().joined(separator: ", ")
            throw ServingFailure.notFound(
                "\(name) has no alias \(alias.prefix(100)).",
                remedy: there.isEmpty ? "no version of it has one." : "there are \(there).")
        }
        try await ports.registry.deleteAlias(alias, of: name, actor: call.actor)
        return try await answer(name, former: former)
    }

    /// Tells everybody which aliases are gone, and has serving look where `production` is now.
    private func answer(_ name: String, former: [String: Int]) async throws -> Response {
        let present = try await ports.registry.registeredModel(named: name).aliases
        for (alias, version) in former.sorted(by: { $0.key < $1.key }) where present[alias] == nil {
            ports.events.publish(.model(name: name, version: nil, alias: alias, previousVersion: version))
        }
        if present != former { await ServedAlias(ports).followRemoval(from: name) }
        return try await answers.model(name)
    }
}
