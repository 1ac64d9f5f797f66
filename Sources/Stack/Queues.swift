import Dispatch

/// Every Dispatch queue of the process, in one place.
///
/// All are serial: on Linux a serial queue has a thread of its own, while Swift's tasks, the global queues and every
/// concurrent queue share one pool as wide as the machine has cores, so that two blocks that wait or compute there
/// stop the HTTP server. Two more threads of execution are not ours to make: GRDB's writer and readers
/// (`mlstack.registry`) and NIO's event loops.
enum Queues {
    /// The orchestrator's executor: what is due, and transitions. Never a fit, a SQL wait or a file read.
    static let scheduler = DispatchQueue(label: "mlstack.scheduler")
    /// Waits for the training thread, one fit at a time; see `TrainingThreads`.
    static let trainer = DispatchQueue(label: "mlstack.trainer")
    /// Timers: on the wall's time for moments, on the steady one for durations.
    static let clock = DispatchQueue(label: "mlstack.clock")
    /// Starting, reading and reaping the processes of shell tasks.
    static let processes = DispatchQueue(label: "mlstack.processes")
    /// Lines of task logs to disk, and reading them back.
    static let logs = DispatchQueue(label: "mlstack.logs")
    /// Artefact files: uploads, downloads, renames, fsync.
    static let artifacts = DispatchQueue(label: "mlstack.artifacts")
    /// Pipeline files, models and datasets read from disk.
    static let files = DispatchQueue(label: "mlstack.files")
    /// What the challenger would have answered: computed apart, so that no answer waits for it.
    static let shadow = DispatchQueue(label: "mlstack.shadow")
    /// Blocking transfers of libcurl.
    static let transfer = DispatchQueue(label: "mlstack.transfer")
    /// Webhooks on their way, one after another, and the ends of logs that they carry.
    static let notifications = DispatchQueue(label: "mlstack.notifications")
    /// Requests of `http/request` tasks: one that hangs keeps nobody from being told.
    static let requests = DispatchQueue(label: "mlstack.requests")
    /// Requests to the bucket of artefacts: as many at a time, each on a connection that is kept.
    static let bucket = (0..<4).map { DispatchQueue(label: "mlstack.bucket.\($0)") }
    /// Passes over the whole log and walks through folders, for those who look at the pages.
    static let census = DispatchQueue(label: "mlstack.census")
    /// Waits for lines on standard input.
    static let input = DispatchQueue(label: "mlstack.input")

    static let all =
        [
            scheduler, trainer, clock, processes, logs, artifacts, files, shadow, transfer, notifications, requests,
            census, input,
        ] + bucket
}

extension DispatchQueue {
    /// Runs blocking work on this serial queue while the caller is suspended, not blocked.
    func perform<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
