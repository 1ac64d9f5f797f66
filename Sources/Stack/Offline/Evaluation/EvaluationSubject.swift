import Foundation
import Training

/// What is evaluated: a model's folder, or an algorithm that is trained on each fold first.
enum EvaluationSubject: Sendable {
    case model(ModelArtifact)
    case trainer(any Trainer, former: ModelArtifact?)

    /// - Parameter word: an algorithm's name, else a model's folder.
    /// - Throws: `TrainingError.unknownAlgorithm` for what is neither, `StackError`, `ArtifactError`.
    init(_ word: String, settings: [String]) throws {
        let isAlgorithm = TrainerCatalogue.all.contains { $0.name == word }
        if !isAlgorithm, FileManager.default.fileExists(atPath: word) {
            guard settings.isEmpty else {
                throw StackError.usage(
                    "the model in \(word) is trained already and takes no settings.",
                    remedy: "leave them out, or name an algorithm.")
            }
            self = .model(try ModelArtifact(reading: word))
        } else {
            try self.init(algorithm: word, settings: settings)
        }
    }

    init(algorithm: String, settings: [String]) throws {
        var given = try SettingText.parse(settings)
        let start = try SettingText.takeWarmStart(&given)
        self = .trainer(
            try TrainerCatalogue.trainer(named: algorithm, given),
            former: try start.map { try ModelArtifact(reading: $0) })
    }

    var algorithm: String {
        switch self {
        case .model(let artifact): artifact.description.algorithm
        case .trainer(let trainer, _): type(of: trainer).name
        }
    }

    var parameters: [String: HyperparameterValue] {
        switch self {
        case .model(let artifact): artifact.description.parameters
        case .trainer(let trainer, _): trainer.settings.values
        }
    }

    /// The rating from which a test interaction is a target.
    var positiveFrom: Double {
        guard case .float(let value) = parameters["positive_from"] else { return 4 }
        return value
    }

    func recommender(for fold: EvaluationFold, workers: any Workers, monitor: FitMonitor) throws -> any Recommender {
        switch self {
        case .model(let artifact): artifact.model
        case .trainer(let trainer, let former):
            try trainer.fit(fold.train, continuing: former?.model, workers: workers, monitor: monitor)
        }
    }
}

/// Settings as a command line gives them.
enum SettingText {
    /// - Throws: `StackError.usage` for what is not `key=value`, and for a key that is there twice.
    static func parse(_ settings: [String]) throws -> [String: HyperparameterValue] {
        var values: [String: HyperparameterValue] = [:]
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw StackError.usage("--set \(setting) is not key=value.", remedy: "write it as --set factors=64.")
            }
            let name = String(parts[0])
            let value = HyperparameterValue(parsing: String(parts[1]))
            if let former = values.updateValue(value, forKey: name) {
                throw StackError.usage(
                    "`\(name)` is set twice, to \(former) and to \(value).", remedy: "keep one of the two.")
            }
        }
        return values
    }

    /// - Returns: the folder of the model to start from; `warm_start` is no setting of a trainer.
    static func takeWarmStart(_ given: inout [String: HyperparameterValue]) throws -> String? {
        guard let value = given.removeValue(forKey: "warm_start") else { return nil }
        guard case .string(let folder) = value, !folder.isEmpty else {
            throw StackError.usage(
                "warm_start=\(value) is no folder.", remedy: "give the folder of a model: --set warm_start=DIR.")
        }
        return folder
    }
}
