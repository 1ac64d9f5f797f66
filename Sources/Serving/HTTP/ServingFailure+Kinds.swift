/// The refusals that many routes share.
extension ServingFailure {
    /// 422: understood, and a value cannot be.
    package static func unprocessable(_ message: String, remedy: String) -> ServingFailure {
        ServingFailure(status: 422, code: "invalid_value", message: message, remedy: remedy)
    }

    /// 500: what nobody foresaw.
    static func internalFailure(_ detail: String) -> ServingFailure {
        var failure = ServingFailure(
            status: 500, code: "internal_error", message: "something went wrong inside the server.",
            remedy: "look at the server's log.")
        failure.detail = detail
        return failure
    }

    /// 404
    package static func notFound(_ message: String, remedy: String) -> ServingFailure {
        ServingFailure(status: 404, code: "not_found", message: message, remedy: remedy)
    }

    /// 409: what is asked for does not go with how things stand.
    package static func conflict(_ code: String, _ message: String, remedy: String) -> ServingFailure {
        ServingFailure(status: 409, code: code, message: message, remedy: remedy)
    }

    /// 413
    package static func bodyTooLarge(limit: Int) -> ServingFailure {
        ServingFailure(
            status: 413, code: "body_too_large",
            message: "the body is larger than the \(limit) bytes that are taken here.",
            remedy: "send less at once.")
    }

    /// 415
    /// - Parameter given: the content type of the request; nil: it had none.
    package static func unsupportedMediaType(_ given: String?, expected: String) -> ServingFailure {
        ServingFailure(
            status: 415, code: "unsupported_media_type",
            message: given.map { "the content type \($0.prefix(100)) is not taken here." }
                ?? "the body has no content type.",
            remedy: "send it as Content-Type: \(expected).")
    }

    /// The answer carries Retry-After.
    package static let feedbackIsFull = ServingFailure(
        status: 429, code: "feedback_queue_full", message: "more feedback waits to be written than is held in memory.",
        remedy: "send it again after the seconds that Retry-After says; nothing of it was stored.")

    /// - Parameter error: why the version that should answer does not.
    static func noModel(after error: ModelLoadError?) -> ServingFailure {
        guard let error else {
            return ServingFailure(
                status: 503, code: "no_model", message: "no model is loaded yet.",
                remedy:
                    "wait for the first simulated day to end, or promote a version: `mlstack model promote NAME VERSION`."
            )
        }
        return ServingFailure(
            status: 503, code: "no_model",
            message: "no model is loaded: version \(error.version) of \(error.model) could not be: \(error.message)",
            remedy: error.remedy)
    }
}
