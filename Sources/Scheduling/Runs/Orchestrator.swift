/// What runs pipelines: the local engine, or one day another.
package protocol Orchestrator: Sendable {
    /// Every pipeline that is registered, by id.
    func pipelines() async throws -> [PipelineSummary]
    func pipeline(id: String) async throws -> PipelineDetail
    /// The pipeline's file as it is now, right or not.
    func file(of pipelineID: String) async throws -> PipelineFile
    /// Starts a run by hand (or for `pipeline/run`, with `parent`). Params are checked before the run exists.
    /// - Parameter id: given by a caller that may ask twice for the same run.
    func start(_ request: RunStart) async throws -> DAGRun
    func run(id: String) async throws -> StoredRun
    /// Newest first.
    func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun]
    func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]]
    func cancel(runID: String, actor: String) async throws
    func setPaused(_ paused: Bool, pipelineID: String, actor: String) async throws
    /// Forgets results of tasks, and runs them again with the same logical date and params.
    /// - Returns: the tasks that were cleared.
    func clear(_ request: ClearRequest) async throws -> [String]
    /// Says what a task (all of a run when nil) has come to, without running anything.
    func mark(runID: String, taskID: String?, as verdict: MarkVerdict, actor: String) async throws
    /// Makes the runs of a stretch of a schedule, oldest first; those that exist stay as they are.
    func backfill(_ request: BackfillRequest) async throws -> BackfillOutcome
    /// A new version of a dataset that no task of ours made.
    /// - Returns: the runs that it caused.
    func signal(_ event: DatasetEvent) async throws -> [DAGRun]
    /// Starts what waits for the webhook of that name; `event` is what `${event.…}` reads.
    func receiveHook(_ name: String, event: [String: String]) async throws -> [DAGRun]
    /// Newest first.
    func audit(of pipelineID: String?, limit: Int) async throws -> [AuditEntry]
    /// The file that holds the log of an attempt (the latest when nil).
    func logPath(runID: String, taskID: String, attempt: Int?) async throws -> String

    /// Moves a simulated clock: makes runs of every firing up to and including `instant`. Called again with the same
    /// moment after a crash, it makes no second run.
    func advance(_ clock: ClockName, to instant: Instant) async throws
    /// Returns when no run on that clock, nor one started by such a run, is queued or running.
    func waitUntilIdle(_ clock: ClockName) async throws
    /// Returns the run once it has ended.
    func waitUntilEnded(runID: String) async throws -> DAGRun

    /// Every change of a run, a task or a pipeline from now on.
    func events() async -> AsyncStream<SchedulingEvent>
}

package struct RunStart: Sendable {
    package var pipelineID: String
    package var params: [String: String]
    package var parent: DAGRun?
    package var id: String?
    /// The moment that the run is about; nil: now.
    package var logicalDate: Instant?
    /// Who asked; nil: a task of ours, which is not audited.
    package var actor: String?
    package init(
        pipelineID: String, params: [String: String] = [:], parent: DAGRun? = nil, id: String? = nil,
        logicalDate: Instant? = nil, actor: String? = nil
    ) {
        (self.pipelineID, self.params, self.parent, self.id) = (pipelineID, params, parent, id)
        (self.logicalDate, self.actor) = (logicalDate, actor)
    }
}

package struct ClearRequest: Sendable, Equatable {
    package var runID: String
    /// nil: all of the run.
    package var taskIDs: [String]?
    /// Also every task after them.
    package var downstream: Bool
    /// Of those, only tasks that failed or did not run because of a failure.
    package var onlyFailed: Bool
    /// Only says what would be cleared.
    package var isDryRun: Bool
    package var actor: String
    package init(
        runID: String, taskIDs: [String]? = nil, downstream: Bool = true, onlyFailed: Bool = false,
        isDryRun: Bool = false, actor: String
    ) {
        (self.runID, self.taskIDs, self.downstream) = (runID, taskIDs, downstream)
        (self.onlyFailed, self.isDryRun, self.actor) = (onlyFailed, isDryRun, actor)
    }
}

