/// What an attempt of a task used, and how its process ended.
package struct TaskMeasures: Sendable, Equatable, Codable {
    /// What the figures are of.
    package enum Scope: String, Sendable, Codable {
        /// A shell task: its process and all that these started.
        case processTree = "process_tree"
        /// A built-in task: this program during the task, so other tasks and requests of that time are in it.
        case program
    }
    package var scope: Scope
    package var cpuSeconds: Double
    package var peakMemoryBytes: Int64?
    /// Through the disk or the page cache.
    package var readBytes: Int64?
    package var writtenBytes: Int64?
    package var exitCode: Int32?
    package var signal: Int32?

    package init(
        scope: Scope, cpuSeconds: Double, peakMemoryBytes: Int64? = nil, readBytes: Int64? = nil,
        writtenBytes: Int64? = nil, exitCode: Int32? = nil, signal: Int32? = nil
    ) {
        (self.scope, self.cpuSeconds, self.peakMemoryBytes) = (scope, cpuSeconds, peakMemoryBytes)
        (self.readBytes, self.writtenBytes) = (readBytes, writtenBytes)
        (self.exitCode, self.signal) = (exitCode, signal)
    }
}
