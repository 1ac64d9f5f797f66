import Foundation
import Registry
import Scheduling

/// `pipeline/run`: starts another pipeline and, unless told otherwise, goes on without waiting for it.
struct PipelineRunOperator: Operator {
    /// The orchestrator runs operators and this operator asks the orchestrator: filled in once both exist.
    let place: Later<any Orchestrator>

    let name = "pipeline/run"
    let summary = "Starts another pipeline; a simulated day ends only when that run has ended too."
    let settings = [
        SettingSpec("pipeline", .string, help: "the id of the pipeline to start"),
        SettingSpec("wait", .bool, default: .bool(false), help: "whether to wait for its end, and fail when it fails"),
    ]

    func problems(in settings: Settings) -> [SettingProblem] {
        guard let id = settings.optionalString("pipeline"), !PipelineNames.isPipelineID(id) else { return [] }
        return [
            SettingProblem(
                "pipeline", "\"\(id)\" cannot be the id of a pipeline", remedy: "use a-z 0-9 _ -, at most 64.",
                nearest: PipelineNames.pipelineID(from: id))
        ]
    }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let pipeline = settings.string("pipeline")
        let orchestrator = place.value
        if context.environment == .research,
            try await orchestrator.pipeline(id: pipeline).summary.environment == .production
        {
            throw RegistryError.forbidden("a research run cannot start the production pipeline \(pipeline).")
        }
        let run = try await orchestrator.start(
            RunStart(pipelineID: pipeline, parent: context.run, id: "\(context.run.id)-\(context.taskID)-\(pipeline)"))
        context.log.info("started \(run.id)")
        guard settings.bool("wait") else { return ["run": run.id] }
        let ended = try await orchestrator.waitUntilEnded(runID: run.id)
        guard ended.state == .success else {
            throw StackError.usage(
                "\(run.id) ended as \(ended.state.rawValue): \(ended.message ?? "no reason given").",
                remedy: "see `mlstack pipeline logs \(run.id)`.")
        }
        return ["run": run.id, "state": ended.state.rawValue]
    }
}
