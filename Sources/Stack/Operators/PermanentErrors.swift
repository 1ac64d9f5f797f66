import Registry
import Scheduling
import Training

// Which failures of built-in tasks another attempt would only repeat. The cores do not know of tasks, so it is said here.

/// A fit and an evaluation are functions of the matrix, the settings and the seed, which another attempt does not change.
extension TrainingError: PermanentError {
    package var isPermanent: Bool { true }
}

extension RegistryError: PermanentError {
    package var isPermanent: Bool {
        switch self {
        case .invalid, .notFound, .forbidden, .tooHeavy: true
        // A name that two runs wanted at once may be free, and a store in order, a moment later.
        case .alreadyExists, .storage, .unavailable, .full: false
        }
    }
}

extension StackError: PermanentError {
    package var isPermanent: Bool {
        switch self {
        case .usage, .unknownDataset, .missingInput, .noVersion, .notANativeModel, .unknownUser, .badDate, .badHistory,
            .badDayLength, .startOutsideData, .homeHoldsOtherDataset, .tokenRequired, .replayStopped,
            .daysFailed, .brokenPipelines, .placeOfAnotherHome:
            true
        case .unwritableHome, .serverNotFound, .serverRefused, .serverAnswered, .unreadable: false
        }
    }
}
