/// What the registry refuses, as facts; MLflow's wire codes are put on at the HTTP edge.
package enum RegistryError: Error, Equatable, Sendable {
    /// A value that breaks a rule (MLflow: INVALID_PARAMETER_VALUE, 400).
    case invalid(String)
    /// A name that is taken (MLflow: RESOURCE_ALREADY_EXISTS, 400).
    case alreadyExists(String)
    /// Something that is not there (MLflow: RESOURCE_DOES_NOT_EXIST, 404).
    case notFound(String)
    /// A search that takes more work than one may (MLflow: INVALID_PARAMETER_VALUE, 400: what it is asked again for is the same work).
    case tooHeavy(String)
    /// What research may not do to production (MLflow: PERMISSION_DENIED, 403).
    case forbidden(String)
    /// The store itself failed (MLflow: INTERNAL_ERROR, 500); the text names the file and the remedy, for the log.
    case storage(String)
    /// The store can't be reached now, but may be later (MLflow: TEMPORARILY_UNAVAILABLE, 503); the text is for the log.
    case unavailable(String)
    /// The store has no room left (MLflow: INTERNAL_ERROR, 500); the text is for the log.
    case full(String)
}
