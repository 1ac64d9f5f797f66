/// Where runs, tasks and schedules are kept. State is on disk before its effect happens.
///
/// Conformers: `SQLiteStore` in Storage; an in-memory one that can fail in TestKit.
package protocol RunStore: Sendable {
    /// Applies all changes in one transaction, in order. A `createRun` whose id exists changes nothing, so that a
    /// schedule that fires again after a crash makes no second run.
    nonisolated(nonsending) func apply(_ changes: [RunChange]) async throws

    /// Runs that have not ended, oldest first, with their tasks: what a start has to take up again.
    func unfinishedRuns() async throws -> [StoredRun]
    func run(id: String) async throws -> StoredRun?
    /// Newest first; `before` is the id after which to go on.
    func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun]
    /// The tasks of several runs at once, for grids.
    func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]]

    /// The last moment for which a trigger's firings have been made into runs; nil when it never fired.
    /// - Parameter trigger: its `key`.
    func cursor(pipelineID: String, trigger: String) async throws -> Instant?
    /// New versions of datasets that a trigger has not made a run of yet, oldest first.
    func newDatasetEvents(_ names: [String], pipelineID: String, trigger: String) async throws -> [StoredDatasetEvent]
    /// The scheduled run of a pipeline with the latest logical date before this one.
    func scheduledRun(of pipelineID: String, before logicalDate: Instant) async throws -> StoredRun?
    /// Newest first.
    func audit(of pipelineID: String?, limit: Int) async throws -> [AuditEntry]
    func pausedPipelines() async throws -> Set<String>
    /// Forgets runs that ended before a moment, with their tasks, the oldest first.
    /// - Parameter limit: so many at once: other writes need not wait long.
    /// - Returns: the ids of the runs; empty when there are none.
    func prune(endedBefore moment: Instant, limit: Int) async throws -> [String]
    /// The text of a pipeline file by its content hash.
    func pipelineSource(version: String) async throws -> String?
}

package struct StoredRun: Sendable, Equatable {
    package var run: DAGRun
    package var tasks: [TaskInstance]
    package init(run: DAGRun, tasks: [TaskInstance]) { (self.run, self.tasks) = (run, tasks) }
}

package enum RunChange: Sendable, Equatable {
    case createRun(DAGRun, tasks: [TaskInstance])
    case updateRun(DAGRun)
    case updateTask(TaskInstance)
    /// Tasks that `foreach` made; of those that exist already, as `updateTask`.
    case addTasks([TaskInstance])
    case setCursor(pipelineID: String, trigger: String, Instant)
    /// Up to which dataset event a trigger has made runs.
    case setDatasetCursor(pipelineID: String, trigger: String, sequence: Int64)
    case addDatasetEvent(DatasetEvent)
    case addNotification(Notification)
    case addAudit(AuditEntry)
    case setPaused(pipelineID: String, Bool)
    case savePipelineSource(version: String, text: String)
}
