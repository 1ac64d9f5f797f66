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
            .unavailable(let text), .full(let text), .forbidden(let text), .tooHeavy(let text):
            text
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .invalid: "correct the value and ask again."
        case .alreadyExists: "choose another name, or use the record that is there."
        case .notFound(let text): RegistryError.placeToLook(text)
        case .forbidden: RegistryError.researchRemedy
        case .tooHeavy: RegistryError.heavyRemedy
        // The text of a storage failure already names its own remedy.
        case .storage, .unavailable, .full: nil
        }
    }

    /// By what is missing. The phrases are MLflow's, by which its clients tell the cases apart, too.
    private static func placeToLook(_ text: String) -> String {
        let places = [
            ("Model Version ", "`mlstack model show NAME` lists the versions of a model."),
            ("Registered Model ", "`mlstack model list` names the models there are."),
            ("Run with ", "`mlstack experiment search` names the runs there are."),
            ("No Experiment ", "`mlstack experiment list --all` names the experiments there are."),
            ("Could not find experiment ", "`mlstack experiment list --all` names the experiments there are."),
        ]
        return places.first { text.hasPrefix($0.0) }?.1
            ?? "look at what there is with `mlstack experiment list` or `mlstack model list`."
    }
}
