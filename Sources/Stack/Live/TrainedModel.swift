import Foundation
import Registry
import Scheduling
import Storage
import Training

/// A model that a task has trained, made a logged model (MLflow's word) of its run.
///
/// Only what is registered becomes one. Models that lost an evaluation would each keep all interactions on the disk, every day,
/// for nobody to load; their settings and metrics are on the run.
struct TrainedModel: Sendable {
    /// Under which `runs:/<run>/model` finds it, as it found the folder of that name before there were logged models.
    static let name = "model"

    let workshop: Workshop
    /// The tracked run of the pipeline's run.
    let run: Run
    let context: TaskContext
    /// The folder that the trainer wrote; gone from there once it has been adopted.
    let folder: String

    /// The same in every attempt, and for every task of the run that registers this folder.
    var id: String {
        let work = context.workDirectory + "/"
        let candidate = folder.hasPrefix(work) ? String(folder.dropFirst(work.count)) : folder
        return "m-" + StableHash.hex("trained model \(context.run.id) \(candidate)", digits: 32)
    }

    /// Takes the files in, once they have been read and found whole; only then is the model ready. Done again it changes nothing.
    ///
    /// The record comes before the files, so that none ever lie there that nothing names.
    /// - Throws: `ArtifactError`, and what the stores throw.
    func log() async throws -> ModelArtifact {
        let home = try ArtifactPath("\(run.experimentID)/models/\(id)/artifacts")
        // An adopted folder has been moved: after a crash it is read where it is now.
        let isHere = FileManager.default.fileExists(atPath: folder)
        let place = isHere ? folder : try await workshop.artifacts.localFolder(of: home)
        let artifact = try await workshop.compute { _, _ in try ModelArtifact(reading: place) }
        let description = artifact.description
        // As the trainer understood them, and as the run names them: JSON knows no difference between 1 and 1.0.
        let trainer = try TrainerCatalogue.trainer(named: description.algorithm, description.parameters)
        let params = trainer.settings.values.map { Param(key: $0.key, value: $0.value.description) }
        let model = try await workshop.store.createLoggedModel(
            id: id, experimentID: run.experimentID, name: Self.name, modelType: "recommender", sourceRunID: run.id,
            params: (params + [Param(key: "algorithm", value: description.algorithm)]).sorted { $0.key < $1.key },
            tags: tags(artifact))
        if isHere { try await adopt(as: home, model) }
        if model.status != LoggedModel.ready {
            _ = try await workshop.store.finishLoggedModel(id: id, status: LoggedModel.ready)
        }
        try await workshop.store.addOutputs(modelIDs: [id], to: run.id)
        try await workshop.store.log(try evaluation(), to: run.id)
        return artifact
    }

    /// What the evaluation before it measured on it, and on which data: the run has the same points as its own.
    private func evaluation() throws -> RunBatch {
        let evaluated = context.upstreamOrder.first { context.upstream[$0]?["best_model"] == folder }
        let data = try TrackedData(dataset: workshop.dataset, context: context).evaluation(cases: 0)
        var batch = RunBatch()
        for (key, text) in (evaluated.flatMap { context.upstream[$0] } ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard (try? MetricName(parsing: key)) != nil, let value = Double(text) else { continue }
            let metric = Metric(
                key: key, value: value, timestampMilliseconds: context.run.createdAt.milliseconds, step: 0)
            batch.metrics.append(metric)
            batch.modelMetrics.append(
                ModelMetric(modelID: id, metric: metric, datasetName: data?.name, datasetDigest: data?.digest))
        }
        return batch
    }

    private func adopt(as home: ArtifactPath, _ model: LoggedModel) async throws {
        do {
            try await workshop.artifacts.adopt(folder: folder, as: home)
        } catch {
            if model.status != LoggedModel.ready {
                _ = try? await workshop.store.finishLoggedModel(id: id, status: LoggedModel.uploadFailed)
            }
            throw error
        }
    }

    /// Where it comes from. The matrix's recipe is in the files.
    private func tags(_ artifact: ModelArtifact) -> [String: String] {
        let lineage = artifact.description.lineage.filter { !$0.value.isEmpty && $0.key != "matrix_recipe" }
        return Dictionary(uniqueKeysWithValues: lineage.map { ("mlstack.\($0.key)", $0.value) }).merging([
            "mlstack.algorithm": artifact.description.algorithm, "mlstack.content_hash": artifact.contentHash,
            SQLiteStore.pipelineRunTag: context.run.id, ProductionGuard.tag: context.environment.rawValue,
        ]) { $1 }
    }
}
