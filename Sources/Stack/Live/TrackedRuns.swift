import Registry
import Scheduling
import Storage

/// Keeps a tracked run (MLflow's word) beside each run of a pipeline (Airflow's), under an id that follows from the other's.
struct TrackedRuns: Sendable {
    let store: SQLiteStore

    init(store: SQLiteStore) { self.store = store }

    /// By which MLflow shows runs within runs: here one that `pipeline/run` started.
    private static let parentTag = "mlflow.parentRunId"

    /// 32 hexadecimal digits, the same in every process.
    func id(of run: DAGRun) -> String { id(ofRun: run.id) }

    private func id(ofRun id: String) -> String { StableHash.hex("pipeline run \(id)", digits: 32) }

    /// Makes the tracked run if it is not there yet.
    /// - Parameter environment: of its pipeline; nil: not known, because nothing of the run was tracked.
    @discardableResult
    func ensure(_ run: DAGRun, _ environment: PipelineEnvironment?) async throws -> Run {
        let tracking: any TrackingStore = store
        let experiment = try await experimentID(of: run.pipelineID)
        var origin = environment.map { [ProductionGuard.tag: $0.rawValue] } ?? [:]
        origin[Self.parentTag] = run.parentRunID.map(id(ofRun:))
        var tracked = try await tracking.createRun(
            RunRequest(
                id: id(of: run), experimentID: experiment, name: run.id, userID: "mlstack",
                startTimeMilliseconds: (run.startedAt ?? run.createdAt).milliseconds,
                tags: [
                    SQLiteStore.pipelineRunTag: run.id, "mlstack.pipeline": run.pipelineID,
                    "mlstack.pipeline_version": run.pipelineVersion, "mlstack.code_version": Version.current,
                    "mlstack.data_interval":
                        "\(Day(containing: run.dataInterval.start))/\(Day(containing: run.dataInterval.end))",
                    "mlflow.source.name": "pipelines/\(run.pipelineID)", "mlflow.source.type": "PROJECT",
                ].merging(origin) { $1 }))
        // It may have been made before anybody knew.
        if let environment, tracked.tags[ProductionGuard.tag] != environment.rawValue {
            var batch = RunBatch()
            batch.tags = [ProductionGuard.tag: environment.rawValue]
            try await store.log(batch, to: tracked.id)
            tracked.tags[ProductionGuard.tag] = environment.rawValue
        }
        return tracked
    }

    func log(_ batch: RunBatch, for context: TaskContext) async throws {
        try await ensure(context.run, context.environment)
        try await store.log(batch, to: id(of: context.run))
    }

    /// Ends the tracked run of a run that has ended; again changes nothing.
    func end(_ run: DAGRun) async throws {
        let status: RunStatus =
            switch run.state {
            case .success: .finished
            case .cancelled: .killed
            case .failed, .queued, .running: .failed
            }
        let tracked = try await ensure(run, nil)
        if tracked.status == status { return }
        let tracking: any TrackingStore = store
        _ = try await tracking.updateRun(
            id: tracked.id, status: status, endTimeMilliseconds: run.endedAt?.milliseconds, name: nil)
    }

    /// Opens the tracked run of a run that goes on after it had ended: somebody has cleared what failed.
    func resume(_ run: DAGRun) async throws {
        let tracking: any TrackingStore = store
        do {
            guard try await tracking.run(id: id(of: run)).status.isTerminal else { return }
        } catch RegistryError.notFound {
            // Nothing of it has been tracked yet.
            return
        }
        _ = try await tracking.updateRun(id: id(of: run), status: .running, endTimeMilliseconds: nil, name: nil)
    }

    /// One experiment for each pipeline, named like it.
    private func experimentID(of pipelineID: String) async throws -> String {
        do {
            return try await store.experiment(named: pipelineID).id
        } catch RegistryError.notFound {
            do {
                return try await store.createExperiment(name: pipelineID, tags: [:])
            } catch RegistryError.alreadyExists {
                return try await store.experiment(named: pipelineID).id
            }
        }
    }
}
