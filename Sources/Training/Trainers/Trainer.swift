/// What is learned: one algorithm. One file and one line in `TrainerCatalogue` add another.
package protocol Trainer: Sendable {
    /// What `algorithm:` names, e.g. `als`.
    static var name: String { get }
    static var summary: String { get }
    /// Every hyper-parameter there is; a key that is not here is refused.
    static var hyperparameters: [HyperparameterSpec] { get }

    /// - Throws: `TrainingError.badHyperparameter` for what the specs cannot express.
    init(_ values: Hyperparameters) throws(TrainingError)

    /// What it was made with, defaults filled in.
    var settings: Hyperparameters { get }

    /// A function of (matrix, hyper-parameters, seed): the same bytes on any number of workers.
    ///
    /// Checks its own result for non-finite values. Blocks: call it from a thread that may.
    /// - Throws: `TrainingError`, or `CancellationError` between sweeps.
    func fit(_ matrix: InteractionMatrix, workers: any Workers, monitor: FitMonitor) throws -> any Recommender

    /// A model of this algorithm out of what `Recommender.artifactContent` once gave.
    /// - Throws: `ArtifactError` for tensors that are missing, of another shape, or not finite.
    static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender
}

package struct HyperparameterSpec: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case int(ClosedRange<Int>)
        case float(ClosedRange<Double>)
        case bool
        case choice([String])
    }
    package var name: String
    package var kind: Kind
    /// nil: off unless given.
    package var defaultValue: HyperparameterValue?
    package var help: String
    package init(_ name: String, _ kind: Kind, default defaultValue: HyperparameterValue?, help: String) {
        (self.name, self.kind, self.defaultValue, self.help) = (name, kind, defaultValue, help)
    }
}

package enum HyperparameterValue: Sendable, Equatable, CustomStringConvertible {
    case int(Int)
    case float(Double)
    case bool(Bool)
    case string(String)

    package var description: String {
        switch self {
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): value
        }
    }
}
