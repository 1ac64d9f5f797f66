/// What became of many runs at once, for pictures of them: a grid, a calendar, the versions of a file.
///
/// Conformer: `SQLiteStore` in Storage. Each answer is one read.
package protocol RunHistory: Sendable {
    /// The states of all tasks of many runs, newest first; `before` is the id after which to go on.
    func grid(of pipelineID: String, limit: Int, before: String?) async throws -> RunGrid
    /// The newest runs of each pipeline, newest first; those without runs are left out.
    func latestRuns(of pipelineIDs: [String], limit: Int) async throws -> [String: [DAGRun]]
    /// The task because of which each of the runs failed: an item that `foreach` made comes before what gathers them.
    func failures(of runIDs: [String]) async throws -> [String: RunFailure]
    /// How runs with a logical date in `from..<to` stand, by their moment; oldest first.
    func results(of pipelineID: String, from: Instant, to: Instant) async throws -> [RunResult]
    /// Which texts of the pipeline had runs, the one that was used last first.
    func versions(of pipelineID: String) async throws -> [PipelineVersionUse]
    /// The text of a pipeline by its content hash, if a run of that pipeline had it.
    func pipelineText(of pipelineID: String, version: String) async throws -> PipelineText?
    func relatives(of run: DAGRun) async throws -> RunRelatives
}

/// Why a run failed, as its first failed task tells it.
package struct RunFailure: Sendable, Equatable {
    package var taskID: String
    package var attempt: Int
    package var message: String?
    package init(taskID: String, attempt: Int, message: String?) {
        (self.taskID, self.attempt, self.message) = (taskID, attempt, message)
    }
}

/// Runs by tasks.
package struct RunGrid: Sendable, Equatable {
    /// One run: what its name and its bar are made of, and its tasks.
    package struct Row: Sendable, Equatable {
        package var id: String
        package var state: DAGRunState
        package var cause: RunCause
        package var logicalDate: Instant
        package var createdAt: Instant
        package var startedAt: Instant?
        package var endedAt: Instant?
        /// In the order of its file, those that `foreach` made left out.
        package var tasks: [String]
        /// One for each task.
        package var states: [TaskState]
        package init(
            id: String, state: DAGRunState, cause: RunCause, logicalDate: Instant, createdAt: Instant,
            startedAt: Instant?, endedAt: Instant?, tasks: [String], states: [TaskState]
        ) {
            (self.id, self.state, self.cause, self.logicalDate) = (id, state, cause, logicalDate)
            (self.createdAt, self.startedAt, self.endedAt) = (createdAt, startedAt, endedAt)
            (self.tasks, self.states) = (tasks, states)
        }
    }

    /// Newest first.
    package var rows: [Row]
    package init(rows: [Row]) { self.rows = rows }

    /// Every task of any run: those of newer runs in their order, then those that only older runs had.
    package var tasks: [String] {
        var known: Set<String> = []
        var former: [String] = []
        var all: [String] = []
        // Runs of one version have equal lists, which is seen without looking at each name.
        for row in rows where row.tasks != former {
            former = row.tasks
            all += row.tasks.filter { known.insert($0).inserted }
        }
        return all
    }
}

/// How one run of many stands.
package struct RunResult: Sendable, Equatable {
    package var id: String
    package var logicalDate: Instant
    package var state: DAGRunState
    package init(id: String, logicalDate: Instant, state: DAGRunState) {
        (self.id, self.logicalDate, self.state) = (id, logicalDate, state)
    }
}

/// A version of a pipeline and the runs that had it.
package struct PipelineVersionUse: Sendable, Equatable {
    /// Content hash.
    package var version: String
    package var runs: Int
    /// Wall times of the creation of its runs.
    package var firstUsedAt: Instant
    package var lastUsedAt: Instant
    package init(version: String, runs: Int, firstUsedAt: Instant, lastUsedAt: Instant) {
        (self.version, self.runs, self.firstUsedAt, self.lastUsedAt) = (version, runs, firstUsedAt, lastUsedAt)
    }
}

/// What belongs to a run besides its tasks.
package struct RunRelatives: Sendable, Equatable {
    /// The run that started it by `pipeline/run`.
    package var parent: DAGRun?
    /// Those that it started, oldest first.
    package var children: [DAGRun]
    /// Where what it logged is kept: a run in MLflow's sense.
    package var tracked: TrackedRun?
    package init(parent: DAGRun?, children: [DAGRun], tracked: TrackedRun?) {
        (self.parent, self.children, self.tracked) = (parent, children, tracked)
    }

    package struct TrackedRun: Sendable, Equatable {
        package var experimentID: String
        package var runID: String
        package init(experimentID: String, runID: String) { (self.experimentID, self.runID) = (experimentID, runID) }
    }
}
