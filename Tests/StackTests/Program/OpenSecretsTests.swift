import Foundation
import TestKit
import Testing

@testable import Stack

/// A file of secrets that others can read, at the start of a stack and while it runs.
struct OpenSecretsTests {
    @Test func `a stack starts with secrets that are refused, says so everywhere, and only what names one fails`()
        async throws
    {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try configuration.home.prepare()
            try "KEY: \"a-secret-word\"\n".write(toFile: configuration.home.secrets, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: configuration.home.secrets)
            try """
            pipeline: two
            tasks:
              plain:  {run: echo on}
              secret: {run: "echo ${secrets.KEY}"}
            """.write(toFile: configuration.home.pipelines + "/two.yaml", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration) { stack in
                let remedy = "chmod 600 \(stack.home.secrets)"
                let status = try await stack.client.get("/api/v1/status", as: Answers.Status.self)
                #expect(status.problems?.map(\.subject) == ["secrets"])
                #expect(status.problems?.first?.remedy == remedy)
                let finding = await Doctor(home: stack.home, port: 0).examine().first { $0.subject == "secrets" }
                #expect(finding?.isWell == false)
                #expect(finding?.remedy == remedy)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/two/runs"))
                let ended = try await stack.client.waitUntilEnded(runID: run.id)
                #expect(ended.tasks?.map(\.state) == ["success", "failed"])
                #expect(ended.tasks?.last?.message?.contains(remedy) == true)

                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: stack.home.secrets)
                let after = try await stack.client.get("/api/v1/status", as: Answers.Status.self)
                #expect(after.problems?.isEmpty == true)
                let again: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/two/runs"))
                #expect(try await stack.client.waitUntilEnded(runID: again.id).state == "success")
                let named = await Doctor(home: stack.home, port: 0).examine().first { $0.subject == "secrets" }
                #expect(named?.text == "KEY can be read")
            }
        }
    }
}
