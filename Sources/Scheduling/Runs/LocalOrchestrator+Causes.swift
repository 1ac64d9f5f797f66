/// Placeholders until the firing side is merged.
extension LocalOrchestrator {
    func datasetChanged(names: [String]) async {}
    func runEnded(_ run: DAGRun) async {}
    package func backfill(_ request: BackfillRequest) async throws -> BackfillOutcome { throw SchedulingError.stopping }
    package func signal(_ event: DatasetEvent) async throws -> [DAGRun] { throw SchedulingError.stopping }
    package func receiveHook(_ name: String, event: [String: String]) async throws -> [DAGRun] {
        throw SchedulingError.stopping
    }
}
extension Condition {
    func verdict(in scope: RenderScope) throws(RenderError) -> Verdict { Verdict(holds: true, shown: "") }
}
extension ForEach { func items(in scope: RenderScope) throws(RenderError) -> [String] { [] } }
extension TaskSpec { var modelReferences: [[String]] { [] } }
