/// What a task has to know of its run. It outlasts changes of the run without a copy of all tasks, of which there may be thousands.
struct TaskFacts: Sendable {
    let run: DAGRun
    let pipeline: Pipeline
    let zone: ZoneRules
    /// Every task that it needs, directly or not, the nearest first.
    let upstreamOrder: [String]
    /// Of those of them that succeeded.
    let outputs: [String: TaskOutputs]
    /// What `foreach` gave it.
    let item: String?
}

extension ActiveRun {
    func facts(of spec: TaskSpec, _ taskID: String) -> TaskFacts {
        let order = machine.plan.upstreamOrder(of: spec.id)
        let ended = order.compactMap { machine.task($0) }.filter { $0.state == .success }
        let outputs = Dictionary(ended.map { ($0.taskID, $0.outputs) }) { first, _ in first }
        return TaskFacts(
            run: run, pipeline: pipeline, zone: zone, upstreamOrder: order, outputs: outputs,
            item: machine.task(taskID)?.item)
    }
}
