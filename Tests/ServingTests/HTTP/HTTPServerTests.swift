import Foundation
import HTTPTypes
import Hummingbird
import Synchronization
import TestKit
import Testing

@testable import Serving

@Suite struct HTTPServerTests {
    @Test(arguments: [
        Scenario.get("alive", "/healthz", 200, ["status = ok"], ready: false),
        .get("not ready without a model", "/readyz", 503, ["error.code = no_model"], ready: false),
        .get("ready with a model", "/readyz", 200, ["status = ready", "model.version = 3"]),
        .get("the scorer's ping", "/ping", 200, ["status = ready"]),
        .get("the page", "/", 200, contains: ["<!doctype html>"]),
        .get("the API's human page", "/docs", 200, contains: ["/api/v1/recommendations/{user}", "/docs/page.css"]),
        .get("its style", "/docs/page.css", 200, contains: [".entry"]),
        .get("the schema of pipeline files", "/schema/pipeline.json", 200, contains: ["{"]),
        Scenario(name: "a head alone", method: "HEAD", path: "/api/v1/replay"),
    ])
    func `pages and probes answer`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test func `one connection serves many requests`() async throws {
        try await World.ready.serve { port in
            let client = HTTPClient(port: port)
            for _ in 1...20 {
                let answer = try await client.send("GET", "/api/v1/recommendations/1?k=1")
                #expect(answer.status == 200)
                #expect(answer.header("content-length") == String(answer.body.count))
                #expect(answer.header("date") == "Thu, 03 Oct 2024 00:00:00 GMT")
            }
        }
    }

    @Test func `a page that has not changed is not sent again`() async throws {
        try await World().serve { port in
            let client = HTTPClient(port: port)
            let first = try await client.send("GET", "/")
            let etag = try #require(first.header("etag"))
            #expect(first.header("cache-control") == "no-cache")
            let second = try await client.send("GET", "/", headers: [("If-None-Match", "\"other\", W/\(etag)")])
            #expect(second.status == 304)
            #expect(second.body.isEmpty)
        }
    }

    @Test func `a page goes out in the coding that its reader takes, each with a tag of its own`() async throws {
        try await World().serve { port in
            let client = HTTPClient(port: port)
            let plain = try await client.send("GET", "/js/dom.js")
            let taking = [("Accept-Encoding", "br, gzip;q=0.5")]
            let gzip = try await client.send("GET", "/js/dom.js", headers: taking)
            #expect(plain.header("content-encoding") == nil)
            #expect(gzip.header("content-encoding") == "gzip")
            #expect(gzip.body.starts(with: [0x1f, 0x8b]))
            #expect(gzip.body.count < plain.body.count / 2)
            for answer in [plain, gzip] { #expect(answer.header("vary") == "Accept-Encoding") }
            let (one, other) = (try #require(plain.header("etag")), try #require(gzip.header("etag")))
            #expect(one != other)
            let known = try await client.send("GET", "/js/dom.js", headers: taking + [("If-None-Match", other)])
            #expect(known.status == 304)
            #expect(known.header("vary") == "Accept-Encoding")
            let stale = try await client.send("GET", "/js/dom.js", headers: taking + [("If-None-Match", one)])
            #expect(stale.status == 200)
            let head = try await client.send("HEAD", "/js/dom.js", headers: taking)
            #expect(head.header("content-encoding") == "gzip")
            #expect(head.header("content-length") == String(gzip.body.count))
            #expect(head.body.isEmpty)
        }
    }

    @Test(arguments: [
        ("gzip", true), ("deflate, GZIP;q=0.5", true), ("*", true), ("", false), ("identity", false),
        ("gzip;q=0", false),
        ("*, gzip; q=0.0", false), ("*;q=0", false), ("br", false),
    ])
    func `gzip is sent to whoever names it`(accepted: String, isTaken: Bool) {
        #expect(PageFiles.takesGzip(accepted) == isTaken)
    }

    @Test func `a taken port is told with its owner and the remedy`() async throws {
        let world = World()
        try await world.serve { port in
            let second = try world.server(port: port)
            do {
                try await second.run()
                Issue.record("two servers listen on one port")
            } catch let error as HTTPServerError {
                guard case .portBusy("127.0.0.1", port, let owner?) = error else { throw error }
                #expect(owner.contains("process"))
                #expect(error.recoverySuggestion?.contains("--port 0") == true)
            }
        }
    }

    @Test func `an address of another machine cannot be listened on`() async throws {
        var world = World()
        world.token = "x"
        world.host = "192.0.2.1"
        let server = try world.server()
        await #expect(throws: HTTPServerError.self) { try await server.run() }
    }

    @Test func `a request in flight is answered when the server stops`() async throws {
        var world = World()
        let gate = Gate()
        world.families = [GatedRoutes(gate: gate)]
        // A busy machine may take its time until the gate is opened.
        world.grace = .seconds(60)
        let server = try world.server()
        try await world.run(server) { port in
            async let answer = HTTPClient(port: port).send("GET", "/gated")
            await gate.untilEntered()
            async let stopped: Void = server.shutDown()
            while !server.isDraining { await Task.yield() }
            gate.open()
            let text = try await answer.text
            #expect(text == "through")
            await stopped
        }
    }

    @Test func `a server that was asked to stop ends its streams in time`() async throws {
        let world = World()
        let clock = ContinuousClock()
        let start = try await world.serve { port in
            let client = HTTPClient(port: port)
            _ = try await client.openStream("/api/v1/events")
            _ = try await client.nextChunk()
            return clock.now
        }
        // An open stream would last for ever; a machine that is busy takes its time.
        #expect(clock.now - start < .seconds(20))
    }

    @Test func `requests are answered while tasks compute on every thread of the pool`() async throws {
        try await World.ready.serve { port in
            let answered = Tally()
            let wanted = 5
            let clock = ContinuousClock()
            let patience = clock.now + .seconds(5)
            await withTaskGroup(of: Void.self) { group in
                // Twice as many as the pool has threads, so that nothing else gets one until the answers are there.
                for index in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
                    group.addTask {
                        if index == 0 {
                            for _ in 0..<wanted {
                                HTTPClient(port: port).send("GET", "/api/v1/recommendations/1") { result in
                                    if case .success(let answer) = result, answer.status == 200 {
                                        answered.count.add(1, ordering: .relaxed)
                                    }
                                }
                            }
                        }
                        while answered.count.load(ordering: .relaxed) < wanted, clock.now < patience {}
                    }
                }
            }
            #expect(answered.count.load(ordering: .relaxed) == wanted)
        }
    }

    @Test func `a cancelled server stops`() async throws {
        let server = try World().server()
        let (ready, signal) = AsyncStream<Void>.makeStream()
        let running = Task { try await server.run { _ in signal.yield() } }
        _ = await ready.first { _ in true }
        running.cancel()
        _ = await running.result
    }
}

private final class Tally: Sendable {
    let count = Atomic(0)
}

/// Lets a handler wait until the test says so.
final class Gate: Sendable {
    private let entered = AsyncStream<Void>.makeStream()
    private let opened = AsyncStream<Void>.makeStream()

    func pass() async {
        entered.continuation.yield()
        _ = await opened.stream.first { _ in true }
    }
    func untilEntered() async { _ = await entered.stream.first { _ in true } }
    func open() { opened.continuation.yield() }
}

struct GatedRoutes: RouteFamily {
    let gate: Gate

    func register(in table: inout RouteTable) {
        let gate = gate
        table.get("/gated") { _ in
            await gate.pass()
            return .text("through")
        }
    }
}
