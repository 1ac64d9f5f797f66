/// What runs pipelines: the local engine, or one day another.
package protocol Orchestrator: Sendable {
    /// Every pipeline that is registered, by id.
    func pipelines() async throws -> [PipelineSummary]
    func pipeline(id: String) async throws -> PipelineDetail
    /// Starts a run by hand (or for `pipeline/run`, with `parent`). Params are checked before the run exists.
    /// - Parameter id: given by a caller that may ask twice for the same run.
    func start(_ request: RunStart) async throws -> DAGRun
    func run(id: String) async throws -> StoredRun
    /// Newest first.
    func runs(of pipelineID: String?, limit: Int, before: String?) async throws -> [DAGRun]
    func tasks(of runIDs: [String]) async throws -> [String: [TaskInstance]]
    func cancel(runID: String) async throws
    func setPaused(_ paused: Bool, pipelineID: String) async throws
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
    package init(pipelineID: String, params: [String: String] = [:], parent: DAGRun? = nil, id: String? = nil) {
        (self.pipelineID, self.params, self.parent, self.id) = (pipelineID, params, parent, id)
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
    /// The triggers in words, e.g. `@daily on the replay clock`.
    package var schedules: [String]
    /// The next firing of any trigger on the wall clock; on the replay clock, the next simulated moment.
    package var nextFirings: [Firing]
    /// Problems of the file as it is now, while an earlier good version runs on.
    package var problems: [String]
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

package struct TaskSummary: Sendable, Equatable {
    package var id: String
    /// `uses` name, or `shell`.
    package var type: String
    package var needs: [String]
    package var triggerRule: String
    /// Longest distance from a task that needs nothing: the column to draw it in.
    package var level: Int
}
