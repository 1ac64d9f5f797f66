/// An experiment and how its runs stand. Deleted runs count only in an experiment that was deleted itself.
package struct ExperimentSummary: Sendable, Equatable {
    package var id: String
    package var name: String
    package var lifecycleStage: LifecycleStage
    package var creationTimeMilliseconds: Int64
    package var runs: Int
    package var running: Int
    package var failed: Int
    /// The one that started last; nil: there are no runs.
    package var lastRun: LastRun?

    package struct LastRun: Sendable, Equatable {
        package var id: String
        package var name: String
        package var status: RunStatus
        package var startTimeMilliseconds: Int64
        package var endTimeMilliseconds: Int64?
        package var userID: String
        /// The pipeline that made it; nil: it was logged by a client.
        package var pipelineID: String?
        package init(
            id: String, name: String, status: RunStatus, startTimeMilliseconds: Int64, endTimeMilliseconds: Int64?,
            userID: String, pipelineID: String?
        ) {
            (self.id, self.name, self.status, self.userID) = (id, name, status, userID)
            (self.startTimeMilliseconds, self.endTimeMilliseconds) = (startTimeMilliseconds, endTimeMilliseconds)
            self.pipelineID = pipelineID
        }
    }

    package init(
        id: String, name: String, lifecycleStage: LifecycleStage, creationTimeMilliseconds: Int64, runs: Int,
        running: Int, failed: Int, lastRun: LastRun?
    ) {
        (self.id, self.name, self.lifecycleStage) = (id, name, lifecycleStage)
        self.creationTimeMilliseconds = creationTimeMilliseconds
        (self.runs, self.running, self.failed, self.lastRun) = (runs, running, failed, lastRun)
    }
}
