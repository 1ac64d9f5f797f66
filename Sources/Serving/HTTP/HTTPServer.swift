package import Dispatch
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
package import Scheduling
import Synchronization

/// The one port of the program: pages, API and registry over HTTP/1.1.
///
/// ```swift
/// let server = try HTTPServer(listening: .init(host: "127.0.0.1", port: 0), ports: ports, clock: clock, files: queue, logger: logger)
/// try await server.run { address in print(address.url) }
/// ```
/// `run` ends when `shutDown()` is called, when its task is cancelled, or when the service group it runs in shuts down gracefully:
/// no new connections, requests in flight are answered, streams end, within two seconds.
package final class HTTPServer: Sendable {
    /// Where it is to listen, how many may be connected at once, and how it ends.
    package struct Listening: Sendable {
        package var host: String
        /// 0: any free one.
        package var port: Int
        package var maximumConnections: Int
        /// How long requests in flight may take once the server is to stop: nobody should wait longer than this for that.
        package var grace: Duration
        /// How long a request may be on its way.
        package var patience: RequestPatience
        package init(
            host: String = "127.0.0.1", port: Int = 8080, maximumConnections: Int = 4096,
            grace: Duration = .milliseconds(1200), patience: RequestPatience = RequestPatience()
        ) {
            (self.host, self.port, self.maximumConnections) = (host, port, maximumConnections)
            (self.grace, self.patience) = (grace, patience)
        }
    }

    /// Where the server listens.
    package struct Address: Sendable, Equatable {
        package var host: String
        package var port: Int
        /// Without a slash at its end.
        package var url: String {
            let name = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host
            return name.contains(":") ? "http://[\(name)]:\(port)" : "http://\(name):\(port)"
        }
    }

    /// Of the whole process and for its whole life: what closes late has a thread to do it on. Answers are short, so a few suffice.
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: max(2, min(4, System.coreCount)))

    private typealias Core = Server<LoopBoundChannel>

    private let listening: Listening
    private let ports: ServingPorts
    private let logger: Logger
    private let door: FrontDoor
    private let core = Mutex<Core?>(nil)

    /// - Parameters:
    ///   - clock: the wall's.
    ///   - files: a serial queue that may block: task logs are read and titles searched on it.
    ///   - families: routes beside those of this target.
    /// - Throws: `HTTPServerError.tokenRequired`.
    package init(
        listening: Listening, ports: ServingPorts, clock: any Clock, files: DispatchQueue, logger: Logger,
        families: [any RouteFamily] = []
    ) throws(HTTPServerError) {
        if !HTTPServer.isLoopback(listening.host), (ports.facts.token ?? "").isEmpty {
            throw .tokenRequired(host: listening.host)
        }
        (self.listening, self.ports, self.logger) = (listening, ports, logger)
        door = FrontDoor(
            host: listening.host, surroundings: Surroundings(ports: ports, clock: clock, files: files),
            families: families, logger: logger)
    }

    /// Where the server listens; nil before it does.
    package var address: Address? { door.surroundings.address }

    /// The description of its API, in OpenAPI 3.1: what `/openapi.json` answers.
    package var openAPI: String {
        let surroundings = door.surroundings
        return String(
            buffer: OpenAPI.document(of: surroundings.routes, version: surroundings.ports.facts.programVersion).buffer)
    }

    /// Whether the server was asked to stop.
    var isDraining: Bool { door.surroundings.areStreamsEnded }

    /// Listens until the end.
    /// - Parameter onReady: called once, as soon as connections are accepted.
    /// - Throws: `HTTPServerError`.
    package func run(onReady: @escaping @Sendable (Address) -> Void = { _ in }) async throws {
        do { try await serve(onReady: onReady) } catch { throw explained(error) }
    }

    /// Takes note of how the server does: to be called every `TrafficSamples.interval`. It reads counters that are kept anyway.
    package func sample() async {
        let surroundings = door.surroundings
        let gauges = await ports.system?.gauges() ?? SystemGauges()
        surroundings.samples.add(
            .init(
                atMilliseconds: surroundings.clock.now.milliseconds, residentBytes: ProcessMemory.residentBytes,
                cpuSeconds: ProcessTime.cpuSeconds, gauges: gauges, families: door.totals))
    }

    /// Stops accepting, lets requests in flight end, ends the streams. Returns at once when the server does not run.
    package func shutDown() async {
        door.surroundings.endStreams()
        guard let core = core.withLock({ $0 }) else { return }
        do { try await core.shutdownGracefully() } catch {
            logger.warning("the server stopped with an error: \(error)")
        }
    }

    /// Behind the server's address, and before every path: for those who may only look at production.
    package static let researchPrefix = ResearchFace.prefix

    /// Names that mean this machine alone.
    package static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        // All of 127.0.0.0/8, but not a name that begins like it.
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts[0] == 127 && !parts.contains(nil)
    }

    private func serve(onReady: @escaping @Sendable (Address) -> Void) async throws {
        let (door, listening) = (door, listening)
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                DrainHandler(grace: TimeAmount(listening.grace), onDrain: { door.surroundings.endStreams() }),
                ArrivalHandler(listening.patience),
            ],
            idleTimeout: .seconds(75))
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 100)
        let core = Core(
            childChannelSetup: LoopBoundChannel(
                connection: HTTP1Channel(
                    responder: { request, writer, _ in try await door.answer(request, writer) },
                    configuration: configuration)),
            configuration: ServerConfiguration(
                address: .hostname(listening.host, port: listening.port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(listening.maximumConnections)),
            onServerRunning: { channel in
                let address = Address(host: listening.host, port: channel.localAddress?.port ?? listening.port)
                door.begin(at: address)
                onReady(address)
            },
            eventLoopGroup: HTTPServer.loops, logger: logger)
        self.core.withLock { $0 = core }
        try await withTaskCancellationHandler {
            // On an event loop as its connections are: accepting waits for nobody else's tasks.
            try await withTaskExecutorPreference(LoopExecutor(HTTPServer.loops.next())) { try await core.run() }
        } onCancel: {
            door.surroundings.endStreams()
        }
        // A cancelled server has let go of its connections, but not of its port.
        try await core.shutdownGracefully()
    }

    private func explained(_ error: any Error) -> any Error {
        guard let error = error as? IOError else { return error }
        if error.errnoCode == EADDRINUSE {
            return HTTPServerError.portBusy(
                host: listening.host, port: listening.port, owner: PortOwner.describe(port: listening.port))
        }
        return HTTPServerError.cannotListen(
            host: listening.host, port: listening.port, reason: String(cString: strerror(error.errnoCode)))
    }
}
