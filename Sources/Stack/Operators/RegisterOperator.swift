import Foundation
import Registry
import Scheduling
import Storage
import Training

/// `model/register`: makes the candidate a logged model of the run and publishes it as the next version.
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
        let trained = TrainedModel(workshop: workshop, run: run, context: context, folder: candidate)
        let artifact = try await trained.log()
        let version = try await workshop.registry.createVersion(
            ModelVersionRequest(
                name: name, source: "models:/\(trained.id)", runID: run.id, modelID: trained.id,
                description: "\(artifact.description.algorithm) trained on everything up to \(context.day)",
                tags: [
                    "mlstack.algorithm": artifact.description.algorithm,
                    "mlstack.simulated_date": context.day.description,
                    "mlstack.content_hash": artifact.contentHash,
                    "mlstack.pipeline_run": context.run.id,
                    ProductionGuard.tag: context.environment.rawValue,
                ], createModel: true, key: "\(context.run.id)/\(context.taskID)"))
        try await workshop.store.tagRegistrations(ofLoggedModel: trained.id)
        context.log.info("\(name) version \(version.version), content \(artifact.contentHash.prefix(12))")
        return [
            "name": name, "version": "\(version.version)", "model_uri": "models:/\(name)/\(version.version)",
            "model_id": trained.id, "content_hash": artifact.contentHash,
        ]
    }
}
