/// A task type: what `uses:` names.
///
/// An operator is run again after a crash with the same context, so its effects are keyed by `context.run.id` and
/// `context.taskID`: a second run changes nothing that the first one finished.
package protocol Operator: Sendable {
    /// What stands after `uses:`, e.g. `model/train`.
    var name: String { get }
    /// One line for `mlstack pipeline show` and the pages.
    var summary: String { get }
    /// Everything `with:` may hold; a key that is not here is refused when the file is read.
    var settings: [SettingSpec] { get }

    /// What is wrong with settings that each are of the right kind and in their range: names that do not exist, settings that
    /// contradict each other. Asked when the file is read, of what is known then, and again before `run`, of everything.
    ///
    /// Total: whatever is declared may be missing, since it is known later (`Settings.pending`) or was reported already. It
    /// parses with the same functions as `run`, so that what passes here is not refused there.
    func problems(in settings: Settings) -> [SettingProblem]

    /// - Returns: what tasks after this one can read as `${tasks.<id>.outputs.<key>}`.
    /// - Throws: `TaskSkip` to end as skipped; `CancellationError` when cancelled; any other error is a failure, told by its
    ///   `LocalizedError` sentence and remedy, and tried again while retries are left unless it is a `PermanentError`.
    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs
}

extension Operator {
    /// None, for operators whose specs say everything.
    package func problems(in settings: Settings) -> [SettingProblem] { [] }
}

/// Ends a task as `skipped`, which tasks after it pass on by their trigger rules.
package struct TaskSkip: Error, Sendable, Equatable {
    package var reason: String
    package init(reason: String) { self.reason = reason }
}

/// An error that can say of itself that trying again will not mend it: the task fails at once, whatever retries are left
/// (Airflow's `AirflowFailException`).
///
/// For what is wrong with the pipeline file, with a name or with the data. What may pass by itself (a network, a disk, another
/// process) is not permanent.
package protocol PermanentError: Error {
    var isPermanent: Bool { get }
}

/// What an operator is told about the attempt it makes.
package struct TaskContext: Sendable {
    package var run: DAGRun
    package var taskID: String
    package var attempt: Int
    /// The pipeline's zone, in which dates are written.
    package var timeZoneID: String
    /// What the run may change.
    package var environment: PipelineEnvironment
    /// Outputs of every task upstream of this one that has ended with success, direct or not.
    package var upstream: [String: TaskOutputs]
    /// Upstream tasks, nearest first: the order in which `input(_:)` looks.
    package var upstreamOrder: [String]
    /// This run's folder for data between tasks; removed some time after the run has ended.
    package var workDirectory: String
    package var log: any TaskLog
    /// What is to be told once the task's success is stored.
    package var messages = TaskMessages()

    package init(
        run: DAGRun, taskID: String, attempt: Int, timeZoneID: String,
        environment: PipelineEnvironment = .production, upstream: [String: TaskOutputs],
        upstreamOrder: [String], workDirectory: String, log: any TaskLog
    ) {
        (self.run, self.taskID, self.attempt, self.timeZoneID) = (run, taskID, attempt, timeZoneID)
        self.environment = environment
        (self.upstream, self.upstreamOrder) = (upstream, upstreamOrder)
        (self.workDirectory, self.log) = (workDirectory, log)
    }

    /// The value of an output that some task upstream produced, the nearest task first.
    package func input(_ key: String) -> String? {
        for task in upstreamOrder { if let value = upstream[task]?[key] { return value } }
        return nil
    }

    /// Every upstream task that produced the output, nearest first, e.g. all trained models that an evaluation compares.
    package func inputs(_ key: String) -> [(taskID: String, value: String)] {
        upstreamOrder.compactMap { task in upstream[task]?[key].map { (task, $0) } }
    }
}

/// The log of one attempt. Lines appear in order, each with its time; calls never wait for the disk.
package protocol TaskLog: Sendable {
    func write(_ level: TaskLogLevel, _ line: String)
    /// Bytes that a command wrote: a line or a piece of one. The next piece of the same stream goes on where this one ended.
    func output(_ bytes: UnsafeRawBufferPointer, of stream: Int, endsLine: Bool)
    /// What no line shows.
    var masks: SecretMasks { get }
    /// Accepted, and not on disk yet. Whoever can wait with more should, when this grows large.
    var backlogBytes: Int { get }
}

package enum TaskLogLevel: String, Sendable { case info, warning, error }

extension TaskLog {
    package func info(_ line: String) { write(.info, line) }
    package func warning(_ line: String) { write(.warning, line) }
    package func error(_ line: String) { write(.error, line) }

    package func output(_ bytes: UnsafeRawBufferPointer, of stream: Int, endsLine: Bool) {
        info(String(decoding: bytes, as: UTF8.self))
    }
    package var masks: SecretMasks { SecretMasks() }
    package var backlogBytes: Int { 0 }
}
