import Foundation
import Scheduling
import TestKit
import Testing

@testable import Stack

/// Tasks that reach outside, each done twice as after a crash, in a whole stack.
struct OutwardOperatorsTests {
    private static func pipeline(_ url: String) -> String {
        """
        pipeline: outward
        tasks:
          make: {run: 'mkdir -p "$OUT" && printf weights > "$OUT/ranker_0.75.pt"', env: {OUT: "FOLDER"}}
          keep:
            needs: [make]
            uses: file/register
            with: {file: "FOLDER/ranker_0.75.pt", pattern: "{name}_{score:float}.pt", tags: ["framework=torch"], data: ratings of May}
          ask: {needs: [keep], uses: http/request, with: {method: POST, url: "\(url)", body: hi, expect: "201", save: answer}}
          tell: {needs: [ask], uses: notify, with: {webhook: "\(url)", message: done}}
          steal: {uses: file/register, with: {file: "../../secrets.yaml", model: taken}}
          after: {needs: [tell, steal], run: "true", trigger_rule: all_done}
        """
    }

    @Test func `a file is registered once, a server asked, a message sent once`() async throws {
        let receiver = try Receiver(["201 Created"])
        try await Self.run(receiver, allowing: .only(["127.0.0.1"])) { stack, tasks in
            let others = tasks.filter { $0.key != "steal" }
            #expect(others.values.allSatisfy { $0["state"] as? String == "success" }, "\(tasks)")
            #expect((tasks["steal"]?["message"] as? String)?.contains("one of the home's own files") == true)
            let outputs = tasks.compactMapValues { $0["outputs"] as? [String: String] }
            #expect(outputs["keep"]?["version"] == "1" && outputs["keep"]?["name"] == "ranker")
            #expect(outputs["keep"]?["score"] == "0.75")
            #expect(outputs["ask"]?["status"] == "201")
            let model = try await stack.client.get("/api/v1/models/ranker", as: Answers.Model.self)
            #expect(model.versions.count == 1)
        }
        #expect(receiver.requests.count { $0.contains("\r\n\r\nhi") } == 2, "twice done, twice asked")
        let keys = receiver.requests.compactMap { request in
            request.split(separator: "\r\n").first { $0.hasPrefix("Idempotency-Key") }
        }
        #expect(Set(keys.filter { $0.hasSuffix("/ask") }).count == 1)
        #expect(receiver.requests.count { $0.contains("\"event\":\"message\"") } <= 1)
    }

    @Test func `a server inside the private network is not asked unless it is allowed`() async throws {
        let receiver = try Receiver(["201 Created"])
        try await Self.run(receiver, allowing: .none) { _, tasks in
            #expect(tasks["ask"]?["state"] as? String == "failed")
            #expect((tasks["ask"]?["message"] as? String)?.contains("no address of the public internet") == true)
        }
        #expect(receiver.requests.isEmpty)
    }

    private static func run(
        _ receiver: Receiver, allowing: ProjectFile.PrivateWebhooks,
        _ body: (RunningStack, [String: [String: Any]]) async throws -> Void
    ) async throws {
        try await RunningStack.withDataset(ratings: 300, days: 3) { folder in
            var configuration = RunningStack.configuration(folder)
            configuration.project.privateWebhooks = allowing
            let pipelines = configuration.home.pipelines
            try FileManager.default.createDirectory(atPath: pipelines, withIntermediateDirectories: true)
            let text = pipeline(receiver.url).replacing("FOLDER", with: folder + "/out")
            try text.write(toFile: pipelines + "/outward.yaml", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration, operators: RunTwice.catalogue) { stack in
                let started = try await stack.json(
                    "POST", "/api/v1/pipelines/outward/runs", body: #"{"params":{}}"#)
                let run = try #require(started["id"] as? String)
                let path = "/api/v1/pipelines/outward/runs/\(run)"
                // Answers once the last task has ended.
                _ = try await stack.text("GET", path + "/tasks/after/logs?follow=true")
                let detail = try await stack.json("GET", path)
                let list = try #require(detail["tasks"] as? [[String: Any]], "\(detail)")
                var tasks: [String: [String: Any]] = [:]
                for task in list { tasks[task["id"] as? String ?? "?"] = task }
                try await body(stack, tasks)
            }
        }
    }
}

extension RunningStack {
    func text(_ method: String, _ path: String, body: String? = nil) async throws -> String {
        let headers: [(String, String?)] = body == nil ? [] : [("Content-Type", "application/json")]
        return try await HTTPClient(port: URL(string: url)?.port ?? 0).send(
            method, path, headers: headers, body: body.map { Array($0.utf8) }
        ).text
    }

    func json(_ method: String, _ path: String, body: String? = nil) async throws -> [String: Any] {
        let text = try await text(method, path, body: body)
        return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }
}
