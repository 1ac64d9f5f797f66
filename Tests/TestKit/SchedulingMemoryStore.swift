package import Scheduling
import Synchronization

/// Runs, tasks and schedules in memory, with the faults that a test asks for.
package final class MemoryRunStore: RunStore {
    /// What happens when changes are applied.
    package enum Fault: Sendable, Equatable {
        /// The numbered calls (from 1) throw and change nothing.
        case fail(ClosedRange<Int>)
        /// The machine goes dark before the n-th call takes effect, or after: neither that call nor any later one returns with success.
        case crash(at: Int, afterItsChanges: Bool)
    }

    /// What has been stored; a later store can begin with it, as a start after a crash does.
    package struct Contents: Sendable, Equatable {
        package var runs: [String: StoredRun] = [:]
        /// Ids in the order of creation.
        package var order: [String] = []
        package var cursors: [String: Instant] = [:]
        package var paused: Set<String> = []
        package var sources: [String: String] = [:]
        /// The place in the list, from 1, is the sequence.
        package var datasetEvents: [DatasetEvent] = []
        package var datasetCursors: [String: Int64] = [:]
        package var notifications: [Notification] = []
        package var audit: [AuditEntry] = []
        package init() {}
    }

    private struct State {
        var contents: Contents
        var applies = 0
        var isDark = false
        var whenDark: [CheckedContinuation<Void, Never>] = []
    }
    private let fault: Fault?
    private let state: Mutex<State>

    package init(_ contents: Contents = Contents(), fault: Fault? = nil) {
        self.fault = fault
        state = Mutex(State(contents: contents))
    }

    package var contents: Contents { state.withLock { $0.contents } }
    /// What a reset of the replay does.
    package func forgetAll() { state.withLock { $0.contents = Contents() } }
    /// Calls of `apply` so far.
    package var applies: Int { state.withLock { $0.applies } }

    /// Returns once the crash has come.
    package func waitForCrash() async {
        await withCheckedContinuation { continuation in
            let isDark = state.withLock { state in
                if !state.isDark { state.whenDark.append(continuation) }
                return state.isDark
            }
            if isDark { continuation.resume() }
        }
    }

    package func apply(_ changes: [RunChange]) async throws {
        let waiting = try state.withLock { state in
            state.applies += 1
            if state.isDark { throw StoreFault.dark }
            switch fault {
            case .fail(let calls) where calls.contains(state.applies): throw StoreFault.failed
            case .crash(state.applies, let afterItsChanges):
                if afterItsChanges { try Self.apply(changes, to: &state.contents) }
                state.isDark = true
                defer { state.whenDark = [] }
                return state.whenDark
            default:
                try Self.apply(changes, to: &state.contents)
                return []
            }
        }
        for continuation in waiting { continuation.resume() }
        if state.withLock({ $0.isDark }) { throw StoreFault.dark }
    }

    private static func apply(_ changes: [RunChange], to contents: inout Contents) throws {
        var result = contents
        for change in changes {
            switch change {
            case .createRun(let run, let tasks):
                if result.runs[run.id] != nil { continue }
                result.runs[run.id] = StoredRun(run: run, tasks: tasks)
                result.order.append(run.id)
            case .updateRun(let run):
                guard result.runs[run.id] != nil else { throw StoreFault.unknown(run.id) }
                result.runs[run.id]?.run = run
            case .updateTask(let task):
                guard let index = result.runs[task.runID]?.tasks.firstIndex(where: { $0.taskID == task.taskID }) else {
                    throw StoreFault.unknown("\(task.runID)/\(task.taskID)")
                }
                result.runs[task.runID]?.tasks[index] = task
            case .setCursor(let pipelineID, let trigger, let instant):
                result.cursors["\(pipelineID)#\(trigger)"] = instant
            case .addTasks(let tasks):
                for task in tasks {
                    let index = result.runs[task.runID]?.tasks.firstIndex { $0.taskID == task.taskID }
                    if let index {
                        result.runs[task.runID]?.tasks[index] = task
                    } else {
                        result.runs[task.runID]?.tasks.append(task)
                    }
                }
            case .setDatasetCursor(let pipelineID, let trigger, let sequence):
                result.datasetCursors["\(pipelineID)#\(trigger)"] = sequence
            case .addDatasetEvent(let event):
                if !result.datasetEvents.contains(where: { $0.id == event.id }) { result.datasetEvents.append(event) }
            case .addNotification(let notification):
                if !result.notifications.contains(where: { $0.id == notification.id }) {
                    result.notifications.append(notification)
                }
            case .addAudit(let entry): result.audit.append(entry)
            case .setPaused(let pipelineID, true): result.paused.insert(pipelineID)
            case .setPaused(let pipelineID, false): result.paused.remove(pipelineID)
            case .savePipelineSource(let version, let text): result.sources[version] = text
            }
        }
        contents = result
    }

    package func unfinishedRuns() async throws -> [StoredRun] {
        let contents = contents
        return contents.order.compactMap { contents.runs[$0] }.filter { !$0.run.state.isTerminal }
    }

    package func run(id: String) async throws -> StoredRun? { contents.runs[id] }

    package func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun] {
        let contents = contents
        var ids = contents.order
        if let before, let index = ids.firstIndex(of: before) { ids = Array(ids[..<index]) }
        let runs = ids.reversed().compactMap { contents.runs[$0]?.run }
        return Array(runs.filter { pipelineID == nil || $0.pipelineID == pipelineID }.prefix(limit))
    }

    package func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]] {
        let runs = contents.runs.filter { runIDs.contains($0.key) }
        return runs.mapValues(\.tasks)
    }

    package func newDatasetEvents(_ names: [String], pipelineID: String, trigger: String) async throws
        -> [StoredDatasetEvent]
    {
        let contents = contents
        let cursor = contents.datasetCursors["\(pipelineID)#\(trigger)"] ?? 0
        return contents.datasetEvents.enumerated().compactMap { index, event in
            guard names.contains(event.name), Int64(index + 1) > cursor else { return nil }
            return StoredDatasetEvent(sequence: Int64(index + 1), event: event)
        }
    }

    package func scheduledRun(of pipelineID: String, before logicalDate: Instant) async throws -> StoredRun? {
        let runs = contents.runs.values.filter {
            $0.run.pipelineID == pipelineID && $0.run.logicalDate < logicalDate
                && ($0.run.cause == .schedule || $0.run.cause == .backfill)
        }
        return runs.max { $0.run.logicalDate < $1.run.logicalDate }
    }

    package func audit(of pipelineID: String?, limit: Int) async throws -> [AuditEntry] {
        let entries = contents.audit.reversed().filter { pipelineID == nil || $0.pipelineID == pipelineID }
        return Array(entries.prefix(limit))
    }

    package func cursor(pipelineID: String, trigger: String) async throws -> Instant? {
        contents.cursors["\(pipelineID)#\(trigger)"]
    }

    package func prune(endedBefore moment: Instant, limit: Int) async throws -> [String] {
        state.withLock { state in
            let old = state.contents.order.filter { id in
                guard let run = state.contents.runs[id]?.run, run.state.isTerminal, let endedAt = run.endedAt else {
                    return false
                }
                return endedAt < moment
            }
            let gone = Array(old.prefix(limit))
            for id in gone { state.contents.runs[id] = nil }
            state.contents.order.removeAll { gone.contains($0) }
            return gone
        }
    }

    package func pausedPipelines() async throws -> Set<String> { contents.paused }
    package func pipelineSource(version: String) async throws -> String? { contents.sources[version] }
}

package enum StoreFault: Error, Equatable {
    case failed, dark
    case unknown(String)
}
