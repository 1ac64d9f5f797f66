import HTTPTypes
import Hummingbird

/// Ways around this server to an artefact's bytes, which it does not offer: the client asks, and takes the plain way then.
struct MLflowTransferRoutes: RouteFamily {
    func register(in table: inout RouteTable) {
        for prefix in ["/api", "/ajax-api"] {
            let root = "\(prefix)/2.0/mlflow-artifacts"
            for step in ["create", "complete", "abort"] {
                table.post("\(root)/mpu/\(step)/{path...}") { _ in Self.refusal("upload") }
            }
            table.get("\(root)/presigned/{path...}") { _ in Self.refusal("download") }
        }
    }

    /// The client looks for the beginning of this sentence. It does not ask again after this status.
    private static func refusal(_ what: String) -> Response {
        MLflowFailure.response(
            .notImplemented, "NOT_IMPLEMENTED",
            "Multipart \(what) is not supported for the current artifact repository")
    }
}
