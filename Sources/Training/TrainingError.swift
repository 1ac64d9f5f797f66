import Foundation

/// What training and evaluation refuse or fail at, as facts.
package enum TrainingError: Error, Sendable, Equatable {
    case unknownAlgorithm(String, nearest: String?, known: [String])
    case unknownHyperparameter(String, algorithm: String, nearest: String?, known: [String])
    /// A value of the wrong type, out of range, or at odds with another.
    case badHyperparameter(String, algorithm: String, value: String, expected: String)
    /// No interaction counts as positive.
    case nothingToLearn(interactions: Int, positiveFrom: Double)
    /// An algorithm that predicts stars was given none.
    case starsMissing(algorithm: String, interactions: Int)
    case timestampsMissing(algorithm: String, interactions: Int)
    case nonFiniteFactor(algorithm: String, sweep: Int, regularization: Double)
    /// The equations of a row have no single solution.
    case singularSystem(algorithm: String, sweep: Int, regularization: Double)
    /// A fit was told to start from a model that it cannot start from.
    case cannotContinue(algorithm: String, reason: String)
    /// What is learned would not fit into memory.
    case tooManyItems(algorithm: String, items: Int, limit: Int)
    case unknownMetric(String, nearest: String?)
    case noCases
    /// How rare or alike items are cannot be said of a model that carries no training interactions.
    case audiencesUnknown(algorithm: String)
    /// A case that breaks the metrics' definitions.
    case badCase(user: String, problem: String)
}

extension TrainingError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .unknownAlgorithm(let name, _, _):
            "there is no algorithm `\(name)`"
        case .unknownHyperparameter(let name, let algorithm, _, _):
            "`\(algorithm)` has no setting `\(name)`"
        case .badHyperparameter(let name, let algorithm, let value, let expected):
            "`\(name)` of `\(algorithm)` cannot be \(value): expected \(expected)"
        case .nothingToLearn(let interactions, let positiveFrom):
            interactions == 0
                ? "there are no interactions to learn from"
                : "none of the \(interactions) interactions counts as positive (positive_from \(positiveFrom))"
        case .starsMissing(let algorithm, let interactions):
            "`\(algorithm)` learns from stars; none of the \(interactions) interactions has a rating"
        case .timestampsMissing(let algorithm, let interactions):
            "`half_life_days` of `\(algorithm)` needs the time of every interaction; \(interactions) have none"
        case .nonFiniteFactor(let algorithm, let sweep, let regularization):
            "\(algorithm.uppercased()) produced a non-finite factor in sweep \(sweep)"
                + " (\(TrainingError.ridge(of: algorithm)) \(regularization))"
        case .singularSystem(let algorithm, let sweep, let regularization):
            "\(algorithm.uppercased()) met equations without a single solution in sweep \(sweep)"
                + " (regularization \(regularization))"
        case .cannotContinue(let algorithm, let reason):
            "`\(algorithm)` cannot start from the model given: \(reason)"
        case .tooManyItems(let algorithm, let items, let limit):
            "`\(algorithm)` learns a number for each pair of items; \(items) items are more than \(limit)"
        case .unknownMetric(let name, _):
            "there is no metric `\(name)`"
        case .noCases:
            "there is nobody to evaluate with: no case has a target"
        case .audiencesUnknown(let algorithm):
            "a model of `\(algorithm)` carries no training interactions, so novelty and likeness of items are unknown"
        case .badCase(let user, let problem):
            "the case of user \(user) is not valid: \(problem)"
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .unknownAlgorithm(_, let nearest, let known), .unknownHyperparameter(_, _, let nearest, let known):
            TrainingError.meant(nearest, known)
        case .badHyperparameter(let name, _, _, let expected):
            "set `\(name)` to \(expected), or leave it out to have the default"
        case .nothingToLearn(let interactions, _):
            interactions == 0
                ? "train on a moment at which ratings have arrived"
                : "lower `positive_from` to a rating that occurs in the data"
        case .starsMissing(_, let interactions):
            interactions == 0
                ? "train on a moment at which ratings have arrived"
                : "give ratings with a third column, or use `als`, which needs none"
        case .timestampsMissing:
            "give ratings with a timestamp column, or leave `half_life_days` out"
        case .nonFiniteFactor(let algorithm, _, _) where ["bpr", "recvae"].contains(algorithm):
            "lower `learning_rate`; the default is a safe start"
        case .nonFiniteFactor("ease", _, _): "raise `lambda`; 100 is a safe start for MovieLens"
        case .nonFiniteFactor, .singularSystem:
            "raise `regularization`; 0.01 is a safe start for MovieLens"
        case .cannotContinue: "leave `warm_start` out, or name a model of the same algorithm and size"
        case .tooManyItems: "use `als` or `item-knn`, or leave out the items that few have rated"
        case .unknownMetric(_, let nearest):
            TrainingError.meant(nearest, MetricName.examples)
        case .noCases:
            "hold out more users or more of their ratings, or evaluate once more ratings have arrived"
        case .audiencesUnknown:
            "leave novelty and intra_list_similarity out of the metrics"
        case .badCase:
            "give each user targets that are not in the history"
        }
    }

    /// What the setting that holds an algorithm back is called.
    private static func ridge(of algorithm: String) -> String {
        switch algorithm {
        case "ease": "lambda"
        case "recvae": "gamma"
        default: "regularization"
        }
    }

    private static func meant(_ nearest: String?, _ known: [String]) -> String {
        let list = "there are: " + known.joined(separator: ", ")
        return nearest.map { "did you mean `\($0)`? \(list)" } ?? list
    }
}
