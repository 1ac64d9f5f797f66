import Foundation
import Logging
import Registry
import Scheduling
import Serving
import Storage
import Training
import Transfer

/// The parts of a running stack, wired together.
struct StackParts: Sendable {
    /// The registered model that the default pipelines make and the server answers with.
    static let defaultModel = "movies"

    let configuration: Configuration
    let clock: WallClock
    let store: SQLiteStore
    let artifacts: any SearchableArtifactStore
    let garbage: GarbageCollection
    let arrivals: Arrivals
    let slot: ModelSlot
    let hub: EventHub
    let quality: QualityBoard
    let deployment: Deployment
    let orchestrator: LocalOrchestrator
    let replay: Replay
    let narrator: Narrator
    let notifier: Notifier
    let ports: ServingPorts
    let openingState: ReplayState
    let url: AddressCell
    /// Whether time alone starts runs.
    let schedules: Bool
    /// Opens when the server listens.
    let listening = Gate()
    /// Opens when the runs that a former process left unfinished have been taken up.
    let resumed = Gate()
    let logger: Logger

    static func build(
        _ configuration: Configuration, operators: OperatorList.Making = OperatorList.catalogue,
        pipelines: [Pipeline]? = nil, log: LogRing, logger: Logger, onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> StackParts {
        var configuration = configuration
        let (home, clock) = (configuration.home, WallClock())
        let startedAt = clock.now
        let durability: Durability = configuration.project.durability == .full ? .full : .normal
        let store = try await Queues.files.perform {
            try SQLiteStore(path: home.database, durability: durability, now: { clock.now })
        }
        let artifacts = try await ArtifactPlace.open(
            configuration.project.artifacts, home: home, environment: configuration.environment, logger: logger)
        try await store.settleStoredFiles()
        let garbage = GarbageCollection(store: store, artifacts: artifacts, clock: clock, logger: logger)
        // A bucket is looked through while the stack is up already: that may take many requests.
        if artifacts is FileArtifactStore { await garbage.lookOrSay() }

        let stateStore = SQLiteReplayStateStore(store: store)
        let remembered = try await stateStore.load()
        configuration.hasFormerReplay = remembered != nil
        let threads = TrainingThreads()
        let dataset = try await openDataset(
            configuration, store: store, remembered: remembered, threads: threads, logger: logger,
            onProgress: onProgress)
        let state = try ReplayState.opening(
            remembered, dataset: dataset.name, log: dataset.log, configuration: configuration)
        try await stateStore.save(state)
        let arrivals = Arrivals(log: dataset.log, catalogue: dataset.catalogue, store: store)
        arrivals.advance(to: state.now)
        let intake = FeedbackIntake(store: store, arrivals: arrivals, clock: clock)
        try await intake.restore()

        let hub = EventHub(firstID: startedAt.milliseconds)
        let publish: @Sendable (StackEvent) -> Void = { hub.publish($0) }
        let slot = ModelSlot()
        let shadow = ShadowTraffic(share: configuration.shadowShare, queue: Queues.shadow)
        let deployment = Deployment(
            registry: store, artifacts: artifacts, slot: slot, shadow: shadow, clock: clock,
            logger: logger, publish: publish)
        let (quality, drift) = (QualityBoard(store: store), DriftBoard(store: store))
        let trackedRuns = TrackedRuns(store: store)
        let workshop = Workshop(
            store: store, artifacts: artifacts, arrivals: arrivals, threads: threads, dataset: dataset.name, home: home,
            trackedRuns: trackedRuns, deployment: deployment, quality: quality, drift: drift, publish: publish,
            clock: clock, addresses: configuration.project.addresses)
        let (toWorkshop, toOrchestrator) = (Later<Workshop>(), Later<any Orchestrator>())
        toWorkshop.set(workshop)
        let url = AddressCell()
        let (secrets, token) = (SecretStore(home), configuration.token)
        var parts = LocalOrchestrator.Parts(
            store: store, operators: operators(toWorkshop, toOrchestrator), clock: clock,
            executor: QueueExecutor(Queues.scheduler),
            shell: ShellProcesses(queue: Queues.processes, clock: clock, killGrace: .seconds(2)),
            logQueue: Queues.logs,
            fileQueue: Queues.files, logsFolder: home.logs, workFolder: home.work, machineZone: .ofThisMachine(),
            environment: { [inherited = configuration.environment] in
                try await shellEnvironment(of: $0, $1, inherited, trackedRuns, home, url: url.value, token)
            },
            logger: logger, secrets: { try await secrets.values() })
        // Who writes to the bucket is the program, which says what a research run may change there; a task goes through it.
        if configuration.project.artifacts != nil { parts.withheld = BucketCredentials.names }
        parts.masked = masked(token, configuration.environment)
        parts.pools = configuration.project.pools
        parts.models = { path in try await AliasedVersion(registry: store).value(path) }
        let orchestrator = LocalOrchestrator(parts)
        toOrchestrator.set(orchestrator)
        if let pipelines {
            try await load(pipelines, into: orchestrator, store: store, at: state.now)
        } else {
            try await loadFiles(of: home, into: orchestrator, store: store, logger)
        }
        let key = try await Queues.files.perform { try makeKey(of: home) }

        let notifier = Notifier(
            .init(
                outbox: store,
                sender: WebhookSender(
                    transfer: HTTPTransfer(queue: Queues.notifications), addresses: workshop.addresses,
                    excerpts: LogExcerpts(queue: Queues.notifications) { [orchestrator] run, task, attempt in
                        try await orchestrator.logPath(runID: run, taskID: task, attempt: attempt)
                    }, pages: { url.value }, secrets: { try await secrets.values() }), clock: clock, logger: logger))
        let narrator = Narrator(trackedRuns: trackedRuns, publish: publish, logger: logger)
        let replay = Replay(
            parts: .init(
                store: stateStore, orchestrator: orchestrator, arrivals: arrivals, clock: clock, publish: publish,
                dayEnded: { day, elapsed in
                    await narrator.settle(orchestrator)
                    logger.notice("\(DayReport(day: day, elapsed: elapsed, slot: slot, latest: quality.latest).line)")
                },
                clear: {
                    let report = try await store.removeEverythingMadeByPipelines(reopeningFeedbackDays: true)
                    await orchestrator.forgetReplay()
                    for path in report.artifacts { try await artifacts.delete(path) }
                    slot.clear()
                    shadow.swap(in: nil)
                    quality.clear()
                    narrator.forget()
                    publish(.serving)
                }), state: state)
        var ports = ServingPorts(
            facts: StackFacts(
                programVersion: Version.current, home: home.path, defaultModel: defaultModel,
                startedAtMilliseconds: startedAt.milliseconds, token: configuration.token,
                pipelineSchema: PipelineDescription.schema,
                slackSigningSecret: await slackSigningSecret(secrets, logger), homeKey: key),
            slot: slot, shadow: shadow, people: arrivals, feedback: intake, deployer: deployment,
            reproducer: Reproduction(workshop), replay: replay, orchestrator: orchestrator, quality: quality,
            drift: drift,
            datasets: DatasetList(name: dataset.name, source: dataset.path, arrivals: arrivals), tracking: store,
            registry: store, loggedModels: store, artifacts: artifacts, events: hub)
        ports.problems = {
            do {
                _ = try await secrets.values()
                return []
            } catch {
                let text = ErrorText(error)
                return [HomeProblem(subject: "secrets", message: text.what, remedy: text.remedy ?? "")]
            }
        }
        ports.outbox = store
        ports.purger = ExperimentPurge(store: store, artifacts: artifacts, logger: logger)
        ports.history = store
        ports.data = DataBoard(
            name: dataset.name, path: dataset.path, home: home, arrivals: arrivals, store: store, intake: intake)
        ports.system = SystemBoard(
            .init(
                configuration: configuration, clock: clock, store: store, orchestrator: orchestrator, replay: replay,
                threads: threads, intake: intake, slot: slot, hub: hub, url: url, dataset: dataset.name,
                opening: state), log: log)
        if pipelines == nil {
            ports.examples = ExamplePipeline.all.map(\.served)
            ports.installer = PipelineInstallation(
                folder: home.pipelines, store: store, orchestrator: orchestrator, clock: clock)
        }
        await loadProduction(deployment, slot, logger)
        return StackParts(
            configuration: configuration, clock: clock, store: store, artifacts: artifacts, garbage: garbage,
            arrivals: arrivals, slot: slot, hub: hub, quality: quality, deployment: deployment,
            orchestrator: orchestrator, replay: replay, narrator: narrator, notifier: notifier, ports: ports,
            openingState: state, url: url, schedules: pipelines == nil, logger: logger)
    }

    /// A home that has a model answers from the first moment.
    private static func loadProduction(_ deployment: Deployment, _ slot: ModelSlot, _ logger: Logger) async {
        do {
            _ = try await deployment.reload(model: defaultModel, alias: "production")
        } catch StackError.noVersion {
            // A new home: the first simulated day brings one.
        } catch {
            let which = slot.lastLoadError.map { "version \($0.version) of \($0.model): " } ?? ""
            logger.error("production could not be loaded: \(which)\(ErrorText(error).oneLine)")
        }
    }

    /// nil: nothing is ever removed.
    var pruning: RunPruning? {
        configuration.retention.runs.map { kept in
            RunPruning(
                store: store, clock: clock, folders: configuration.home.foldersOfRuns, kept: kept,
                logger: logger)
        }
    }

    /// What no task's log shows besides the secrets that pipelines name.
    private static func masked(_ token: String?, _ environment: [String: String]) -> [String] {
        let keys = environment.filter {
            BucketCredentials.secretNames.contains($0.key) && $0.value.utf8.count >= SecretStore.shortestValue
        }
        return [token].compactMap { $0 } + keys.map(\.value)
    }

    /// What plain `mlflow` in a shell task needs to land on the right run.
    private static func shellEnvironment(
        of run: DAGRun, _ kind: PipelineEnvironment, _ inherited: [String: String], _ trackedRuns: TrackedRuns,
        _ home: Home, url: String?, _ token: String?
    ) async throws -> [String: String] {
        // A task gets the secrets that it names, and no others.
        var environment = inherited.filter { !$0.key.hasPrefix(SecretStore.prefix) }
        let tracked = try await trackedRuns.ensure(run, kind)
        let url = url.map { kind == .research ? $0 + HTTPServer.researchPrefix : $0 }
        environment["MLFLOW_TRACKING_URI"] = url
        environment["MLSTACK_URL"] = url
        // What they call asks for it.
        environment["MLFLOW_TRACKING_TOKEN"] = token
        environment["MLSTACK_TOKEN"] = token
        environment["MLSTACK_HOME"] = home.path
        environment["MLSTACK_ENVIRONMENT"] = kind.rawValue
        // A task can call `mlstack` though nobody installed it; what a person has on the PATH comes first.
        if let program = Bundle.main.executableURL?.deletingLastPathComponent().path(percentEncoded: false) {
            environment["PATH", default: "/usr/local/bin:/usr/bin:/bin"] += ":\(Home(program).path)"
        }
        environment["MLFLOW_EXPERIMENT_NAME"] = run.pipelineID
        environment["MLFLOW_RUN_ID"] = tracked.id
        environment["MLFLOW_DISABLE_TELEMETRY"] = "true"
        environment["DO_NOT_TRACK"] = "true"
        return environment
    }
}
