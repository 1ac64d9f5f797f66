/// What is learned: one algorithm. One file and one line in `TrainerCatalogue` add another.
package protocol Trainer: Sendable {
    /// What `algorithm:` names, e.g. `als`.
    static var name: String { get }
    /// One sentence without a full stop, for lists of algorithms.
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
    /// - Parameter former: an earlier model to start from (`warm_start`): rows of users and items that it knows are kept,
    ///   new ones added. Algorithms with a closed form have no use for it and learn the same without.
    /// - Throws: `TrainingError`, or `CancellationError` between sweeps.
    func fit(
        _ matrix: InteractionMatrix, continuing former: (any Recommender)?, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender

    /// Why a fit cannot start from that model, as the end of a sentence; nil: it can. Asked before `fit`, which throws
    /// `TrainingError.cannotContinue` with the same words.
    func obstacle(toContinuing former: any Recommender) -> String?

    /// A model of this algorithm out of what `Recommender.artifactContent` once gave.
    /// - Throws: `ArtifactError` for tensors that are missing, of another shape, or not finite.
    static func restore(_ content: ArtifactContent) throws(ArtifactError) -> any Recommender
}

extension Trainer {
    /// From nothing.
    package func fit(
        _ matrix: InteractionMatrix, workers: any Workers, monitor: FitMonitor
    ) throws -> any Recommender {
        try fit(matrix, continuing: nil, workers: workers, monitor: monitor)
    }

    /// Of the same algorithm is enough where there is nothing else that could differ.
    package func obstacle(toContinuing former: any Recommender) -> String? {
        former.algorithm == Self.name ? nil : "it is a model of `\(former.algorithm)`, not of `\(Self.name)`"
    }

    /// For trainers of vectors, which go on only with as many factors.
    func obstacle<Model>(
        toContinuing former: any Recommender, as type: Model.Type, factors: (Model) -> Int
    ) -> String? {
        guard let model = former as? Model else {
            return "it is a model of `\(former.algorithm)`, not of `\(Self.name)`"
        }
        let (theirs, ours) = (factors(model), settings.int("factors"))
        return theirs == ours ? nil : "it has \(theirs) factors, not \(ours)"
    }

    /// - Returns: the model to start from as what this trainer makes.
    /// - Throws: `TrainingError.cannotContinue`.
    func starting<Model>(from former: (any Recommender)?, as type: Model.Type) throws(TrainingError) -> Model? {
        guard let former else { return nil }
        if let reason = obstacle(toContinuing: former) { throw .cannotContinue(algorithm: Self.name, reason: reason) }
        return former as? Model
    }
}

/// What most fits begin with.
extension Trainer {
    /// By `positive_from`, and by `half_life_days` where the trainer has one and it was given.
    /// - Throws: as `PositiveInteractions`.
    func positives(of matrix: InteractionMatrix) throws(TrainingError) -> PositiveInteractions {
        try PositiveInteractions(
            of: matrix, positiveFrom: settings.float("positive_from"),
            halfLifeDays: settings.optionalFloat("half_life_days"), algorithm: Self.name)
    }

    /// `iterations`, or what is left of them when there is a model to start from.
    func sweeps(isWarm: Bool) -> Int {
        let cold = settings.int("iterations")
        return isWarm ? settings.optionalInt("warm_iterations") ?? WarmStart.sweeps(insteadOf: cold) : cold
    }
}

/// A setting that a trainer has: its name, what it may be, and what it is unless given.
package struct HyperparameterSpec: Sendable, Equatable {
    /// The values that are accepted.
    package enum Kind: Sendable, Equatable {
        case int(ClosedRange<Int>)
        case float(ClosedRange<Double>)
        case bool
        case choice([String])
    }
    /// As it stands in a pipeline file and behind `--set`.
    package var name: String
    package var kind: Kind
    /// nil: off unless given.
    package var defaultValue: HyperparameterValue?
    /// What it does, in half a sentence.
    package var help: String

    package init(_ name: String, _ kind: Kind, default defaultValue: HyperparameterValue?, help: String) {
        (self.name, self.kind, self.defaultValue, self.help) = (name, kind, defaultValue, help)
    }
}

/// What a setting is set to.
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

/// How much of a fit is left when there is a model to start from.
enum WarmStart {
    /// Three for each twenty, at least one: what a fit does before and after its sweeps is the same from nothing and from a
    /// model, so that a fifth of the sweeps would be more than a fifth of the time. `Tests/Benchmarks/warm` measures that these
    /// reach the quality of a fit from nothing.
    static func sweeps(insteadOf cold: Int) -> Int { max(1, cold * 3 / 20) }

    /// The setting that says otherwise.
    static func iterations(atMost most: Int) -> HyperparameterSpec {
        HyperparameterSpec(
            "warm_iterations", .int(1...most), default: nil,
            help: "sweeps when there is a model to start from; unless given three for each twenty of iterations")
    }
}
