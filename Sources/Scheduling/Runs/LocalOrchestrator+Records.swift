/// What has become of runs.
extension LocalOrchestrator {
    /// - Throws: `SchedulingError.unknownRun`.
    package func run(id: String) async throws -> StoredRun {
        guard let stored = try await parts.store.run(id: id) else { throw SchedulingError.unknownRun(id: id) }
        return stored
    }

    package func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun] {
        try await parts.store.runs(of: pipelineID, limit: limit, before: before)
    }

    package func audit(of pipelineID: String?, limit: Int) async throws -> [AuditEntry] {
        try await parts.store.audit(of: pipelineID, limit: limit)
    }

    package func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]] {
        try await parts.store.tasks(of: runIDs)
    }

    /// - Throws: `SchedulingError.unknownRun`, `.unknownTask`, `.noLog`.
    package func logPath(runID: String, taskID: String, attempt: Int?) async throws -> String {
        let stored = try await run(id: runID)
        guard let task = stored.tasks.first(where: { $0.taskID == taskID }) else {
            let nearest = Spelling.nearest(to: taskID, among: stored.tasks.map(\.taskID))
            throw SchedulingError.unknownTask(id: taskID, runID: runID, nearest: nearest)
        }
        let number = attempt ?? task.attempt
        guard number >= 1, number <= task.attempt else { throw SchedulingError.noLog(runID: runID, taskID: taskID) }
        return logPath(runID, taskID, number)
    }
}
