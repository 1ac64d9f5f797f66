import Foundation
import Registry
import Scheduling
import Synchronization
import Training

/// `model/train`: fits one algorithm to the matrix and saves the model as an artefact.
///
/// Its settings are `algorithm` and the hyper-parameters of every algorithm in the catalogue; which of them belong to the chosen
/// one is checked by the trainer itself, which names the nearest when one does not.
struct TrainOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "model/train"
    let summary = "Trains a recommender on the matrix; the same matrix, settings and seed give the same bytes."
    let settings: [SettingSpec] = TrainOperator.specs()

    private static func specs() -> [SettingSpec] {
        var specs = [
            SettingSpec("algorithm", .choice(TrainerCatalogue.all.map { $0.name }), help: "what to learn"),
            SettingSpec(
                "warm_start", .string, isOptional: true,
                help:
                    "an alias or a version of `model` to start from, such as production; from nothing while there is none"
            ),
            SettingSpec("model", .string, default: .string("movies"), help: "the registered model of `warm_start`"),
        ]
        let all = TrainerCatalogue.all.flatMap { $0.hyperparameters }
        for hyperparameter in all where !specs.contains(where: { $0.name == hyperparameter.name }) {
            // What one algorithm refuses may be right for another; each checks its own range.
            let kind = all.filter { $0.name == hyperparameter.name }.map(\.kind).reduce(hyperparameter.kind) {
                $0.widened(by: $1)
            }
            specs.append(
                SettingSpec(HyperparameterSpec(hyperparameter.name, kind, default: nil, help: hyperparameter.help)))
        }
        return specs
    }

    func problems(in settings: Settings) -> [SettingProblem] {
        let names = [SettingProblem.aliasOrVersion("warm_start", in: settings), .model("model", in: settings)]
            .compactMap { $0 }
        guard let algorithm = settings.optionalString("algorithm") else { return names }
        return names
            + TrainerCatalogue.problems(named: algorithm, hyperparameters(settings)).map {
                SettingProblem(hyperparameter: $0, otherwise: "algorithm")
            }
    }

    /// nil for what is given and not known yet.
    private func hyperparameters(_ settings: Settings) -> [String: HyperparameterValue?] {
        var given = settings.values.mapValues(HyperparameterValue.init)
        for name in settings.pending.keys { given.updateValue(nil, forKey: name) }
        return given.filter { !["algorithm", "warm_start", "model"].contains($0.key) }
    }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let algorithm = settings.string("algorithm")
        let trainer = try TrainerCatalogue.trainer(
            named: algorithm, hyperparameters(settings).compactMapValues { $0 })
        let matrixPath = try context.required("matrix")
        let model = "\(try context.taskFolder())/model"
        let former = try await former(settings, trainer, context)
        var lineage = [
            "dataset": workshop.dataset, "dataset_hash": workshop.arrivals.log.contentHash,
            "matrix_hash": context.input("matrix_hash") ?? "",
            "matrix_recipe": context.input("matrix_recipe") ?? "", "code_version": Version.current,
            "simulated_date": context.day.description,
        ]
        if let former { lineage["warm_start"] = former.hash }
        let sweeps = Mutex<[SweepReport]>([])
        let began = ContinuousClock.now
        let hash = try await workshop.compute { [lineage] workers, isCancelled in
            let matrix = try InteractionMatrix(reading: matrixPath)
            let monitor = FitMonitor(isCancelled: isCancelled) { sweep in
                sweeps.withLock { $0.append(sweep) }
                context.log.info(sweep.line)
            }
            let recommender = try trainer.fit(
                matrix, continuing: former?.model, workers: workers, monitor: monitor)
            return try ModelArtifact.write(recommender, facts: ModelFacts(lineage: lineage), to: model)
        }
        let seconds = (ContinuousClock.now - began).seconds
        context.log.info("\(algorithm) trained in \(Decimals.text(seconds, 3)) s, content \(hash.prefix(12))")
        try await track(trainer, algorithm, sweeps.withLock { $0 }, seconds, context)
        return ["model": model, "algorithm": algorithm, "model_hash": hash, "seconds": Decimals.text(seconds, 3)]
    }

    /// The model to start from, and its content hash. A version that this trainer cannot continue, such as one of another
    /// algorithm, is passed over: the log says why.
    private func former(
        _ settings: Settings, _ trainer: any Trainer, _ context: TaskContext
    ) async throws -> (model: any Recommender, hash: String)? {
        guard let wanted = settings.optionalString("warm_start") else { return nil }
        let name = settings.string("model")
        let version: ModelVersion?
        if let number = Int(wanted) {
            version = try await workshop.registry.version(number, of: name)
        } else {
            version = try await workshop.version(alias: wanted, of: name)
        }
        guard let version else {
            try await reportMissing(wanted, of: name, context)
            return nil
        }
        let folder = try await workshop.folder(of: version)
        let stored: StoredModel
        do {
            stored = try await workshop.compute { _, _ in try StoredModel(reading: folder) }
        } catch let error as ArtifactError {
            // A damaged model must not keep better ones from being trained.
            context.log.warning(
                "version \(version.version) cannot be read: \(ErrorText(error).oneLine); starting from nothing")
            return nil
        }
        if let reason = trainer.obstacle(toContinuing: stored.recommender) {
            context.log.info("version \(version.version) cannot be continued: \(reason); starting from nothing")
            return nil
        }
        context.log.info("starting from version \(version.version)")
        return (stored.recommender, stored.contentHash)
    }

    /// While a model is new, no version has the alias yet. Later it may have been taken away, which the log says.
    /// - Throws: `SettingProblem` for a slip of the pen, which would be a start from nothing on every day.
    private func reportMissing(_ alias: String, of name: String, _ context: TaskContext) async throws {
        let aliases = try await workshop.aliases(of: name)
        if let nearest = AliasSpelling.meant(by: alias, among: aliases) {
            throw SettingProblem("warm_start", "\(name) has no alias `\(alias)`", nearest: nearest)
        }
        let others = aliases.isEmpty ? "" : " (it has \(aliases.joined(separator: ", ")))"
        context.log.write(
            aliases.isEmpty ? .info : .warning,
            "\(name) has no version \(alias) yet\(others): starting from nothing")
    }

    private func track(
        _ trainer: any Trainer, _ algorithm: String, _ sweeps: [SweepReport], _ seconds: Double, _ context: TaskContext
    ) async throws {
        let now = context.run.createdAt.milliseconds
        var params = trainer.settings.values.map { Param(key: "\(algorithm)/\($0.key)", value: $0.value.description) }
        params.append(Param(key: "\(context.taskID)/algorithm", value: algorithm))
        var metrics = sweeps.compactMap { sweep in
            sweep.loss.map {
                Metric(key: "\(algorithm)/loss", value: $0, timestampMilliseconds: now, step: Int64(sweep.sweep))
            }
        }
        metrics.append(Metric(key: "\(algorithm)/seconds", value: seconds, timestampMilliseconds: now, step: 0))
        try await workshop.trackedRuns.log(
            RunBatch(params: params.sorted { $0.key < $1.key }, metrics: metrics), for: context)
    }
}

extension SweepReport {
    var line: String {
        let progress = "sweep \(sweep) of \(sweeps)"
        return loss.map { "\(progress), loss \(Decimals.text($0, 6))" } ?? progress
    }
}

extension SettingSpec {
    /// A hyper-parameter as a setting: without a default here, since the trainer fills in its own.
    init(_ hyperparameter: HyperparameterSpec) {
        let kind: Kind =
            switch hyperparameter.kind {
            case .int(let range): .int(range)
            case .float(let range): .float(range)
            case .bool: .bool
            case .choice(let names): .choice(names)
            }
        self.init(hyperparameter.name, kind, isOptional: true, help: hyperparameter.help)
    }
}

extension HyperparameterSpec.Kind {
    /// What either takes; kinds that have nothing in common stay as they are.
    fileprivate func widened(by other: Self) -> Self {
        switch (self, other) {
        case (.int(let a), .int(let b)): .int(min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound))
        case (.float(let a), .float(let b)): .float(min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound))
        default: self
        }
    }
}

extension HyperparameterValue {
    /// nil for a list, which no hyper-parameter is.
    init?(_ value: SettingValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .float(let number): self = .float(number)
        case .bool(let flag): self = .bool(flag)
        case .list: return nil
        }
    }
}
