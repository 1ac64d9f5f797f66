import Logging
import Scheduling
import Synchronization
import TestKit
import Testing

@testable import Serving

@Suite struct SystemTests {
    @Test(arguments: [
        Scenario.get(
            "the program's parts, settings and their origins are told", "/api/v1/system", 200,
            [
                "program = 0.1.0", "versions.cores = 2", "subsystems[0].name = scheduler",
                "subsystems[0].queues[0].name = <b>", "subsystems[0].queues[0].waiting = 3", "disk = null",
                "settings[0].origin = command_line", "examination = null",
            ]),
        .get("before the second look there is no sample", "/api/v1/system/samples", 200, ["at_ms = []"]),
        .post(
            "an examination answers with what it found", "/api/v1/system/examination", nil, 200,
            ["findings[0].ok = false", "findings[0].remedy = make room."]),
        .get("a level that there is not is refused", "/api/v1/system/log?level=loud", 422),
        .get("a log without lines is empty", "/api/v1/system/log", 200, ["lines = []", "last_id = 0"]),
    ])
    func `the program is told as it is`(_ scenario: Scenario) async throws { try await scenario.check() }

    @Test func `samples tell what came between two looks, by family of routes`() async throws {
        let world = World.ready
        let server = try world.server()
        try await world.run(server) { port in
            let client = HTTPClient(port: port)
            _ = try await client.send("GET", "/api/v1/recommendations/1")
            await server.sample()
            for _ in 1...10 { _ = try await client.send("GET", "/api/v1/recommendations/1") }
            _ = try await client.send("GET", "/api/v1/nothing")
            world.system.gauge.withLock { $0.waitingTasks = 4 }
            world.clock.advance(by: .seconds(5))
            await server.sample()
            let answer = try await client.send("GET", "/api/v1/system/samples").text
            let samples = try JSONParser.parse(answer)
            #expect(SchemaCheck.problems(of: samples, .named("SystemSamples")) == [])
            #expect(samples.at("waiting_tasks") == [4])
            let families = samples["families"]?.array ?? []
            #expect(families.map { $0["name"]?.string ?? "" } == ["pages", "recommendations"])
            #expect(families.last?.at("requests_per_second[0]")?.double == 2)
            #expect((families.last?.at("p99_ms[0]")?.double ?? 0) > 0)
            let after = world.clock.now.milliseconds
            let later = try await client.send("GET", "/api/v1/system/samples?after=\(after)").text
            #expect(later.contains("\"at_ms\":[]"))
        }
    }

    @Test func `lines of the log are found by level, by text and by what came after`() async throws {
        let world = World.ready
        let logger = world.system.log.attached(to: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        logger.notice("the day began", metadata: ["run": "daily-9"])
        logger.error("train <failed>")
        logger.info("all is quiet")
        try await world.serve { port in
            let client = HTTPClient(port: port)
            func messages(_ query: String) async throws -> [String] {
                let answer = try JSONParser.parse(try await client.send("GET", "/api/v1/system/log" + query).text)
                #expect(SchemaCheck.problems(of: answer, .named("SystemLog")) == [])
                return (answer["lines"]?.array ?? []).map { $0["message"]?.string ?? "" }
            }
            let all = try await messages("")
            #expect(all == ["the day began", "train <failed>", "all is quiet"])
            #expect(try await messages("?level=warning") == ["train <failed>"])
            #expect(try await messages("?query=DAILY") == ["the day began"])
            #expect(try await messages("?after=2") == ["all is quiet"])
            #expect(try await messages("?limit=1") == ["all is quiet"])
        }
    }
}
