import Hummingbird
import Registry

/// `/api/2.0/mlflow/logged-models…`: models with artefact folders of their own, before any registration.
struct MLflowLoggedModelRoutes: RouteFamily {
    let loggedModels: any LoggedModelStore
    let artifacts: any ArtifactStore

    /// What the protobuf definition says when the client names no number.
    private static let pageLength = 50

    func register(in table: inout RouteTable) {
        table.mlflow(.post, "logged-models", handler: create)
        table.mlflow(.post, "logged-models/search", handler: search)
        table.mlflow(.get, "logged-models/{id}") { fields in
            let allowDeleted = try fields.bool("allow_deleted") ?? false
            return Self.answer(
                try await loggedModels.loggedModel(id: fields.pathParameter("id"), allowDeleted: allowDeleted))
        }
        table.mlflow(.delete, "logged-models/{id}") { fields in
            try await loggedModels.deleteLoggedModel(id: fields.pathParameter("id"))
            return .mlflowDone
        }
        table.mlflow(.delete, "logged-models/{id}/tags/{key}") { fields in
            let key = fields.pathParameter("key")
            try StoredFile.checkLoggedModelTag(key)
            try await loggedModels.deleteLoggedModelTag(key, id: fields.pathParameter("id"))
            return .mlflowDone
        }
        table.mlflow(.post, "logged-models/{id}/params") { fields in
            try await loggedModels.addLoggedModelParams(try fields.params(), id: fields.pathParameter("id"))
            return .mlflowDone
        }
        table.mlflow(.get, "logged-models/{id}/artifacts/directories", handler: files)
        table.mlflow(.patch, "logged-models/{id}") { fields in
            guard let status = try fields.word("status", numbered: LoggedModelStatus.allCases) else {
                throw fields.missing("status")
            }
            return Self.answer(
                try await loggedModels.finishLoggedModel(id: fields.pathParameter("id"), status: status.rawValue))
        }
        table.mlflow(.patch, "logged-models/{id}/tags") { fields in
            try await loggedModels.setLoggedModelTags(
                try Self.tags(fields), id: fields.pathParameter("id"))
            return .mlflowDone
        }
    }

    /// In the order of MLflow's numbers.
    private enum LoggedModelStatus: String, CaseIterable {
        case pending = "LOGGED_MODEL_PENDING"
        case ready = "LOGGED_MODEL_READY"
        case uploadFailed = "LOGGED_MODEL_UPLOAD_FAILED"
    }

    private static func answer(_ model: LoggedModel) -> Response {
        .json(capacity: 1024) { json in json.member("model", object: { $0.mlflow(model) }) }
    }

    private func create(_ fields: MLflowFields) async throws -> Response {
        let source = try fields.string("source_run_id")
        return Self.answer(
            try await loggedModels.createLoggedModel(
                experimentID: try fields.required("experiment_id"), name: try fields.string("name") ?? "",
                modelType: try fields.string("model_type") ?? "", sourceRunID: source == "" ? nil : source,
                params: try fields.params(), tags: try Self.tags(fields)))
    }

    private static func tags(_ fields: MLflowFields) throws -> [String: String] {
        let tags = try fields.tags()
        for key in tags.keys { try StoredFile.checkLoggedModelTag(key) }
        return tags
    }

    /// With paths from the model's own folder.
    private func files(_ fields: MLflowFields) async throws -> Response {
        let model = try await loggedModels.loggedModel(id: fields.pathParameter("id"))
        let folder = try fields.string("artifact_directory_path") ?? ""
        return try await MLflowArtifactRoutes.files(in: folder, below: model.artifactURI, of: artifacts)
    }

    private func search(_ fields: MLflowFields) async throws -> Response {
        let page = try await loggedModels.searchLoggedModels(
            try fields.loggedModelSearch(maxResults: Self.pageLength))
        return .json(capacity: 1024 * (page.items.count + 1)) { json in
            json.present("models", page.items) { $0.mlflow($1) }
            json.present("next_page_token", page.nextPageToken)
        }
    }
}

extension MLflowFields {
    /// A list of `{"key", "value"}` in its order, for which a key that stands twice is a mistake.
    func params() throws(RegistryError) -> [Param] {
        try pairs("params").map { Param(key: $0.key, value: $0.value) }
    }
}
