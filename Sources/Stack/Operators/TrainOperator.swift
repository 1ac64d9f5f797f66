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
            SettingSpec("algorithm", .choice(TrainerCatalogue.all.map { $0.name }), help: "what to learn")
        ]
        for trainer in TrainerCatalogue.all {
            for hyperparameter in trainer.hyperparameters
            where !specs.contains(where: { $0.name == hyperparameter.name }) {
                specs.append(SettingSpec(hyperparameter))
            }
        }
        return specs
    }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let algorithm = settings.string("algorithm")
        let given = settings.values.filter { $0.key != "algorithm" }.compactMapValues(HyperparameterValue.init)
        let trainer = try TrainerCatalogue.trainer(named: algorithm, given)
        let matrixPath = try context.required("matrix")
        let model = "\(try context.taskFolder())/model"
        let lineage = [
            "dataset": workshop.dataset, "dataset_hash": workshop.arrivals.log.contentHash,
            "matrix_hash": context.input("matrix_hash") ?? "", "code_version": Version.current,
            "simulated_date": context.day.description,
        ]
        let sweeps = Mutex<[SweepReport]>([])
        let began = ContinuousClock.now
        let hash = try await workshop.compute { workers, isCancelled in
            let matrix = try InteractionMatrix(reading: matrixPath)
            let monitor = FitMonitor(isCancelled: isCancelled) { sweep in
                sweeps.withLock { $0.append(sweep) }
                context.log.info(sweep.line)
            }
            let recommender = try trainer.fit(matrix, workers: workers, monitor: monitor)
            return try ModelArtifact.write(recommender, facts: ModelFacts(lineage: lineage), to: model)
        }
        let seconds = (ContinuousClock.now - began).seconds
        context.log.info("\(algorithm) trained in \(Decimals.text(seconds, 3)) s, content \(hash.prefix(12))")
        try await track(trainer, algorithm, sweeps.withLock { $0 }, seconds, context)
        return ["model": model, "algorithm": algorithm, "model_hash": hash, "seconds": Decimals.text(seconds, 3)]
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
            RunBatch(params: params.sorted { $0.key < $1.key }, metrics: metrics), for: context.run)
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
