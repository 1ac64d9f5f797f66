import Dispatch
import Logging
import Scheduling
import TestKit

/// A store in memory that refuses the success of one task, and takes everything else.
struct RefusingStore: RunStore {
    let taskID: String
    let memory = MemoryRunStore()

    struct Refused: Error {}

    func apply(_ changes: [RunChange]) async throws {
        for case .updateTask(let task) in changes where task.taskID == taskID && task.state == .success {
            throw Refused()
        }
        try await memory.apply(changes)
    }

    func unfinishedRuns() async throws -> [StoredRun] { try await memory.unfinishedRuns() }
    func run(id: String) async throws -> StoredRun? { try await memory.run(id: id) }
    func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun] {
        try await memory.runs(of: pipelineID, limit: limit, before: before)
    }
    func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]] { try await memory.tasks(of: runIDs) }
    func newDatasetEvents(_ names: [String], pipelineID: String, trigger: String) async throws
        -> [StoredDatasetEvent]
    {
        try await memory.newDatasetEvents(names, pipelineID: pipelineID, trigger: trigger)
    }
    func scheduledRun(of pipelineID: String, before logicalDate: Instant) async throws -> StoredRun? {
        try await memory.scheduledRun(of: pipelineID, before: logicalDate)
    }
    func audit(of pipelineID: String?, limit: Int) async throws -> [AuditEntry] {
        try await memory.audit(of: pipelineID, limit: limit)
    }
    func cursor(pipelineID: String, trigger: String) async throws -> Instant? {
        try await memory.cursor(pipelineID: pipelineID, trigger: trigger)
    }
    func prune(endedBefore moment: Instant, limit: Int) async throws -> [String] {
        try await memory.prune(endedBefore: moment, limit: limit)
    }
    func pausedPipelines() async throws -> Set<String> { try await memory.pausedPipelines() }
    func pipelineSource(version: String) async throws -> String? { try await memory.pipelineSource(version: version) }

    static func world(
        _ folder: String, _ store: RefusingStore, _ step: ScriptedOperator, _ clock: ManualClock
    ) -> LocalOrchestrator {
        LocalOrchestrator(
            LocalOrchestrator.Parts(
                store: store, operators: OperatorCatalogue([step]), clock: clock,
                executor: QueueExecutor(DispatchQueue(label: "test.scheduler")),
                shell: ShellProcesses(queue: DispatchQueue(label: "test.processes"), clock: clock),
                logQueue: DispatchQueue(label: "test.logs"), fileQueue: DispatchQueue(label: "test.files"),
                logsFolder: folder + "/logs", workFolder: folder + "/work", machineZone: .utc,
                environment: { _, _ in [:] }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }
}
