import Dispatch
import HTTPTypes
import Hummingbird
import Logging
import Registry
import Scheduling
import TestKit
import Testing

@testable import Serving

/// What is said of failures inside, and to whom.
struct PrivateErrorTests {
    private static let place = "/home/someone/var/mlstack.db at http://10.0.0.7:9000"

    private struct Unforeseen: Error { var sql = "SELECT secret FROM t; " + PrivateErrorTests.place }

    private struct Failing: RouteFamily {
        let error: any Error
        func register(in table: inout RouteTable) {
            for path in ["/api/v1/failing", "/api/2.0/mlflow/failing"] {
                table.on(.get, path) { _ in try await MLflowFailure.answering { throw error } }
            }
        }
    }

    @Test(arguments: [
        (RegistryError.storage(place) as any Error, 500, "INTERNAL_ERROR"),
        (RegistryError.unavailable(place), 503, "TEMPORARILY_UNAVAILABLE"),
        (SchedulingError.storeFailed(reason: place), 500, "INTERNAL_ERROR"),
        (SchedulingError.noFolder(path: place, reason: "gone"), 500, "INTERNAL_ERROR"),
        (Unforeseen(), 500, "INTERNAL_ERROR"),
    ])
    func `a failure inside is told without its words, which are in the log`(
        _ error: any Error, _ status: Int, _ code: String
    ) async throws {
        var world = World()
        world.families = [Failing(error: error)]
        let ring = LogRing(now: { 0 })
        let server = try HTTPServer(
            listening: .init(port: 0), ports: world.ports, clock: world.clock,
            files: DispatchQueue(label: "test.files"),
            logger: ring.attached(to: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })),
            families: world.families)
        try await world.run(server) { port in
            for path in ["/api/v1/failing", "/api/2.0/mlflow/failing"] {
                let answer = try await HTTPClient(port: port).send("GET", path + "?token=hidden")
                #expect(answer.status == status)
                #expect(!answer.text.contains("someone") && !answer.text.contains("10.0.0.7"), "\(answer.text)")
                #expect(answer.text.contains("log") && !answer.text.contains("SELECT"), "\(answer.text)")
                if path.contains("mlflow") { #expect(answer.text.contains(code)) }
            }
        }
        let entries = ring.entries(.init(level: .error)).entries
        #expect(entries.count == 2 && entries.allSatisfy { $0.message.contains(Self.place) }, "\(entries)")
        #expect(entries.first?.facts["asked"] == "GET /api/v1/failing")
    }

    @Test func `a full disk is told as such, on both faces`() async throws {
        var world = World()
        world.families = [Failing(error: RegistryError.full(Self.place))]
        try await world.serve { port in
            for path in ["/api/v1/failing", "/api/2.0/mlflow/failing"] {
                let answer = try await HTTPClient(port: port).send("GET", path)
                #expect(answer.status == 500 && answer.text.contains("disk is full"), "\(answer.text)")
                #expect(answer.text.contains("free some space") && !answer.text.contains("someone"), "\(answer.text)")
            }
        }
    }
}
