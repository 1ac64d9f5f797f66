import Hummingbird
import Registry

/// `/api/3.0/mlflow/traces`: a script with `@mlflow.trace` runs without a warning on every call.
///
/// Traces can't be searched here. What the client uploads of one is kept among the artefacts, where MLflow's own server
/// keeps it; the rest is dropped.
struct MLflowTraceRoutes: RouteFamily {
    let tracking: any TrackingStore

    func register(in table: inout RouteTable) {
        table.mlflow(.post, "traces", version: "3.0", handler: start)
    }

    private func start(_ fields: MLflowFields) async throws -> Response {
        let info = try fields.requiredObject("trace").requiredObject("trace_info")
        let id = try info.required("trace_id")
        guard id.hasPrefix("tr-") else {
            throw RegistryError.invalid(
                "Invalid value \"\(id.prefix(100))\" for parameter 'trace_id' supplied: it begins with tr-.")
        }
        try Identifiers.checkRunID(id)
        let place = try info.requiredObject("trace_location").requiredObject("mlflow_experiment")
        let experiment = try await tracking.experiment(id: try place.required("experiment_id"))
        let (time, state) = (try info.string("request_time"), try info.string("state"))
        return .json { json in
            json.member(
                "trace",
                object: { json in
                    json.member(
                        "trace_info",
                        object: { json in
                            json.member("trace_id", id)
                            json.member(
                                "trace_location",
                                object: { json in
                                    json.member("type", "MLFLOW_EXPERIMENT")
                                    json.member(
                                        "mlflow_experiment", object: { $0.member("experiment_id", experiment.id) })
                                })
                            json.present("request_time", time)
                            json.present("state", state)
                            // Where the client uploads what it measured.
                            json.member(
                                "tags",
                                ["mlflow.artifactLocation": "\(experiment.artifactLocation)/traces/\(id)/artifacts"])
                        })
                })
        }
    }
}
