import Dispatch
import Logging
import Scheduling
import TestKit
import Training

@testable import Serving

/// A whole program in miniature, behind a real server on a free port.
struct World: Sendable {
    let slot = ModelSlot()
    let shadowQueue: DispatchQueue
    let shadow: ShadowTraffic
    let people: FakePeople
    let feedback = FakeFeedback()
    let deployer: FakeDeployer
    let replay = FakeReplay()
    let orchestrator = FakeOrchestrator()
    let registry = FakeRegistry()
    let events = EventHub()
    let clock = SteppedClock()
    let system = FakeSystem()
    var token: String?
    var slackSigningSecret: String?
    var outbox: (any NotificationOutbox)?
    var host = "127.0.0.1"
    var grace = Duration.milliseconds(1200)
    var patience = RequestPatience()
    var families: [any RouteFamily] = []

    init() {
        people = FakePeople(catalogue: World.catalogue, histories: World.histories)
        deployer = FakeDeployer(slot: slot)
        shadowQueue = DispatchQueue(label: "test.shadow")
        shadow = ShadowTraffic(share: 1, queue: shadowQueue)
    }

    /// Returns when the challenger has nothing left to do.
    func settleShadow() async { await withCheckedContinuation { done in shadowQueue.async { done.resume() } } }

    /// With version 3 of `movies` loaded.
    static var ready: World {
        let world = World()
        world.slot.swap(in: World.model(version: 3))
        return world
    }

    /// Ten films, `1` to `10`; the odd ones are comedies. Film 10 has awkward text for a title.
    static let catalogue = ItemCatalogue(
        (1...9).map {
            Item(
                id: "\($0)", title: "Film \($0)", year: 1990 + $0, genres: $0.isMultiple(of: 2) ? ["Drama"] : ["Comedy"]
            )
        }
            + [Item(id: "10", title: "<b>\"Ten\"\\\u{1}</b>", year: nil, genres: [])])

    /// `1` has rated films 1 and 2, `7` (whom the model has never seen) film 5, `2` nothing that counts.
    static let histories = [
        "1": [rating("1", "1", 4, 100), rating("1", "2", nil, 200)],
        "7": [rating("7", "5", 5, 300)],
    ]

    static func rating(_ user: String, _ item: String, _ stars: Float?, _ time: Int64) -> Rating {
        Rating(user: user, item: item, stars: stars, timestampSeconds: time)
    }

    static func model(
        version: Int, items: [String] = (1...10).map(String.init), alias: String? = "production"
    ) -> LiveModel {
        LiveModel(
            of: FakeRegistry.version(version, aliases: alias.map { [$0] } ?? []), alias: alias,
            recommender: FakeRecommender(items: items, users: ["1", "2", "3"]), simulatedDate: "2024-10-03",
            loadedAtMilliseconds: 1_727_913_600_000)
    }

    var ports: ServingPorts {
        var ports = ServingPorts(
            facts: StackFacts(
                programVersion: "0.1.0", home: "/home/test", defaultModel: "movies",
                startedAtMilliseconds: 1_727_913_599_000,
                token: token, slackSigningSecret: slackSigningSecret),
            slot: slot, shadow: shadow, people: people, feedback: feedback, deployer: deployer,
            reproducer: FakeReproducer(), replay: replay,
            orchestrator: orchestrator,
            quality: FakeQuality(), drift: FakeDrift(), datasets: FakeDatasets(), tracking: FakeTracking(),
            registry: registry,
            loggedModels: FakeLoggedModels(), artifacts: FakeArtifacts(), events: events)
        ports.outbox = outbox
        ports.history = FakeHistory()
        ports.data = FakeData()
        ports.system = system
        return ports
    }

    func server(port: Int = 0) throws -> HTTPServer {
        try HTTPServer(
            listening: .init(host: host, port: port, grace: grace, patience: patience), ports: ports, clock: clock,
            files: DispatchQueue(label: "test.files"),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            families: families)
    }

    /// Runs a server, gives the body its port, and stops it.
    func serve<Value: Sendable>(_ body: @Sendable (Int) async throws -> Value) async throws -> Value {
        let server = try server()
        return try await run(server) { try await body($0) }
    }

    func run<Value: Sendable>(_ server: HTTPServer, _ body: @Sendable (Int) async throws -> Value) async throws -> Value
    {
        let (addresses, ready) = AsyncStream<HTTPServer.Address>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ready.finish() }
                try await server.run { ready.yield($0) }
            }
            guard let address = await addresses.first(where: { _ in true }) else {
                try await group.waitForAll()
                throw HTTPClient.Failure(description: "the server ended before it began")
            }
            let result: Result<Value, any Error>
            do { result = .success(try await body(address.port)) } catch { result = .failure(error) }
            await server.shutDown()
            try await group.waitForAll()
            return try result.get()
        }
    }
}
