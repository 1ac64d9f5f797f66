import Foundation
import Scheduling

/// What went wrong in a replay that has reached its end: the exit code of `mlstack up --exit-when-done` hangs on it.
struct ReplayOutcome {
    private static let pageLength = 500

    let orchestrator: any Orchestrator
    let began: Instant

    /// Empty when every day's runs succeeded and every pipeline file is right.
    var problems: [StackError] {
        get async throws { try await [brokenPipelines, failedDays].compactMap { $0 } }
    }

    private var brokenPipelines: StackError? {
        get async throws {
            let problems = try await orchestrator.pipelines().compactMap(\.problems.first)
            return problems.isEmpty ? nil : .brokenPipelines(problems: problems)
        }
    }

    private var failedDays: StackError? {
        get async throws {
            let failed = try await endedRuns().filter { run in
                run.clock == .replay && run.cause == .schedule && run.state == .failed
            }
            let days = Dictionary(grouping: failed) { Day(containing: $0.dataInterval.start) }
            guard let first = days.keys.min(), let run = days[first]?.min(by: { $0.createdAt < $1.createdAt }) else {
                return nil
            }
            let task = try await orchestrator.tasks(of: [run.id])[run.id]?.first { $0.state == .failed }
            var log: String?
            if let task, task.attempt > 0 {
                log = try await orchestrator.logPath(runID: run.id, taskID: task.taskID, attempt: nil)
            }
            return .daysFailed(
                count: days.count, first: first.description,
                reason: "\(run.pipelineID): \(run.message ?? "no reason is known.")", log: log)
        }
    }

    /// Those that ended in this process, newest first, those that a former one began included.
    private func endedRuns() async throws -> [DAGRun] {
        var runs: [DAGRun] = []
        while true {
            let page = try await orchestrator.runs(of: nil, limit: Self.pageLength, before: runs.last?.id)
            runs += page
            if page.count < Self.pageLength || page.contains(where: { ($0.endedAt ?? began) < began }) { break }
        }
        return runs.filter { ($0.endedAt ?? began) >= began }
    }
}
