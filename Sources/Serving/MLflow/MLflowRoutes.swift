package import Dispatch
import HTTPTypes
import Hummingbird
import Registry

/// The MLflow REST API: what `MLFLOW_TRACKING_URI=http://127.0.0.1:8080` needs for scripts that were written for MLflow.
package enum MLflowRoutes {
    /// One for each group of the API's paths.
    /// - Parameter queue: serial; for what takes longer than an event loop has.
    package static func families(_ ports: ServingPorts, queue: DispatchQueue) -> [any RouteFamily] {
        [
            MLflowExperimentRoutes(tracking: ports.tracking),
            MLflowRunRoutes(
                tracking: ports.tracking, loggedModels: ports.loggedModels, artifacts: ports.artifacts, queue: queue),
            MLflowLoggingRoutes(tracking: ports.tracking, loggedModels: ports.loggedModels),
            MLflowLoggedModelRoutes(loggedModels: ports.loggedModels, artifacts: ports.artifacts),
            MLflowRegisteredModelRoutes(
                registry: ports.registry, events: ports.events, served: ServedAlias(ports)),
            MLflowVersionRoutes(registry: ports.registry, events: ports.events, served: ServedAlias(ports)),
            MLflowArtifactRoutes(artifacts: ports.artifacts), MLflowTransferRoutes(),
            MLflowReportRoutes(tracking: ports.tracking), MLflowTraceRoutes(tracking: ports.tracking),
            MLflowServerRoutes(),
        ]
    }
}

/// What the client asks about the server itself; `/health` and `/version` are among the probes.
struct MLflowServerRoutes: RouteFamily {
    func register(in table: inout RouteTable) {
        for prefix in ["/api", "/ajax-api"] {
            table.get("\(prefix)/3.0/mlflow/server-info") { _ in
                .json { json in
                    // The client knows two kinds of stores, and takes this one for a database with search.
                    json.member("store_type", "SqlStore")
                    json.member("workspaces_enabled", false)
                    json.member("trace_archival_enabled", false)
                    json.member("multipart_uploads_enabled", false)
                    json.member("multipart_downloads_enabled", false)
                    json.member("presigned_upload_run_id_supported", false)
                    json.member("presigned_upload_model_id_supported", false)
                    json.member("features_enabled", object: { $0.member("gateway", false) })
                }
            }
        }
    }
}

/// Answers one call of the MLflow API.
typealias MLflowHandler = @Sendable (MLflowFields) async throws -> Response

extension RouteTable {
    /// Registers a call of the MLflow API, for the client and for MLflow's own pages.
    ///
    /// - Parameters:
    ///   - path: what follows `/api/2.0/mlflow/`.
    ///   - prefixes: the second is that of MLflow's own pages; some calls are only theirs.
    mutating func mlflow(
        _ method: HTTPRequest.Method, _ path: String, prefixes: [String] = ["/api", "/ajax-api"],
        version: String = "2.0",
        handler: @escaping MLflowHandler
    ) {
        for prefix in prefixes {
            on(method, "\(prefix)/\(version)/mlflow/\(path)") { call in
                try await MLflowFailure.answering { try await handler(try await MLflowFields(reading: call)) }
            }
        }
    }
}

extension Response {
    /// What calls answer that only change something.
    static let mlflowDone = Response.json { _ in }
}
