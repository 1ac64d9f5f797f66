import Foundation

extension RegistryError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .invalid(let text), .alreadyExists(let text), .notFound(let text), .storage(let text): text
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .invalid: "correct the value and ask again."
        case .alreadyExists: "choose another name, or use the record that is there."
        case .notFound: "look at what there is with `mlstack experiment list` or `mlstack model list`."
        // The text of a storage failure already names its own remedy.
        case .storage: nil
        }
    }
}
