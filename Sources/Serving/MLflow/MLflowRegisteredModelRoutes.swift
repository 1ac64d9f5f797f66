import Hummingbird
import Registry

/// `/api/2.0/mlflow/registered-models/…`
struct MLflowRegisteredModelRoutes: RouteFamily {
    let registry: any ModelRegistry
    let events: EventHub
    let served: ServedAlias

    private static let pageLength = 100

    func register(in table: inout RouteTable) {
        table.mlflow(.post, "registered-models/create") { fields in
            Self.answer(
                try await registry.createRegisteredModel(
                    name: try fields.required("name"), description: try fields.string("description") ?? "",
                    tags: try fields.tags()))
        }
        table.mlflow(.get, "registered-models/get") { fields in
            Self.answer(try await registry.registeredModel(named: try fields.required("name")))
        }
        table.mlflow(.get, "registered-models/search", handler: search)
        table.mlflow(.patch, "registered-models/update") { fields in
            let description = try fields.string("description") ?? ""
            return Self.answer(
                try await registry.updateRegisteredModel(named: try fields.required("name"), description: description))
        }
        table.mlflow(.post, "registered-models/rename") { fields in
            let (name, newName) = (try fields.required("name"), try fields.required("new_name"))
            let model = try await registry.renameRegisteredModel(named: name, to: newName, actor: fields.actor)
            await served.followRemoval(from: name)
            if let version = model.aliases[AliasName.production], name != newName {
                events.publish(
                    .model(name: newName, version: version, alias: AliasName.production, previousVersion: nil))
                try await served.follow(AliasName.production, of: newName, to: version)
            }
            return Self.answer(model)
        }
        table.mlflow(.delete, "registered-models/delete") { fields in
            let name = try fields.required("name")
            try await registry.deleteRegisteredModel(named: name, actor: fields.actor)
            await served.followRemoval(from: name)
            return .mlflowDone
        }
        table.mlflow(.get, "registered-models/get-latest-versions", handler: latest)
        table.mlflow(.post, "registered-models/get-latest-versions", handler: latest)
        table.mlflow(.post, "registered-models/set-tag") { fields in
            let (key, value) = (try fields.required("key"), try fields.string("value") ?? "")
            try await registry.setModelTag(key, to: value, of: try fields.required("name"))
            return .mlflowDone
        }
        table.mlflow(.delete, "registered-models/delete-tag") { fields in
            try await registry.setModelTag(try fields.required("key"), to: nil, of: try fields.required("name"))
            return .mlflowDone
        }
        registerAliases(in: &table)
    }

    private func registerAliases(in table: inout RouteTable) {
        table.mlflow(.get, "registered-models/alias") { fields in
            let version = try await registry.version(
                alias: try fields.required("alias"), of: try fields.required("name"))
            return .json { json in json.member("model_version", object: { $0.mlflow(version) }) }
        }
        table.mlflow(.post, "registered-models/alias") { fields in
            let (name, alias) = (try fields.required("name"), try fields.required("alias"))
            let version = try fields.version()
            let former = try await registry.registeredModel(named: name).aliases[alias]
            try await registry.setAlias(
                alias, to: version, of: name, actor: fields.actor, reason: "set by an MLflow client")
            if former != version {
                events.publish(.model(name: name, version: version, alias: alias, previousVersion: former))
            }
            try await served.follow(alias, of: name, to: version)
            return .mlflowDone
        }
        table.mlflow(.delete, "registered-models/alias") { fields in
            let (name, alias) = (try fields.required("name"), try fields.required("alias"))
            try await registry.deleteAlias(alias, of: name, actor: fields.actor)
            await served.followRemoval(from: name)
            return .mlflowDone
        }
    }

    private static func answer(_ model: RegisteredModel) -> Response {
        .json(capacity: 1024) { json in json.member("registered_model", object: { $0.mlflow(model) }) }
    }

    private func search(_ fields: MLflowFields) async throws -> Response {
        let page = try await registry.searchRegisteredModels(
            try fields.search(.registeredModels, maxResults: Self.pageLength))
        return .json(capacity: 1024 * (page.items.count + 1)) { json in
            json.present("registered_models", page.items) { $0.mlflow($1) }
            json.present("next_page_token", page.nextPageToken)
        }
    }

    private func latest(_ fields: MLflowFields) async throws -> Response {
        let stages = try fields.strings("stages").map { text throws(RegistryError) in
            try Stage(parsing: text).rawValue
        }
        let model = try await registry.registeredModel(named: try fields.required("name"))
        let versions = model.latestVersions.filter { stages.isEmpty || stages.contains($0.stage) }
        return .json(capacity: 1024) { json in json.present("model_versions", versions) { $0.mlflow($1) } }
    }
}

extension MLflowFields {
    /// The number of a version, which MLflow writes as text.
    func version() throws(RegistryError) -> Int {
        let text = try required("version")
        guard let number = Int(text) else {
            throw .invalid(
                "Invalid value \"\(text.prefix(40))\" for parameter 'version' supplied: it must be an integer.")
        }
        return number
    }
}
