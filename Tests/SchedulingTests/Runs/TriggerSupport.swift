import TestKit

@testable import Scheduling

extension SchedulingWorld {
    /// A pipeline of one step `test/step` (or another file), changed as a test wants it.
    func pipeline(
        named id: String, _ triggers: [Trigger] = [], source: String? = nil,
        _ change: (inout Pipeline) -> Void = { _ in }
    ) throws -> Pipeline {
        var pipeline = try pipeline(source ?? "pipeline: \(id)\ntasks: {a: {uses: test/step}}")
        pipeline.triggers = triggers
        change(&pipeline)
        return pipeline
    }

    /// In the order of their making.
    func runs(of pipelineID: String) async throws -> [DAGRun] {
        try await orchestrator.runs(of: pipelineID, limit: 999, before: nil).reversed()
    }
}

extension Trigger {
    static func dataset(
        _ names: String..., mode: DatasetCondition.Mode = .all, rows: Int = 0, debounce: Duration = .zero
    )
        -> Trigger
    {
        Trigger(kind: .dataset(DatasetCondition(names: names, mode: mode, minNewRows: rows, debounce: debounce)))
    }

    static func after(_ pipelineID: String, _ states: [DAGRunState] = [.success]) -> Trigger {
        Trigger(kind: .after(PipelineCondition(pipelineID: pipelineID, states: states)))
    }
}
