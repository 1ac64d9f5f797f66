/// An error whose own words may name places of the server's machine or network: files, its database, a bucket. They are
/// for the server's log; whoever asked over the network is told something else.
package protocol PrivateError: Error {
    /// nil: this one's own words are for anybody.
    var publicAnswer: PublicAnswer? { get }
}

/// What is told in place of a private error: a fact and a remedy, and no place.
package struct PublicAnswer: Sendable, Equatable {
    package var message: String
    package var remedy: String
    /// Whether the same question may be answered a little later.
    package var isPassing: Bool

    package init(_ message: String, remedy: String, isPassing: Bool = false) {
        (self.message, self.remedy, self.isPassing) = (message, remedy, isPassing)
    }

    package static let storageFailed = PublicAnswer(
        "the server could not read or write its storage.",
        remedy: "look at the server's log, and run `mlstack doctor` where it runs.")
    package static let storageAway = PublicAnswer(
        "the server's storage does not answer now.",
        remedy: "try again later; the server's log says what does not answer.", isPassing: true)
    package static let diskFull = PublicAnswer(
        "the server's disk is full; nothing was kept.", remedy: "free some space on it and ask again.")
}

extension RegistryError: PrivateError {
    package var publicAnswer: PublicAnswer? {
        switch self {
        case .invalid, .alreadyExists, .notFound, .forbidden, .tooHeavy: nil
        case .storage: .storageFailed
        case .unavailable: .storageAway
        case .full: .diskFull
        }
    }
}
