package import Registry
package import Training

// What is told of errors that name places of this machine. The cores do not know of the network, so it is said here.

extension StackError: PrivateError {
    package var publicAnswer: PublicAnswer? {
        switch self {
        case .unwritableHome, .unreadable, .placeOfAnotherHome: .storageFailed
        default: nil
        }
    }
}

extension ArtifactError: PrivateError {
    package var publicAnswer: PublicAnswer? {
        switch self {
        case .missingFile(_, let file):
            PublicAnswer("the model's folder lacks `\(file)`.", remedy: recoverySuggestion ?? "train it again.")
        case .cannotRead, .cannotWrite: .storageFailed
        default: nil
        }
    }
}
