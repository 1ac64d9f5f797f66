import Foundation
import TestKit
import Testing

@testable import Stack

/// Serving follows the alias `production`, whoever moves it and by which call; the change is told, and can be taken back.
struct ServedAliasTests {
    private struct Client {
        let stack: RunningStack
        let http: HTTPClient

        /// A call of the MLflow API, by somebody with a name.
        func call(_ method: String, _ path: String, _ body: String) async throws {
            let answer = try await http.send(
                method, "/api/2.0/mlflow/\(path)",
                headers: [
                    ("Content-Type", "application/json"),
                    ("Authorization", "Basic \(Data("ann:x".utf8).base64EncodedString())"),
                ], body: Array(body.utf8))
            if answer.status != 200 { throw HTTPClient.Failure(description: "\(path): \(answer.text)") }
        }

        func alias(_ version: Int) async throws {
            try await call(
                "POST", "registered-models/alias", #"{"name":"movies","alias":"production","version":"\#(version)"}"#)
        }

        func transition(_ version: Int, _ stage: String, archiving: Bool = true) async throws {
            try await call(
                "POST", "model-versions/transition-stage",
                #"{"name":"movies","version":"\#(version)","stage":"\#(stage)","archive_existing_versions":\#(archiving)}"#
            )
        }

        func rollback() async throws { _ = try await stack.client.post("/api/v1/models/movies/rollback") }

        var answering: Int {
            get async throws { try await stack.recommendations("1").model.version }
        }

        /// The stages of the first versions, and who has the alias.
        func stages(of model: String = "movies") async throws -> [String] {
            let answer = try await stack.client.get("/api/v1/models/\(model)", as: Answers.Model.self)
            return answer.versions.sorted { $0.version < $1.version }.map {
                "\($0.version) \($0.stage)" + ($0.aliases.contains("production") ? " production" : "")
            }
        }
    }

    @Test func `every way to change what production is changes at once what answers, and is in the history`()
        async throws
    {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let client = Client(stack: stack, http: HTTPClient(port: URL(string: stack.url)?.port ?? 0))
                #expect(try await client.answering == 2)

                try await client.alias(1)
                #expect(try await client.answering == 1)
                #expect(try await client.stages() == ["1 Production production", "2 Archived"])
                try await client.transition(2, "Production")
                #expect(try await client.answering == 2)
                #expect(try await client.stages() == ["1 Archived", "2 Production production"])

                // Without a version of that name what answers goes on, and the way back is open.
                try await client.transition(2, "Archived", archiving: false)
                #expect(try await client.answering == 2)
                #expect(try await client.stages() == ["1 Archived", "2 Archived"])
                try await client.rollback()
                #expect(try await client.stages() == ["1 Archived", "2 Production production"])
                try await client.call("DELETE", "registered-models/alias", #"{"name":"movies","alias":"production"}"#)
                try await client.rollback()
                #expect(try await client.stages() == ["1 Archived", "2 Production production"])
                try await client.rollback()
                #expect(try await client.answering == 1)

                // Another name takes the alias along; under the old one nobody is asked for.
                try await client.alias(2)
                for (former, name) in [("movies", "films"), ("films", "movies")] {
                    try await client.call(
                        "POST", "registered-models/rename", #"{"name":"\#(former)","new_name":"\#(name)"}"#)
                    #expect(try await client.stages(of: name) == ["1 Archived", "2 Production production"])
                    #expect(try await client.answering == 2)
                }

                // A version that is deleted takes the alias with it; what answers stays until another has it.
                try await client.transition(1, "Production", archiving: false)
                #expect(try await client.answering == 1)
                try await client.call("DELETE", "model-versions/delete", #"{"name":"movies","version":"1"}"#)
                #expect(try await client.stages() == ["2 Archived"])
                try await client.alias(2)
                #expect(try await client.answering == 2)
                #expect(try await client.stages() == ["2 Production production"])

                let history = try await stack.client.get(
                    "/api/v1/models/movies/history", as: Answers.ModelHistory.self)
                let aliases = history.changes.reversed().filter { $0.kind == "alias" }.map {
                    "\($0.version.map { "\($0)" } ?? "none") \($0.actor.prefix { $0 != ":" })"
                }
                #expect(
                    aliases == [
                        "1 pipeline", "2 pipeline", "1 ann", "2 ann", "none ann", "2 cli", "none ann", "2 cli", "1 cli",
                        "2 ann", "1 ann", "none ann", "2 ann",
                    ])
                #expect(history.changes.contains { $0.kind == "version_deleted" && $0.version == 1 })
                #expect(history.changes.filter { $0.kind == "renamed" }.map(\.name) == ["movies", "films"])
            }
        }
    }

    @Test func `what a pipeline promotes answers, though no task of it deploys anything`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try RunningStack.prepareDaily(configuration) { text in
                text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("  deploy:") }
                    .joined(separator: "\n")
            }
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step()
                #expect(try await stack.recommendations("1").model.version == 2)
            }
        }
    }
}
