import Synchronization

@testable import Scheduling
@testable import Serving

/// One pipeline `daily` with a run `daily-1` of two tasks, all of which a test may change.
final class FakeOrchestrator: Orchestrator {
    struct State {
        var runs: [StoredRun]
        var isPaused = false
        var logPaths: [String: String] = [:]
        var lastStart: RunStart?
    }
    let state: Mutex<State>
    /// What the next cancellation is refused with.
    let refusal = Mutex<SchedulingError?>(nil)

    let environment = Mutex(PipelineEnvironment.research)

    static let created = Instant(seconds: 1_727_913_600)

    init() {
        let run = FakeOrchestrator.run(id: "daily-1", state: .running)
        let tasks = [
            TaskInstance(runID: "daily-1", taskID: "ingest", state: .success, attempt: 1, outputs: ["rows": "12"]),
            TaskInstance(runID: "daily-1", taskID: "train", state: .running, attempt: 1),
            TaskInstance(runID: "daily-1", taskID: "deploy", state: .none),
        ]
        state = Mutex(State(runs: [StoredRun(run: run, tasks: tasks)]))
    }

    static func run(id: String, pipeline: String = "daily", state: DAGRunState) -> DAGRun {
        DAGRun(
            id: id, pipelineID: pipeline, pipelineVersion: "v1", cause: .schedule, clock: .replay, logicalDate: created,
            dataInterval: DataInterval(start: Instant(seconds: 1_727_827_200), end: created), params: ["factors": "64"],
            state: state, createdAt: created)
    }

    private func summary() -> PipelineSummary {
        PipelineSummary(
            id: "daily", description: "Every day", tags: ["demo"], file: "daily.yaml", version: "v1", timeZoneID: "UTC",
            isPaused: state.withLock { $0.isPaused }, environment: environment.withLock { $0 },
            schedules: ["@daily on the replay clock"],
            nextFirings: [Firing(clock: .replay, at: Instant(seconds: 1_728_000_000))], problems: [])
    }

    private func check(_ id: String) throws {
        guard id == "daily" else { throw ServingFailure.notFound("there is no pipeline \(id).", remedy: "list them.") }
    }

    func pipelines() async throws -> [PipelineSummary] { [summary()] }

    func pipeline(id: String) async throws -> PipelineDetail {
        try check(id)
        return PipelineDetail(
            summary: summary(),
            params: [
                ParamSpec(
                    name: "factors", kind: .int, defaultValue: "64", min: 1, max: 512, values: [],
                    help: "How many factors.")
            ],
            tasks: [TaskSummary(id: "ingest", type: "data/ingest", needs: [], triggerRule: "all_success", level: 0)],
            source: "id: daily\n")
    }

    /// A file with one error, beside the version that runs.
    func file(of pipelineID: String) async throws -> PipelineFile {
        try check(pipelineID)
        return PipelineFile(
            path: "pipelines/daily.yaml", text: PipelineText(source: "id: daly\n"),
            running: PipelineText(source: "id: daily\n"),
            diagnostics: [
                Diagnostic(
                    file: "pipelines/daily.yaml", line: 1, column: 1, code: .unknownKey, message: "unknown key \"id\"",
                    suggestion: "pipeline")
            ])
    }

    func start(_ request: RunStart) async throws -> DAGRun {
        try check(request.pipelineID)
        var run = FakeOrchestrator.run(id: "daily-2", state: .queued)
        run.cause = .manual
        run.params = request.params
        let started = StoredRun(run: run, tasks: [])
        state.withLock {
            $0.runs.insert(started, at: 0)
            $0.lastStart = request
        }
        return run
    }

    func run(id: String) async throws -> StoredRun {
        guard let run = state.withLock({ $0.runs.first { $0.run.id == id } }) else {
            throw ServingFailure.notFound("there is no run \(id).", remedy: "list them.")
        }
        return run
    }

    func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun] {
        Array(state.withLock { $0.runs.map(\.run) }.prefix(limit))
    }

    func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]] { [:] }

    func cancel(runID: String, actor: String) async throws {
        if let refusal = refusal.withLock({ $0 }) { throw refusal }
        state.withLock { state in
            for index in state.runs.indices where state.runs[index].run.id == runID {
                state.runs[index].run.state = .cancelled
            }
        }
    }

    func setPaused(_ paused: Bool, pipelineID: String, actor: String) async throws {
        try check(pipelineID)
        state.withLock { $0.isPaused = paused }
    }

    func clear(_ request: ClearRequest) async throws -> [String] { request.taskIDs ?? [] }
    func mark(runID: String, taskID: String?, as verdict: MarkVerdict, actor: String) async throws {}
    func backfill(_ request: BackfillRequest) async throws -> BackfillOutcome {
        BackfillOutcome(dates: [], runIDs: [], existing: 0)
    }
    func signal(_ event: DatasetEvent) async throws -> [DAGRun] { [] }
    func receiveHook(_ name: String, event: [String: String]) async throws -> [DAGRun] { [] }
    func audit(of pipelineID: String?, limit: Int) async throws -> [AuditEntry] { [] }

    func logPath(runID: String, taskID: String, attempt: Int?) async throws -> String {
        let key = "\(taskID).\(attempt ?? 1)"
        guard let path = state.withLock({ $0.logPaths[key] }) else {
            throw ServingFailure.notFound("there is no log of \(key).", remedy: "wait.")
        }
        return path
    }

    func change(task id: String, _ change: @Sendable (inout TaskInstance) -> Void) {
        state.withLock { state in
            for index in state.runs[0].tasks.indices where state.runs[0].tasks[index].taskID == id {
                change(&state.runs[0].tasks[index])
            }
        }
    }

    func advance(_ clock: ClockName, to instant: Instant) async throws {}
    func waitUntilIdle(_ clock: ClockName) async throws {}
    func waitUntilEnded(runID: String) async throws -> DAGRun { try await run(id: runID).run }
    func events() async -> AsyncStream<SchedulingEvent> { AsyncStream { $0.finish() } }
}
