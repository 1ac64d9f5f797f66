/// Every algorithm there is. A new one is a file beside this one and a line in `all`; the conformance suite finds it
/// here.
package enum TrainerCatalogue {
    package static let all: [any Trainer.Type] = [
        ALSTrainer.self,
        ALSExplicitTrainer.self,
        BPRTrainer.self,
        EASETrainer.self,
        ItemKNNTrainer.self,
        PopularityTrainer.self,
        RecVAETrainer.self,
    ]

    /// - Throws: `TrainingError.unknownAlgorithm` with the nearest name.
    package static func type(named name: String) throws(TrainingError) -> any Trainer.Type {
        if let trainer = all.first(where: { $0.name == name }) { return trainer }
        let known = all.map { $0.name }
        throw .unknownAlgorithm(name, nearest: Spelling.nearest(to: name, among: known), known: known)
    }

    /// A trainer that is ready to fit.
    /// - Throws: `TrainingError` for an unknown algorithm or setting, or a value that is refused.
    package static func trainer(
        named name: String, _ given: [String: HyperparameterValue] = [:]
    ) throws(TrainingError) -> any Trainer {
        let type = try type(named: name)
        return try type.init(Hyperparameters(given, for: type, besides: ["warm_start"]))
    }

    /// Everything for which `trainer(named:_:)` would refuse these settings, as far as they are known; it never fits.
    /// - Parameter given: nil for a value that is not known yet.
    package static func problems(named name: String, _ given: [String: HyperparameterValue?]) -> [TrainingError] {
        do {
            let problems = Hyperparameters.problems(given, for: try type(named: name), besides: ["warm_start"])
            // What the specs cannot express may depend on any setting.
            guard problems.isEmpty, !given.values.contains(nil) else { return problems }
            _ = try trainer(named: name, given.compactMapValues { $0 })
            return []
        } catch {
            return [error]
        }
    }
}
