import Foundation
import Scheduling
import Synchronization
import TestKit
import Testing

@testable import Serving

@Suite struct TaskLogTests {
    private static let root = "/api/v1/pipelines/daily/runs/daily-1/tasks"

    /// A file that goes when the body ends.
    private func withLog(_ text: String, _ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString).txt").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func append(_ text: String, to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }

    @Test func `what is known of a log can be left out`() async throws {
        try await withLog("one\ntwo\n") { path in
            let world = World()
            world.orchestrator.state.withLock { $0.logPaths = ["ingest.1": path] }
            let answers = try await world.serve { port in
                let (client, path) = (HTTPClient(port: port), "\(Self.root)/ingest/logs?offset=")
                return [
                    try await client.send("GET", path + "4"), try await client.send("GET", path + "8"),
                    try await client.send("GET", path + "2&limit=4"),
                    try await client.send("GET", path + "4&follow=true"),
                    try await client.send("GET", path + "0&limit=4&follow=true"),
                ]
            }
            #expect(answers.map(\.status) == [200, 200, 200, 422, 422])
            #expect(answers.prefix(3).map(\.text) == ["two\n", "", "e\ntw"])
        }
    }

    @Test func `the end of a log says where and in which line it begins, and can be followed`() async throws {
        try await withLog("one\ntwo\nthree\n") { path in
            let world = World()
            world.orchestrator.state.withLock { $0.logPaths = ["ingest.1": path] }
            let answers = try await world.serve { port in
                let (client, path) = (HTTPClient(port: port), "\(Self.root)/ingest/logs")
                return [
                    try await client.send("GET", path + "?tail=6"), try await client.send("GET", path + "?tail=99"),
                    // Of its own: what is followed ends with its connection.
                    try await HTTPClient(port: port).send("GET", path + "?tail=7&attempt=1&follow=true"),
                    try await client.send("GET", path + "?offset=4&limit=4"),
                    try await client.send("GET", path + "?tail=6&follow=true"),
                    try await client.send("GET", path + "?tail=6&offset=1"),
                ]
            }
            #expect(answers.map(\.status) == [200, 200, 200, 200, 422, 422])
            #expect(answers.prefix(4).map(\.text) == ["three\n", "one\ntwo\nthree\n", "\nthree\n", "two\n"])
            #expect(answers.prefix(4).map { $0.header("x-mlstack-log-offset") } == ["8", "0", "7", "4"])
            #expect(answers.prefix(4).map { $0.header("x-mlstack-log-line") } == ["3", "1", "2", "2"])
        }
    }

    @Test func `a log is sent as it is`() async throws {
        let long = String(repeating: "a line of the log\n", count: 10_000)
        try await withLog(long) { path in
            let world = World()
            world.orchestrator.state.withLock { $0.logPaths = ["ingest.1": path] }
            let answer = try await world.serve {
                try await HTTPClient(port: $0).send("GET", "\(Self.root)/ingest/logs")
            }
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/plain; charset=utf-8")
            #expect(answer.text == long)
        }
    }

    @Test func `a log that goes on in further files is sent in order, and says what is missing`() async throws {
        try await withLog("beginning\n") { path in
            for (part, text) in [(10, "end\n"), (8, "eight\n"), (9, "nine\n")] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path).\(part)"))
            }
            defer { for part in 8...10 { try? FileManager.default.removeItem(atPath: "\(path).\(part)") } }
            let world = World()
            world.orchestrator.state.withLock { $0.logPaths = ["ingest.1": path] }
            let answer = try await world.serve {
                try await HTTPClient(port: $0).send("GET", "\(Self.root)/ingest/logs")
            }
            #expect(
                answer.text == """
                    beginning
                    (7 parts of this log left out: its beginning and its end are kept)
                    eight
                    nine
                    end

                    """)
        }
    }

    @Test func `a reader of a long log goes on where he was, though parts have gone meanwhile`() async throws {
        try await withLog("beginning\n") { path in
            for (part, text) in [(8, "eight\n"), (9, "nine\n")] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path).\(part)"))
            }
            defer { for part in 8...9 { try? FileManager.default.removeItem(atPath: "\(path).\(part)") } }
            let world = World()
            world.orchestrator.state.withLock { $0.logPaths = ["ingest.1": path] }
            let answers = try await world.serve { port in
                let (client, path) = (HTTPClient(port: port), "\(Self.root)/ingest/logs?part=")
                return [
                    try await client.send("GET", path + "0&offset=2&limit=4"),
                    try await client.send("GET", path + "0&offset=10"),
                    try await client.send("GET", path + "5&offset=99"),
                    try await client.send("GET", path + "8&offset=6"),
                    try await client.send("GET", path + "9&offset=5"),
                    try await client.send("GET", path + "9&follow=true"),
                ]
            }
            #expect(answers.map(\.status) == [200, 200, 200, 200, 200, 422])
            #expect(answers.prefix(5).map(\.text) == ["ginn", "eight\n", "eight\n", "nine\n", ""])
            #expect(answers.prefix(5).map { $0.header("mlstack-log-part") } == ["0", "8", "8", "9", "9"])
        }
    }

    @Test func `a log is followed over its attempts until the task has ended`() async throws {
        try await withLog("one\n") { first in
            try await withLog("") { second in
                let world = World()
                world.orchestrator.state.withLock { $0.logPaths = ["train.1": first, "train.2": second] }
                try await world.serve { port in
                    let client = HTTPClient(port: port)
                    #expect(try await client.openStream("\(Self.root)/train/logs?follow=true").status == 200)
                    #expect(try await client.nextChunk() == "one\n")
                    await world.clock.untilSomebodySleeps()
                    try append("two\n", to: first)
                    world.clock.advance(by: .milliseconds(200))
                    #expect(try await client.nextChunk() == "two\n")
                    await world.clock.untilSomebodySleeps()
                    try append("three\n", to: first)
                    try append("four\n", to: second)
                    world.orchestrator.change(task: "train") { $0.attempt = 2 }
                    world.clock.advance(by: .milliseconds(200))
                    #expect(try await client.nextChunk() == "three\n")
                    #expect(try await client.nextChunk() == "four\n")
                    await world.clock.untilSomebodySleeps()
                    try append("five\n", to: second)
                    world.orchestrator.change(task: "train") { $0.state = .success }
                    world.clock.advance(by: .milliseconds(200))
                    #expect(try await client.nextChunk() == "five\n")
                    #expect(try await client.nextChunk() == nil)
                }
            }
        }
    }

    @Test(arguments: [
        Scenario.get("a task that has not begun has no log", "\(root)/deploy/logs", 404, contains: ["0 attempts"]),
        .get("an attempt that was not made has no log", "\(root)/train/logs?attempt=2", 404),
        .get("a run has only its own tasks", "\(root)/nothing/logs", 404, contains: ["ingest, train, deploy"]),
        .get("attempts are counted from one", "\(root)/train/logs?attempt=0", 422),
    ])
    func `what has no log says so`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }
}
