import Foundation

/// Why settings cannot be searched, as facts.
package enum SearchError: Error, Sendable, Equatable {
    case nothingToTry(known: [String])
    case notAssignment(String)
    case empty(String)
    case unreadable(String, text: String)
    /// A range of something that has no order.
    case noRange(String, expected: String)
    case reversed(String, lower: String, upper: String)
    case logarithmOfNothing(String, lower: String)
    case namedTwice(String, value: String)
    case triedTwice(String)
    case fixedAndTried(String)
    /// A range has no end of values, and nobody said how many to draw.
    case needsTrials(String, text: String)
    case badTrialCount(Int, most: Int)
}

extension SearchError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .nothingToTry: "there is nothing to try"
        case .notAssignment(let text): "--try \(text) is not name=values"
        case .empty(let name): "--try \(name)= names no value"
        case .unreadable(let name, let text): "--try \(name)=\(text) is neither a list nor a range"
        case .noRange(let name, let expected): "`\(name)` has no range from one value to another: it is \(expected)"
        case .reversed(let name, let lower, let upper):
            "the range of `\(name)` is empty: its lower bound \(lower) is above its upper bound \(upper)"
        case .logarithmOfNothing(let name, let lower):
            "the range of `\(name)` cannot be logarithmic: it begins at \(lower)"
        case .namedTwice(let name, let value): "--try \(name) names \(value) twice"
        case .triedTwice(let name): "`\(name)` has two --try"
        case .fixedAndTried(let name): "`\(name)` is both set and tried"
        case .needsTrials(let name, let text): "`\(name)` is tried with the range \(text), which has no end of values"
        case .badTrialCount(.max, let most): "the lists have more combinations than can be tried (\(most))"
        case .badTrialCount(let count, let most):
            count > most ? "\(count) trials are more than can be run (\(most))" : "\(count) is no number of trials"
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .nothingToTry(let known):
            "name a setting, such as --try \(known.first ?? "seed")=…; there are: \(known.joined(separator: ", "))"
        case .notAssignment: "write a list, --try factors=32,64,128, or a range, --try regularization=0.001..0.1:log"
        case .empty(let name), .unreadable(let name, _):
            "write a list, --try \(name)=1,2,3, or a range, --try \(name)=1..3 or --try \(name)=1..3:log"
        case .noRange(let name, _): "list the values: --try \(name)=one,another"
        case .reversed(let name, let lower, let upper): "write --try \(name)=\(upper)..\(lower)"
        case .logarithmOfNothing: "begin above 0, or leave `:log` out"
        case .namedTwice: "name each value once"
        case .triedTwice(let name): "put all values of `\(name)` into one"
        case .fixedAndTried(let name): "leave `\(name)` out of --set, or out of --try"
        case .needsTrials: "say how many to draw with --trials 20, or give a list of values"
        case .badTrialCount(_, let most): "say --trials with a number from 1 to \(most)"
        }
    }
}
