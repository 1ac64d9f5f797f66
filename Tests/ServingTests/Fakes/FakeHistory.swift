@testable import Scheduling
@testable import Serving

/// Two runs of `daily`: the newer of the version that runs, the older of one whose tasks were others.
struct FakeHistory: RunHistory {
    func grid(of pipelineID: String, limit: Int, before: String?) async throws -> RunGrid {
        func row(_ id: String, _ tasks: [String], _ states: [TaskState]) -> RunGrid.Row {
            .init(
                id: id, state: .failed, cause: .schedule, logicalDate: FakeOrchestrator.created,
                createdAt: FakeOrchestrator.created, startedAt: nil, endedAt: nil, tasks: tasks, states: states)
        }
        let rows = [
            row("daily-2", ["ingest"], [.success]),
            row("daily-1", ["fetch", "ingest"], [.failed, .upstreamFailed]),
        ]
        return RunGrid(rows: Array(rows.drop { before != nil && $0.id == "daily-2" }.prefix(limit)))
    }

    func latestRuns(of pipelineIDs: [String], limit: Int) async throws -> [String: [DAGRun]] {
        [
            "daily": [
                FakeOrchestrator.run(id: "daily-1", state: .running),
                FakeOrchestrator.run(id: "daily-0", state: .failed),
            ]
        ]
    }

    func failures(of runIDs: [String]) async throws -> [String: RunFailure] {
        Dictionary(
            uniqueKeysWithValues: runIDs.map { ($0, RunFailure(taskID: "ingest", attempt: 2, message: "no file")) })
    }

    func results(of pipelineID: String, from: Instant, to: Instant) async throws -> [RunResult] {
        [
            RunResult(id: "daily-1", logicalDate: from, state: .success),
            RunResult(id: "daily-2", logicalDate: from, state: .failed),
            RunResult(id: "daily-3", logicalDate: Instant(milliseconds: to.milliseconds - 1), state: .success),
        ]
    }

    func versions(of pipelineID: String) async throws -> [PipelineVersionUse] {
        [
            PipelineVersionUse(
                version: "old", runs: 3, firstUsedAt: FakeOrchestrator.created, lastUsedAt: FakeOrchestrator.created)
        ]
    }

    func pipelineText(of pipelineID: String, version: String) async throws -> PipelineText? {
        version == "old" ? PipelineText(source: "id: old\n") : nil
    }

    func relatives(of run: DAGRun) async throws -> RunRelatives {
        RunRelatives(
            parent: nil, children: [FakeOrchestrator.run(id: "deploy-1", pipeline: "deploy", state: .success)],
            tracked: .init(experimentID: "1", runID: "abc"))
    }
}
