import Foundation

/// Why a template could not be filled in when its task was to start.
package enum RenderError: Error, Sendable, Equatable {
    case noValue(reference: String, reason: String)
    case notQuotable(reference: String, place: String)
    /// What was filled in is not what the operator's setting takes.
    case wrongSetting(name: String, problem: String)
    /// A `when` that comes neither to true nor to false.
    case condition(text: String, problem: String)
    /// A `foreach` whose text is no list, or too long a one.
    case items(problem: String)
}

/// The file, the parameters and what tasks upstream have put out are the same at the next attempt.
extension RenderError: PermanentError {
    package var isPermanent: Bool { true }
}

extension RenderError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .noValue(let reference, let reason): "${\(reference)}: \(reason)"
        case .notQuotable(let reference, let place): "${\(reference)} can't be put in safely \(place)"
        case .wrongSetting(let name, let problem): "with.\(name): \(problem)"
        case .condition(let text, let problem): "when `\(text)`: \(problem)"
        case .items(let problem): "foreach: \(problem)"
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .noValue(let reference, _) where reference.hasPrefix("secrets."):
            "set \(SecretStore.prefix)\(reference.dropFirst("secrets.".count)) where mlstack starts, or write it into the "
                + "home's secrets.yaml."
        case .noValue: "check the name against the pipeline file and against what the tasks before this one put out."
        case .notQuotable(let reference, _):
            "give the value through `env:` (env: {VALUE: \"${\(reference)}\"}) and write \"$VALUE\" here."
        case .wrongSetting: "check what the variable, the parameter or the task before this one gave."
        case .condition: "give what it names a value, or say in the pipeline file what counts without one (x ?? 0)."
        case .items: "give it a JSON list of at most \(ForEach.limit) items, or as many lines with one item each."
        }
    }
}
