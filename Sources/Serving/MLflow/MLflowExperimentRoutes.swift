import Hummingbird
import Registry

/// `/api/2.0/mlflow/experiments/…`
struct MLflowExperimentRoutes: RouteFamily {
    let tracking: any TrackingStore

    func register(in table: inout RouteTable) {
        table.mlflow(.post, "experiments/create", handler: create)
        table.mlflow(.get, "experiments/get") { fields in
            Self.answer(try await tracking.experiment(id: try fields.required("experiment_id")))
        }
        table.mlflow(.get, "experiments/get-by-name") { fields in
            Self.answer(try await tracking.experiment(named: try fields.required("experiment_name")))
        }
        table.mlflow(.get, "experiments/search", handler: search)
        table.mlflow(.post, "experiments/search", handler: search)
        table.mlflow(.post, "experiments/update") { fields in
            let name = try fields.required("new_name")
            try await tracking.renameExperiment(id: try fields.required("experiment_id"), to: name)
            return .mlflowDone
        }
        table.mlflow(.post, "experiments/delete") { fields in
            try await tracking.setExperimentLifecycle(.deleted, id: try fields.required("experiment_id"))
            return .mlflowDone
        }
        table.mlflow(.post, "experiments/restore") { fields in
            try await tracking.setExperimentLifecycle(.active, id: try fields.required("experiment_id"))
            return .mlflowDone
        }
        table.mlflow(.post, "experiments/set-experiment-tag") { fields in
            let (key, value) = (try fields.required("key"), try fields.string("value"))
            guard let value else { throw fields.missing("value") }
            try await tracking.setExperimentTag(key, to: value, on: try fields.required("experiment_id"))
            return .mlflowDone
        }
        table.mlflow(.post, "experiments/delete-experiment-tag") { fields in
            let key = try fields.required("key")
            try await tracking.deleteExperimentTag(key, from: try fields.required("experiment_id"))
            return .mlflowDone
        }
    }

    private static func answer(_ experiment: Experiment) -> Response {
        .json { json in json.member("experiment", object: { $0.mlflow(experiment) }) }
    }

    private func create(_ fields: MLflowFields) async throws -> Response {
        let name = try fields.required("name")
        if let location = try fields.string("artifact_location"), !location.isEmpty {
            throw RegistryError.invalid(
                "Invalid value \"\(location.prefix(200))\" for parameter 'artifact_location' supplied: this server keeps "
                    + "artifacts itself. Leave it out.")
        }
        let id = try await tracking.createExperiment(name: name, tags: try fields.tags())
        return .json { $0.member("experiment_id", id) }
    }

    private func search(_ fields: MLflowFields) async throws -> Response {
        let page = try await tracking.searchExperiments(
            ExperimentQuery(view: try fields.viewType("view_type"), try fields.search(.experiments)))
        return .json { json in
            json.present("experiments", page.items) { $0.mlflow($1) }
            json.present("next_page_token", page.nextPageToken)
        }
    }
}

extension MLflowFields {
    func viewType(_ name: String) throws(RegistryError) -> ViewType {
        try word(name, numbered: [ViewType.activeOnly, .deletedOnly, .all]) ?? .activeOnly
    }

    /// - Parameter standard: nil when it must be given.
    func maxResults(standard: Int? = nil) throws(RegistryError) -> Int {
        guard let number = try int("max_results") else {
            guard let standard else { throw missing("max_results") }
            return standard
        }
        // What does not fit is refused by the store like every other number that is too large.
        return Int(clamping: number)
    }
}
