import Foundation
import Registry
import Scheduling

/// An error as a person reads it: one line what, one line what to do.
package struct ErrorText: Sendable, Equatable {
    package let what: String
    package let remedy: String?

    package init(_ error: any Error) {
        if let error = error as? CocoaError {
            let place = error.filePath.map { "\($0): " } ?? ""
            (what, remedy) = (place + error.localizedDescription, "check that the place is there, and its permissions.")
        } else if let error = error as? any LocalizedError, let what = error.errorDescription {
            (self.what, remedy) = (what, error.recoverySuggestion)
        } else {
            (what, remedy) = ("\(error)", nil)
        }
    }

    /// What anybody may be told who asks over the network.
    static func told(_ error: any Error) -> ErrorText {
        (error as? any PrivateError)?.publicAnswer.map { ErrorText($0.message, $0.remedy) } ?? ErrorText(error)
    }

    private init(_ what: String, _ remedy: String?) { (self.what, self.remedy) = (what, remedy) }

    package var oneLine: String { ErrorSentence.joined(what, remedy) }
}
