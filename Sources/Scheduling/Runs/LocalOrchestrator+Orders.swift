/// What people order about runs that exist or are to exist.
extension LocalOrchestrator {
    package func clear(_ request: ClearRequest) async throws -> [String] { throw SchedulingError.stopping }
    package func mark(runID: String, taskID: String?, as verdict: MarkVerdict, actor: String) async throws {
        throw SchedulingError.stopping
    }
    package func backfill(_ request: BackfillRequest) async throws -> BackfillOutcome {
        throw SchedulingError.stopping
    }
    package func signal(_ event: DatasetEvent) async throws -> [DAGRun] { throw SchedulingError.stopping }
    package func receiveHook(_ name: String, event: [String: String]) async throws -> [DAGRun] {
        throw SchedulingError.stopping
    }
}
