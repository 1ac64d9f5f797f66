/// A new version of a dataset: made by a task that `produces` it, or told by somebody from outside.
package struct DatasetEvent: Sendable, Equatable, Codable {
    /// Makes it count once: of a task, its run and name.
    package var id: String
    package var name: String
    /// The clock of the run that made it.
    package var clock: ClockName
    package var at: Instant
    /// nil: not known.
    package var newRows: Int?
    package var runID: String?
    package var taskID: String?

    package init(
        id: String, name: String, clock: ClockName, at: Instant, newRows: Int? = nil, runID: String? = nil,
        taskID: String? = nil
    ) {
        (self.id, self.name, self.clock, self.at) = (id, name, clock, at)
        (self.newRows, self.runID, self.taskID) = (newRows, runID, taskID)
    }
}

extension DatasetEvent {
    /// What `produces` and `dataset` may name: letters, digits, `_` and `-`, at most 64.
    package static func isName(_ text: String) -> Bool { PipelineNames.isIdentifier(text) }
}

/// A dataset event with its place in the order in which they were stored.
package struct StoredDatasetEvent: Sendable, Equatable {
    package var sequence: Int64
    package var event: DatasetEvent
    package init(sequence: Int64, event: DatasetEvent) { (self.sequence, self.event) = (sequence, event) }
}
