import Foundation

extension RegistryError: LocalizedError {
    /// What to do about everything that is kept from research.
    package static let researchRemedy =
        "write `environment: production` into the pipeline's file and install it with `mlstack pipeline apply`."

    /// What to do about a search that was given up.
    package static let heavyRemedy =
        "Search fewer experiments, ask for fewer results at once, or compare with = and IN rather than LIKE."

    package var errorDescription: String? {
        switch self {
        case .invalid(let text), .alreadyExists(let text), .notFound(let text), .storage(let text),
            .forbidden(let text), .tooHeavy(let text):
            text
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .invalid: "correct the value and ask again."
        case .alreadyExists: "choose another name, or use the record that is there."
        case .notFound: "look at what there is with `mlstack experiment list` or `mlstack model list`."
        case .forbidden: RegistryError.researchRemedy
        case .tooHeavy: RegistryError.heavyRemedy
        // The text of a storage failure already names its own remedy.
        case .storage: nil
        }
    }
}
