package import Dispatch
package import Logging

/// Runs pipelines in this process.
///
/// Decisions are made by `RunMachine`; this actor stores what it says, then does it. All its methods run on the executor that it is
/// handed; it never waits there for a disk, a process or an operator.
package actor LocalOrchestrator: Orchestrator {
    /// What the orchestrator is given by whoever builds the stack.
    package struct Parts: Sendable {
        package var store: any RunStore
        package var operators: OperatorCatalogue
        /// The wall.
        package var clock: any Clock
        /// Of the actor itself: a named serial queue, see `QueueExecutor`.
        package var executor: any SerialExecutor
        package var shell: ShellProcesses
        /// Serial; lines of task logs to disk.
        package var logQueue: DispatchQueue
        /// Serial; pipeline files and folders.
        package var fileQueue: DispatchQueue
        package var logsFolder: String
        package var workFolder: String
        /// Zone of a pipeline that names none.
        package var machineZone: ZoneRules
        /// All that a shell task of a run finds in its environment besides the names starting with `MLSTACK_`: PATH, the
        /// tracking server's address, the run to log to. It is also what `${env.NAME}` reads.
        package var environment: @Sendable (DAGRun, PipelineEnvironment) async throws -> [String: String]
        /// Names of that environment that are the program's own business: a shell task finds one only where its `env:` asks for it
        /// (`NAME: "${env.NAME}"`).
        package var withheld: Set<String> = []
        /// What `${models.…}` reads, by the path after `models`; nil: there is no such value.
        package var models: @Sendable ([String]) async throws -> String? = { _ in nil }
        /// Slots of the pools that tasks name.
        package var pools: [String: Int] = [:]
        /// What tasks are given besides secrets, and logs do not show either.
        package var masked: [String] = []
        package var logger: Logger
        /// What `${secrets.NAME}` reads; asked before each attempt, so that a change counts from the next one on.
        package var secrets: nonisolated(nonsending) @Sendable () async throws -> [String: String]

        package init(
            store: any RunStore, operators: OperatorCatalogue, clock: any Clock, executor: any SerialExecutor,
            shell: ShellProcesses, logQueue: DispatchQueue, fileQueue: DispatchQueue, logsFolder: String,
            workFolder: String, machineZone: ZoneRules,
            environment: @escaping @Sendable (DAGRun, PipelineEnvironment) async throws -> [String: String],
            logger: Logger,
            secrets: nonisolated(nonsending) @escaping @Sendable () async throws -> [String: String] = { [:] }
        ) {
            (self.store, self.operators, self.clock, self.executor) = (store, operators, clock, executor)
            (self.shell, self.logQueue, self.fileQueue) = (shell, logQueue, fileQueue)
            (self.logsFolder, self.workFolder, self.machineZone) = (logsFolder, workFolder, machineZone)
            (self.environment, self.logger, self.secrets) = (environment, logger, secrets)
        }
    }

    let parts: Parts
    let workFolders: WorkFolders
    private nonisolated let executor: any SerialExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    var shelf = PipelineShelf()
    /// Of the files that the pipelines were read from, by path.
    var fileTraces: [String: PipelineFolder.Trace] = [:]
    /// Runs that have not ended, queued ones included.
    var active = ActiveRuns()
    /// Runs that are being put into the store.
    var creating: [String: Task<DAGRun, any Error>] = [:]
    /// Runs whose former processes are still being ended.
    var takingUp: [String: Task<Void, Never>] = [:]
    var journal = Journal()
    var paused: Set<String> = []
    /// The moment to which the replay clock was last moved by this process.
    var replayNow: Instant?
    /// How far the replay clock was moved the last time.
    var replayStep = Duration.seconds(86_400)
    var triggers = TriggerTable()
    /// The wall's reading when the schedules were last looked at.
    var lastLook: Instant?
    /// The latest of the looks at triggers that wait for other runs: they are made one after another.
    var lastTurn: Task<[DAGRun], Never>?
    var loop = WakeUp()
    var slots: TaskSlots
    /// Tasks that wait for the run before theirs.
    var pastWaiters: Set<TaskSlots.Key> = []
    /// How the last run of a pipeline ended, as far as it is known.
    var lastEnds: [String: DAGRunState] = [:]
    var manualStarts = 0
    var endedRuns = 0
    var isStopping = false
    /// From here on the store may be closed.
    var hasShutDown = false
    var waiters = Waiters()
    private var fan = EventFan()

    package init(_ parts: Parts) {
        self.parts = parts
        executor = parts.executor
        slots = TaskSlots(pools: parts.pools)
        workFolders = WorkFolders(root: parts.workFolder, queue: parts.fileQueue)
    }

    package func events() -> AsyncStream<SchedulingEvent> {
        fan.stream { [weak self] id in Task { await self?.forget(listener: id) } }
    }

    private func forget(listener id: Int) { fan.remove(id) }

    func send(_ event: SchedulingEvent) { fan.send(event) }

    func finishEvents() { fan.finish() }
}

/// A run that has not ended, and what is being done for it.
struct ActiveRun {
    var machine: RunMachine
    /// The version that it began with.
    let pipeline: Pipeline
    let zone: ZoneRules
    /// Attempts under way, by task.
    var attempts: [String: Attempt] = [:]
    /// Waits for a retry, by task.
    var retries: [String: Task<Void, any Error>] = [:]
    /// Tasks whose `when` and `depends_on_past` have been answered.
    var passed: Set<String> = []
    /// Its folders are there, and stay.
    var hasFolders = false
    /// Its state could not be stored: nothing follows from its tasks any more.
    var isGivenUp = false

    var run: DAGRun { machine.run }

    /// In place: a copy of the tasks for each change would be most of the work for a run of thousands.
    mutating func move(_ move: (inout RunMachine) -> RunTransition) -> RunTransition { move(&machine) }
}

/// One attempt that is running.
struct Attempt {
    enum StopReason: Equatable {
        case cancelled, shutdown
        case timedOut(after: Duration)
    }
    /// From 1.
    let number: Int
    var work: Task<Void, Never>
    var timeout: Task<Void, any Error>?
    /// Why it was asked to stop; the first reason counts.
    var stopReason: StopReason?
}