package enum MarkVerdict: String, Sendable, CaseIterable { case success, failed }

package struct BackfillRequest: Sendable, Equatable {
    package var pipelineID: String
    /// Firings from this moment up to and including the other.
    package var from: Instant
    package var to: Instant
    package var params: [String: String]
    /// Only says what would be made.
    package var isDryRun: Bool
    package var actor: String
    package init(
        pipelineID: String, from: Instant, to: Instant, params: [String: String] = [:], isDryRun: Bool = false,
        actor: String
    ) {
        (self.pipelineID, self.from, self.to, self.params) = (pipelineID, from, to, params)
        (self.isDryRun, self.actor) = (isDryRun, actor)
    }
}

package struct BackfillOutcome: Sendable, Equatable {
    /// Logical dates of the runs that are, or would be, made; oldest first.
    package var dates: [Instant]
    /// Ids of the runs that were made.
    package var runIDs: [String]
    /// Firings of the stretch that have a run already.
    package var existing: Int
    package init(dates: [Instant], runIDs: [String], existing: Int) {
        (self.dates, self.runIDs, self.existing) = (dates, runIDs, existing)
    }
}

package enum SchedulingEvent: Sendable {
    case run(DAGRun)
    case task(TaskInstance, pipelineID: String)
    case pipeline(id: String)
}

package struct PipelineSummary: Sendable, Equatable {
    package var id: String
    package var description: String
    package var tags: [String]
    package var file: String
    package var version: String
    package var timeZoneID: String
    package var isPaused: Bool
    /// What its runs may change; of a file that has never been right, nothing of production.
    package var environment: PipelineEnvironment = .research
    /// The triggers in words, e.g. `@daily on the replay clock`.
    package var schedules: [String]
    /// The same for people who don't read cron.
    package var triggers: [TriggerSummary] = []
    /// The next three firings of each clock, of any trigger: moments of the wall, and simulated ones of the replay.
    package var nextFirings: [Firing]
    /// Problems of the file as it is now, while an earlier good version runs on.
    package var problems: [String]
}

/// What makes runs, e.g. `every day at 00:00` on the replay clock.
package struct TriggerSummary: Sendable, Equatable {
    package var words: String
    /// nil: it waits for something else than a time.
    package var clock: ClockName?
    package init(words: String, clock: ClockName?) { (self.words, self.clock) = (words, clock) }
}

package struct Firing: Sendable, Equatable {
    package var clock: ClockName
    package var at: Instant
    package init(clock: ClockName, at: Instant) { (self.clock, self.at) = (clock, at) }
}

package struct PipelineDetail: Sendable {
    package var summary: PipelineSummary
    package var params: [ParamSpec]
    /// In the order of the file.
    package var tasks: [TaskSummary]
    /// The file's text.
    package var source: String
}

/// A pipeline file as it was read last, with everything there is to say about it.
package struct PipelineFile: Sendable, Equatable {
    package var path: String
    package var text: PipelineText
    /// The version that the next run will have, which is another while the file has errors; nil: it has never been right.
    package var running: PipelineText?
    /// Errors and warnings; those of an included file name it.
    package var diagnostics: [Diagnostic]
    /// What no place in the text can be named for, e.g. that another file has the same id.
    package var problems: [String]
    package init(
        path: String, text: PipelineText, running: PipelineText?, diagnostics: [Diagnostic], problems: [String] = []
    ) {
        (self.path, self.text, self.running) = (path, text, running)
        (self.diagnostics, self.problems) = (diagnostics, problems)
    }
}

package struct TaskSummary: Sendable, Equatable {
    package var id: String
    /// `uses` name, or `shell`.
    package var type: String
    package var needs: [String]
    package var triggerRule: String
    /// Longest distance from a task that needs nothing: the column to draw it in.
    package var level: Int
}
