import HTTPTypes
import Hummingbird
import Registry

/// The form in which MLflow's client expects a refusal: it branches on `error_code`, not on the status.
enum MLflowFailure {
    /// Runs `body` and tells what the registry refuses. Everything else is the front door's to tell, in the same form.
    static func answering(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let error as RegistryError {
            guard let response = response(for: error) else { throw error }
            return response
        }
    }

    /// Never a status of the server's failure for what the client did wrong: the client would ask again for minutes.
    /// - Returns: nil for a failure of the store, which is no refusal.
    private static func response(for error: RegistryError) -> Response? {
        switch error {
        case .invalid(let text): response(.badRequest, "INVALID_PARAMETER_VALUE", text)
        case .alreadyExists(let text): response(.badRequest, "RESOURCE_ALREADY_EXISTS", text)
        case .notFound(let text): response(.notFound, "RESOURCE_DOES_NOT_EXIST", text)
        case .forbidden(let text):
            response(.forbidden, "PERMISSION_DENIED", "\(text) \(RegistryError.researchRemedy)")
        case .tooHeavy(let text):
            response(.badRequest, "INVALID_PARAMETER_VALUE", "\(text) \(RegistryError.heavyRemedy)")
        case .storage, .unavailable, .full: nil
        }
    }

    /// A refusal repeats what was sent, but no more of it than a person reads.
    private static let longestMessage = 1_000

    static func response(_ status: HTTPResponse.Status, _ code: String, _ message: String) -> Response {
        .json(status: status) { json in
            json.member("error_code", code)
            json.member("message", Limits.shortened(message, to: longestMessage))
        }
    }
}
