import Foundation
import TestKit
import Testing

@testable import Serving

/// Clients that begin a request and stop.
@Suite struct RequestPatienceTests {
    private static let patience = RequestPatience(head: .seconds(20), body: .seconds(30))
    private let start = ContinuousClock.now

    /// A connection whose first bytes have come.
    private func begun() -> RequestArrival {
        var arrival = RequestArrival(Self.patience)
        let isNew = arrival.bytesArrived(at: start)
        #expect(isNew)
        return arrival
    }

    /// A connection with a head, and a body that is waited for.
    private func asked() -> RequestArrival {
        var arrival = begun()
        arrival.headEnded()
        arrival.bytesWanted(at: start)
        return arrival
    }

    @Test func `a silent connection owes nothing, and a head that trickles has no more time than one that stops`() {
        #expect(RequestArrival(Self.patience).verdict(at: start + .seconds(1000)) == .rest)
        var arrival = begun()
        for second in 1...19 {
            let isNew = arrival.bytesArrived(at: start + .seconds(second))
            #expect(!isNew)
        }
        #expect(arrival.verdict(at: start + .seconds(19)) == .wait(until: start + .seconds(20)))
        #expect(
            arrival.verdict(at: start + .seconds(20)) == .end(answer: true, phase: "head", after: .seconds(20)))
    }

    @Test func `a body has its time anew with each piece, and none runs while nobody asks for the next`() {
        var arrival = asked()
        #expect(arrival.verdict(at: start + .seconds(29)) == .wait(until: start + .seconds(30)))
        _ = arrival.bytesArrived(at: start + .seconds(29))
        // The piece is being written to a slow disk.
        #expect(arrival.verdict(at: start + .seconds(500)) == .wait(until: start + .seconds(530)))
        arrival.bytesWanted(at: start + .seconds(500))
        #expect(
            arrival.verdict(at: start + .seconds(530)) == .end(answer: true, phase: "body", after: .seconds(30)))
        arrival.requestEnded()
        #expect(arrival.verdict(at: start + .seconds(530)) == .rest)
    }

    @Test func `whoever has an answer gets no second one, and answers to requests before it go first`() {
        var refused = asked()
        refused.answerBegan()
        refused.answerEnded()
        #expect(
            refused.verdict(at: start + .seconds(30)) == .end(answer: false, phase: "body", after: .seconds(30)))

        var second = begun()
        second.headEnded()
        second.requestEnded()
        _ = second.bytesArrived(at: start)
        #expect(second.verdict(at: start + .seconds(20)) == .wait(until: start + .seconds(40)))
        second.answerEnded()
        #expect(second.verdict(at: start + .seconds(40)) == .end(answer: true, phase: "head", after: .seconds(20)))
    }

    @Test(arguments: [
        ("half a head", "GET /api/v1/status HTTP/1.1\r\nHost: ", "\"code\":\"request_timeout\""),
        (
            "half a body",
            "POST /api/v1/feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
            "\"code\":\"request_timeout\""
        ),
        (
            "half a chunk for the registry",
            "POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
            "\"error_code\":\"DEADLINE_EXCEEDED\""
        ),
    ])
    func `what stops is answered and closed`(_ name: String, _ text: String, _ expected: String) async throws {
        var world = World.ready
        world.patience = RequestPatience(head: .milliseconds(50), body: .milliseconds(50))
        try await world.serve { port in
            let answer = try await BrokenUpload.send(text, port: port, hangsUp: false)
            #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains(expected), "\(name): \(answer)")
            // Once: what the route says of the body that broke off has nobody to read it.
            #expect(answer.components(separatedBy: "HTTP/1.1").count == 2)
        }
    }

    @Test(arguments: [
        ("/api/2.0/mlflow-artifacts/artifacts/0/a", "PUT", 1 << 30, true),
        ("/ajax-api/2.0/mlflow-artifacts/artifacts/0/a", "PUT", 1 << 30, true),
        ("/research/api/2.0/mlflow-artifacts/artifacts/0/a", "PUT", 1 << 30, true),
        ("/api/v1/models/films/file?file=a", "POST", 1 << 30, true), ("/api/v1/feedback", "POST", 10, true),
        ("/api/v1/feedback", "POST", 1 << 30, false), ("/nothing", "POST", 1 << 30, false),
    ])
    func `whoever asks before sending a file is told to go on where files are taken`(
        _ path: String, _ method: String, _ length: Int, _ isWelcome: Bool
    ) async throws {
        try await World.ready.serve { port in
            let answer = try await BrokenUpload.send(
                "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(length)\r\n\r\n", port: port, hangsUp: false, readsOn: false)
            #expect(answer.hasPrefix("HTTP/1.1 100 ") == isWelcome, "\(answer)")
        }
    }
}
