import Registry
import Scheduling
import Training

/// The run that all trials of a sweep are part of.
struct TrackedSweep: Codable, Equatable, Sendable {
    var run: String
    var place: String
}

/// Tracks a sweep: one run for it, and inside it one for each trial, made when the trial has ended.
struct SweepTracking: Sendable {
    let recorder: any RunRecorder
    let plan: SweepPlan
    let data: String
    private let clock = WallClock()

    private var experiment: String { "sweep-\(plan.space.algorithm)" }
    private let source = [
        "mlflow.source.name": "mlstack sweep", "mlflow.source.type": "LOCAL", "mlstack.code_version": Version.current,
    ]

    init(recorder: any RunRecorder, plan: SweepPlan, data: String) {
        (self.recorder, self.plan, self.data) = (recorder, plan, data)
    }

    /// - Parameter former: what an interrupted sweep began; gone on with where it still is.
    func begin(_ former: TrackedSweep?) async throws -> TrackedSweep {
        var tags = source.merging(["mlstack.data_hash": data]) { first, _ in first }
        tags["mlstack.sweep.search"] = plan.isGrid ? "grid" : "random, seed \(plan.seed)"
        tags["mlstack.sweep.trials"] = "\(plan.trials.count)"
        tags["mlstack.sweep.metric"] = plan.metric.key
        for axis in plan.space.axes { tags["mlstack.sweep.try.\(axis.name)"] = axis.text }
        if let former, former.place == recorder.place, try await recorder.isActive(runID: former.run) {
            try await recorder.setStatus(.running, endTimeMilliseconds: nil, of: former.run)
            try await recorder.log(RunBatch(tags: tags), to: former.run)
            return former
        }
        let names = plan.space.axes.map(\.name).joined(separator: ", ")
        let run = try await recorder.createRun(
            RunRequest(
                experimentID: try await recorder.experimentID(named: experiment), name: "sweep over \(names)",
                userID: "mlstack", startTimeMilliseconds: clock.now.milliseconds, tags: tags))
        let fixed = plan.space.fixed.map { Param(key: $0.key, value: $0.value.description) }
        try await recorder.log(
            RunBatch(
                params: ([Param(key: "algorithm", value: plan.space.algorithm)] + fixed).sorted { $0.key < $1.key }),
            to: run)
        return TrackedSweep(run: run, place: recorder.place)
    }

    /// - Returns: the trial's run.
    func record(_ trial: SweepPlan.Trial, _ result: SweepResult, in sweep: TrackedSweep) async throws -> String {
        let now = clock.now.milliseconds
        var tags = source.merging(["mlstack.data_hash": data]) { first, _ in first }
        tags["mlflow.parentRunId"] = sweep.run
        tags["mlstack.sweep.trial"] = "\(trial.number)"
        tags["mlstack.failure"] = result.failure
        let run = try await recorder.createRun(
            RunRequest(
                experimentID: try await recorder.experimentID(named: experiment), name: "trial \(trial.number)",
                userID: "mlstack", startTimeMilliseconds: result.startedMilliseconds, tags: tags))
        var values = result.metrics
        for (key, error) in result.standardErrors { values["\(key)_standard_error"] = error }
        (values["train_seconds"], values["evaluate_seconds"]) = (result.trainSeconds, result.evaluateSeconds)
        if let interval = result.interval {
            values["\(plan.metric.key)_lower"] = interval[0]
            values["\(plan.metric.key)_upper"] = interval[1]
        }
        let params =
            [Param(key: "algorithm", value: plan.space.algorithm)]
            + trial.trainer.settings.values.map { Param(key: $0.key, value: $0.value.description) }
        try await recorder.log(
            RunBatch(
                params: params.sorted { $0.key < $1.key },
                metrics: values.sorted { $0.key < $1.key }.map {
                    Metric(key: $0.key, value: $0.value, timestampMilliseconds: now, step: 0)
                }), to: run)
        try await recorder.setStatus(
            result.failure == nil ? .finished : .failed, endTimeMilliseconds: now, of: run)
        return run
    }

    /// The sweep's own run gets the best trial's metrics.
    func end(_ sweep: TrackedSweep, _ status: RunStatus, best: SweepResult?) async throws {
        let now = clock.now.milliseconds
        var batch = RunBatch()
        if let best {
            batch.metrics = best.metrics.sorted { $0.key < $1.key }.map {
                Metric(key: $0.key, value: $0.value, timestampMilliseconds: now, step: 0)
            }
            batch.tags["mlstack.sweep.best_run"] = best.run
        }
        try await recorder.log(batch, to: sweep.run)
        try await recorder.setStatus(status, endTimeMilliseconds: now, of: sweep.run)
    }
}
