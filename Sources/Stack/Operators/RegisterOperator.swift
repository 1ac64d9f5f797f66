import Foundation
import Registry
import Scheduling
import Storage
import Training

/// `model/register`: puts the candidate's files into the artefact store and publishes them as the next version.
struct RegisterOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "model/register"
    let summary = "Registers the candidate as the next version of a model, with its lineage."
    let settings = [
        SettingSpec("name", .string, default: .string("movies"), help: "the registered model"),
        SettingSpec(
            "candidate", .string, isOptional: true, help: "the model's folder; default: `best_model`, else `model`"),
    ]

    func problems(in settings: Settings) -> [SettingProblem] {
        [SettingProblem.model("name", in: settings)].compactMap { $0 }
    }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let name = settings.string("name")
        let candidate =
            try settings.optionalString("candidate") ?? context.input("best_model") ?? context.required("model")
        let run = try await workshop.trackedRuns.ensure(context.run, context.environment)
        // An adopted candidate has been moved: after a crash it is read where it is now.
        let home = try ArtifactPath("\(run.experimentID)/\(run.id)/artifacts/model")
        try await workshop.artifacts.adopt(folder: candidate, as: home)
        let stored = try await workshop.artifacts.localFolder(of: home)
        let artifact = try await workshop.compute { _, _ in try ModelArtifact(reading: stored) }
        let version = try await workshop.registry.createVersion(
            ModelVersionRequest(
                name: name, source: "runs:/\(run.id)/model", runID: run.id,
                description: "\(artifact.description.algorithm) trained on everything up to \(context.day)",
                tags: [
                    "mlstack.algorithm": artifact.description.algorithm,
                    "mlstack.simulated_date": context.day.description,
                    "mlstack.content_hash": artifact.contentHash,
                    "mlstack.pipeline_run": context.run.id,
                    ProductionGuard.tag: context.environment.rawValue,
                ], createModel: true, key: "\(context.run.id)/\(context.taskID)"))
        context.log.info("\(name) version \(version.version), content \(artifact.contentHash.prefix(12))")
        return [
            "name": name, "version": "\(version.version)", "model_uri": "models:/\(name)/\(version.version)",
            "content_hash": artifact.contentHash,
        ]
    }
}
