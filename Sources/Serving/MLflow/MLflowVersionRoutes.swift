import Hummingbird
import Registry

/// `/api/2.0/mlflow/model-versions/…`
struct MLflowVersionRoutes: RouteFamily {
    let registry: any ModelRegistry
    let events: EventHub
    let served: ServedAlias

    private static let pageLength = 10_000

    func register(in table: inout RouteTable) {
        table.mlflow(.post, "model-versions/create", handler: create)
        table.mlflow(.get, "model-versions/get") { fields in
            Self.answer(try await registry.version(try fields.version(), of: try fields.required("name")))
        }
        table.mlflow(.get, "model-versions/get-download-uri") { fields in
            let version = try await registry.version(try fields.version(), of: try fields.required("name"))
            return .json { $0.member("artifact_uri", version.artifactURI) }
        }
        table.mlflow(.get, "model-versions/search", handler: search)
        table.mlflow(.patch, "model-versions/update") { fields in
            let (name, description) = (try fields.required("name"), try fields.string("description") ?? "")
            return Self.answer(
                try await registry.updateVersion(try fields.version(), of: name, description: description))
        }
        table.mlflow(.delete, "model-versions/delete") { fields in
            let name = try fields.required("name")
            try await registry.deleteVersion(try fields.version(), of: name, actor: fields.actor)
            await served.followRemoval(from: name)
            return .mlflowDone
        }
        table.mlflow(.post, "model-versions/transition-stage", handler: transition)
        table.mlflow(.post, "model-versions/set-tag") { fields in
            let (name, key, value) = (
                try fields.required("name"), try fields.required("key"), try fields.string("value") ?? ""
            )
            try await registry.setVersionTag(key, to: value, version: try fields.version(), of: name)
            return .mlflowDone
        }
        table.mlflow(.delete, "model-versions/delete-tag") { fields in
            let (name, key) = (try fields.required("name"), try fields.required("key"))
            try await registry.setVersionTag(key, to: nil, version: try fields.version(), of: name)
            return .mlflowDone
        }
    }

    private static func answer(_ version: ModelVersion) -> Response {
        .json(capacity: 1024) { json in json.member("model_version", object: { $0.mlflow(version) }) }
    }

    private func create(_ fields: MLflowFields) async throws -> Response {
        func optional(_ name: String) throws(RegistryError) -> String? {
            let text = try fields.string(name)
            return text == "" ? nil : text
        }
        var request = ModelVersionRequest(
            name: try fields.required("name"), source: try fields.required("source"),
            runID: try optional("run_id"), modelID: try optional("model_id"),
            description: try fields.string("description") ?? "", tags: try fields.tags())
        request.runLink = try fields.string("run_link") ?? ""
        for id in [request.runID, request.modelID] { if let id { try Identifiers.checkRunID(id) } }
        try Self.checkOwner(of: request)
        return Self.answer(try await registry.createVersion(request))
    }

    /// Whoever registers files says whose they are, as MLflow's server asks it; whether that is true the store finds out.
    private static func checkOwner(of request: ModelVersionRequest) throws {
        let needsModel: Bool
        switch try ModelSource(parsing: request.source) {
        case .loggedModel: needsModel = true
        case .run: needsModel = false
        case .artifact(let path): needsModel = path.components.dropFirst().first == "models"
        case .version, .alias, .newest, .opaque: return
        }
        if needsModel ? request.modelID != nil : request.runID != nil { return }
        throw RegistryError.invalid(
            "Invalid model version source: '\(request.source)'. The \(needsModel ? "model_id" : "run_id") request "
                + "parameter must identify the resource that contains the source.")
    }

    private func search(_ fields: MLflowFields) async throws -> Response {
        let page = try await registry.searchVersions(
            try fields.search(.modelVersions, maxResults: Self.pageLength))
        return .json(capacity: 512 * (page.items.count + 1)) { json in
            json.present("model_versions", page.items) { $0.mlflow($1) }
            json.present("next_page_token", page.nextPageToken)
        }
    }

    private func transition(_ fields: MLflowFields) async throws -> Response {
        let (name, number, stage) = (
            try fields.required("name"), try fields.version(), try fields.required("stage")
        )
        let former = try await registry.registeredModel(named: name).aliases[AliasName.production]
        let version = try await registry.transition(
            number, of: name, to: stage, archiveExisting: try fields.bool("archive_existing_versions") ?? false,
            actor: fields.actor)
        let present = try await registry.registeredModel(named: name).aliases[AliasName.production]
        if let present, present != former {
            events.publish(
                .model(name: name, version: present, alias: AliasName.production, previousVersion: former))
            try await served.follow(AliasName.production, of: name, to: present)
        } else if present == nil, former != nil {
            await served.followRemoval(from: name)
        }
        return Self.answer(version)
    }
}
