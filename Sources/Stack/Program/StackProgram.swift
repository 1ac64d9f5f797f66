import Dispatch
import Foundation
package import Logging
import Registry
import Scheduling
import Serving
import ServiceLifecycle
import Storage
import Training
import UnixSignals

/// The whole stack in one process: builds the parts, starts them in the order of dependence and stops them in the reverse.
package struct StackProgram: Sendable {
    let configuration: Configuration
    let logger: Logger
    /// The task types that pipelines can use.
    var operators: OperatorList.Making = OperatorList.catalogue

    package init(configuration: Configuration, logger: Logger) {
        (self.configuration, self.logger) = (configuration, logger)
    }

    /// Runs until a signal, or until the replay is done if the configuration says so.
    /// - Parameters:
    ///   - onReady: called once connections are accepted.
    ///   - onProgress: share of the ratings that has been read, while they are parsed for the first time.
    /// - Throws: `StackError`, `StorageError`, `DataError`, `HTTPServerError`.
    package func run(
        onReady: @escaping @Sendable (Banner) -> Void, onProgress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> Summary {
        try configuration.check()
        try configuration.home.prepare()
        let lock = try HomeLock.acquire(home: configuration.home.path)
        defer { lock.release() }
        let parts = try await StackParts.build(
            configuration, operators: operators, logger: logger, onProgress: onProgress)
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
            files: Queues.logs, logger: logger)
        let began = parts.clock.now
        let configuration = configuration
        let untilDone = configuration.exitsWhenDone
        let serving = ServingService(server: server) { address in
            parts.url.set(address.url)
            do { try lock.publish(url: address.url) } catch {
                parts.logger.error("\(ErrorText(error).oneLine)")
            }
            onReady(
                Banner(
                    configuration: configuration, url: address.url, state: parts.openingState,
                    user: parts.arrivals.firstPerson))
            parts.listening.open()
        }
        let scheduler = SchedulerService(parts: parts)
        let replay = ReplayService(parts: parts, untilDone: untilDone)
        var groupConfiguration = ServiceGroupConfiguration(
            services: [
                .init(service: serving),
                .init(service: scheduler),
                .init(
                    service: replay, successTerminationBehavior: untilDone ? .gracefullyShutdownGroup : .ignore),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
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

/// What a start prints: what a person needs next.
package struct Banner: Sendable {
    package var url: String
    package var home: String
    package var dayLengthSeconds: Double
    package var isPaused: Bool
    package var nextDay: String
    /// Somebody with ratings, to ask recommendations for.
    package var user: String

    init(configuration: Configuration, url: String, state: ReplayState, user: String?) {
        self.user = user ?? "1"
        (self.url, home) = (url, configuration.home.path)
        dayLengthSeconds = Double(state.dayLengthMilliseconds) / 1000
        isPaused = !state.isPlaying
        nextDay = Day(containing: state.now).description
    }
}

/// What a whole replay came to.
package struct Summary: Sendable {
    package var days = 0
    package var secondsPerDay = 0.0
    package var versions = 0
    package var production: Double?
    package var popularity: Double?
    package var peakResidentBytes: Int64?
    package var seconds = 0.0
    package var contentHash: String?

    init(parts: StackParts, began: Instant) async throws {
        let pace = await parts.replay.pace
        days = pace.days
        secondsPerDay = pace.days == 0 ? 0 : pace.total.seconds / Double(pace.days)
        seconds = (parts.clock.now - began).seconds
        peakResidentBytes = Memory.peakResidentBytes
        let name = StackParts.defaultModel
        do {
            let version = try await parts.store.version(alias: "production", of: name)
            versions = version.version
            contentHash = version.tags["mlstack.content_hash"]
        } catch RegistryError.notFound, RegistryError.invalid {
            // No day has brought a model.
        }
        let points = try await parts.quality.quality(model: name)
        production = Summary.mean(points, "ndcg_at_10")
        popularity = Summary.mean(points, "popularity_ndcg_at_10")
    }

    private static func mean(_ points: [QualityPoint], _ key: String) -> Double? {
        let values = points.compactMap { $0.values[key] }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
