import Scheduling
import TestKit
import Testing

@testable import Serving

@Suite struct EventTests {
    private static func open(_ client: HTTPClient, lastEventID: String? = nil) async throws {
        let head = try await client.openStream("/api/v1/events", headers: [("Last-Event-ID", lastEventID)])
        #expect(head.status == 200)
        #expect(head.header("content-type") == "text/event-stream; charset=utf-8")
    }

    @Test func `a listener hears the clock first and then everything that happens`() async throws {
        let world = World.ready
        try await world.serve { port in
            let client = HTTPClient(port: port)
            try await EventTests.open(client)
            let first = try await client.nextChunk()
            #expect(first?.hasPrefix("id: 0\nevent: clock\ndata: {\"dataset\":\"demo\"") == true)
            #expect(first?.hasSuffix("}\n\n") == true)
            let run = FakeOrchestrator.run(id: "daily-9", state: .failed)
            let task = TaskInstance(runID: "daily-9", taskID: "train", state: .failed, message: "line 1\nline 2")
            world.events.publish(.scheduling(.run(run)))
            world.events.publish(.scheduling(.task(task, pipelineID: "daily")))
            world.events.publish(.scheduling(.pipeline(id: "daily")))
            world.events.publish(.model(name: "movies", version: 4, alias: "production", previousVersion: 3))
            world.events.publish(.serving)
            world.events.publish(.refusal(name: "movies", version: 4, alias: "production", reason: "no gain"))
            world.events.publish(.drift(DriftPoint(date: "2024-10-03", values: ["item_psi": 0.5])))
            world.events.publish(.quality(QualityPoint(date: "2024-10-03", values: ["ndcg_at_10": 0.5])))
            var heard = ""
            while !heard.contains("event: quality") { heard += try await client.nextChunk() ?? "" }
            let events = heard.split(separator: "\n\n").map { $0.split(separator: "\n") }
            #expect(events.map { $0[0] } == (1...8).map { "id: \($0)" })
            #expect(
                events.map { $0[1] }
                    == ["run", "task", "pipeline", "model", "serving", "refusal", "drift", "quality"].map {
                        "event: \($0)"
                    })
            let data = try events.map { try JSONParser.parse(String($0[2].dropFirst("data: ".count))) }
            #expect(SchemaCheck.problems(of: data[0], .named("Run")) == [])
            #expect(data[1]["run"] == "daily-9")
            #expect(data[1]["pipeline"] == "daily")
            #expect(data[1]["message"] == "line 1\nline 2")
            #expect(data[3]["previous_version"] == 3)
            #expect(SchemaCheck.problems(of: data[4], .named("Serving")) == [])
            #expect(SchemaCheck.problems(of: data[7], .named("QualityPoint")) == [])
        }
    }

    @Test func `a listener that comes back hears what it missed`() async throws {
        let world = World()
        for _ in 1...5 { world.events.publish(.serving) }
        try await world.serve { port in
            let client = HTTPClient(port: port)
            try await EventTests.open(client, lastEventID: "3")
            var heard = ""
            while !heard.contains("id: 5\n") { heard += try await client.nextChunk() ?? "" }
            #expect(heard.contains("id: 4\n"))
            #expect(!heard.contains("resync"))
        }
    }

    @Test(arguments: ["3", "999999", "nonsense"])
    func `a listener that missed too much is told to start afresh`(_ lastEventID: String) async throws {
        let world = World()
        for _ in 0..<(EventHub.capacity + 10) { world.events.publish(.serving) }
        try await world.serve { port in
            let client = HTTPClient(port: port)
            try await EventTests.open(client, lastEventID: lastEventID)
            var heard = ""
            while !heard.contains("event: resync") { heard += try await client.nextChunk() ?? "" }
            #expect(heard.contains("event: clock"))
            #expect(!heard.contains("event: serving"))
        }
    }

    @Test func `a silent stream is kept alive`() async throws {
        let world = World()
        try await world.serve { port in
            let client = HTTPClient(port: port)
            try await EventTests.open(client)
            _ = try await client.nextChunk()
            await world.clock.untilSomebodySleeps()
            world.clock.advance(by: EventRoutes.keepAlive)
            #expect(try await client.nextChunk() == ": keep-alive\n\n")
        }
    }

    @Test func `a listener that hangs up is let go at once`() async throws {
        let world = World()
        try await world.serve { port in
            let client = HTTPClient(port: port)
            try await EventTests.open(client)
            while world.events.waitingCount == 0 { await Task.yield() }
            try await client.close()
            while world.events.waitingCount > 0 { await Task.yield() }
        }
    }
}
