import Foundation

/// Why a model's folder could not be written, or is not taken for a model.
package enum ArtifactError: Error, Sendable, Equatable {
    case missingFile(folder: String, file: String)
    case wrongChecksum(file: String)
    case wrongSize(file: String, bytes: Int, expected: Int)
    case tooLarge(file: String, bytes: Int, limit: Int)
    case unknownFormat(version: Int, known: Int)
    case corrupt(file: String, problem: String)
    case missingTensor(String)
    case wrongShape(tensor: String, found: String, expected: String)
    case nonFinite(tensor: String)
    /// The algorithm or its settings are not known to this program.
    case training(TrainingError)
    case cannotRead(path: String, problem: String)
    case cannotWrite(path: String, problem: String)
}

extension ArtifactError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .missingFile(let folder, let file): "\(folder) is no complete model: `\(file)` is missing"
        case .wrongChecksum(let file): "`\(file)` is not what was written: its SHA-256 differs from checksums.json"
        case .wrongSize(let file, let bytes, let expected):
            "`\(file)` has \(bytes) bytes where \(expected) were written"
        case .tooLarge(let file, let bytes, let limit): "`\(file)` has \(bytes) bytes; more than \(limit) are not read"
        case .unknownFormat(let version, let known):
            "the model is in format \(version); this program knows format \(known)"
        case .corrupt(let file, let problem): "`\(file)` cannot be understood: \(problem)"
        case .missingTensor(let name): "the model has no tensor `\(name)`"
        case .wrongShape(let tensor, let found, let expected): "the tensor `\(tensor)` is \(found), not \(expected)"
        case .nonFinite(let tensor): "the tensor `\(tensor)` holds a value that is not a finite number"
        case .training(let error): error.errorDescription
        case .cannotRead(let path, let problem): "cannot read \(path): \(problem)"
        case .cannotWrite(let path, let problem): "cannot write \(path): \(problem)"
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .missingFile: "give the folder that `mlstack train --output` or the registry wrote, whole"
        case .wrongChecksum, .wrongSize: "copy the model again from where it was written, or train it again"
        case .tooLarge: "train with fewer factors, or on less data"
        case .unknownFormat(let version, let known):
            version > known ? "open it with a newer mlstack" : "train it again with this mlstack"
        case .corrupt, .missingTensor, .wrongShape, .nonFinite: "train the model again; this copy is of no use"
        case .training(let error): error.recoverySuggestion
        case .cannotRead: "check that the path exists and that you may read it"
        case .cannotWrite: "check that the folder exists, that you may write to it, and that the disk is not full"
        }
    }
}
