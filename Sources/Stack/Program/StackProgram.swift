package import Logging
import Scheduling
import Serving
import ServiceLifecycle
import Storage
import UnixSignals

/// The whole stack in one process: builds the parts, starts them in the order of dependence and stops them in the reverse.
package struct StackProgram: Sendable {
    let configuration: Configuration
    let logger: Logger
    /// The task types that pipelines can use.
    var operators: OperatorList.Making = OperatorList.catalogue
    /// In place of the files in the home; then no schedule runs on the wall's clock.
    var pipelines: [Pipeline]?

    package init(configuration: Configuration, logger: Logger) {
        (self.configuration, self.logger) = (configuration, logger)
    }

    /// Runs until a signal, or until the replay is done if the configuration says so.
    /// - Parameters:
    ///   - onReady: called once connections are accepted.
    ///   - onProgress: share of the ratings that has been read, while they are parsed for the first time.
    /// - Throws: `StackError` (a replay that was to reach its end and stopped on the way among them), `StorageError`, `DataError`, `HTTPServerError`.
    package func run(
        onReady: @escaping @Sendable (Banner) -> Void, onProgress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> Summary {
        Memory.keepSmall()
        let log = LogRing { WallClock().now.milliseconds }
        let logger = log.attached(to: self.logger)
        try configuration.check()
        try configuration.home.prepare()
        let lock = try HomeLock.acquire(home: configuration.home.path)
        defer { lock.release() }
        let parts = try await StackParts.build(
            configuration, operators: operators, pipelines: pipelines, log: log, logger: logger,
            onProgress: onProgress)
        do {
            let summary = try await run(parts, lock: lock, onReady: onReady)
            try await Queues.files.perform { try parts.store.close() }
            return summary
        } catch {
            // What happened matters more than a failure to close after it.
            try? await Queues.files.perform { try parts.store.close() }
            throw error
        }
    }

    private func run(
        _ parts: StackParts, lock: HomeLock, onReady: @escaping @Sendable (Banner) -> Void
    ) async throws -> Summary {
        let server = try HTTPServer(
            listening: .init(host: configuration.host, port: configuration.port), ports: parts.ports,
            clock: parts.clock,
            files: Queues.logs, logger: parts.logger)
        let began = parts.clock.now
        let configuration = configuration
        let untilDone = configuration.exitsWhenDone
        let pipelines = try await parts.orchestrator.pipelines()
        let serving = ServingService(server: server) { address in
            parts.url.set(address.url)
            do { try lock.publish(url: address.url) } catch {
                parts.logger.error("\(ErrorText(error).oneLine)")
            }
            onReady(
                Banner(
                    configuration: configuration, url: address.url, state: parts.openingState,
                    user: parts.arrivals.firstPerson, pipelines: pipelines))
            parts.listening.open()
        }
        let scheduler = SchedulerService(parts: parts)
        let replay = ReplayService(parts: parts, untilDone: untilDone)
        var groupConfiguration = ServiceGroupConfiguration(
            services: [
                .init(service: serving),
                .init(service: MeasuringService(server: server, clock: parts.clock)),
                .init(service: NotifierService(parts: parts)),
                .init(service: scheduler),
                .init(
                    service: replay, successTerminationBehavior: untilDone ? .gracefullyShutdownGroup : .ignore,
                    failureTerminationBehavior: .gracefullyShutdownGroup),
            ],
            // A run of a file alone is stopped by whoever started it.
            gracefulShutdownSignals: parts.schedules ? [.sigterm, .sigint] : [],
            logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        groupConfiguration.maximumGracefulShutdownDuration = .seconds(4)
        do {
            try await ServiceGroup(configuration: groupConfiguration).run()
        } catch let error as ServiceGroupError {
            logger.debug("\(error)")
        }
        return try await Summary(parts: parts, began: began)
    }
}
