import Foundation
import TestKit
import Testing

@testable import Stack

/// `mlstack pipeline logs`, and research runs beside production, through a whole stack.
struct RunLogsTests {
    private static func install(_ text: String, _ name: String, _ stack: RunningStack, _ folder: String) async throws {
        let path = "\(folder)/\(name).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let order = try PipelineApply(file: path)
        _ = try await order.carryOut(
            try await order.plan(stack.client, home: stack.home), stack.client, home: stack.home)
    }

    @Test func `tasks that begin later are followed too, and an ended run is read in full`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                try await Self.install(
                    """
                    pipeline: chain
                    tasks:
                      first: {run: "echo one"}
                      second: {needs: [first], run: "echo two"}
                    """, "chain", stack, folder)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/chain/runs"))
                var followed: [String: String] = [:]
                let ended = try await RunLogs(client: stack.client, runID: run.id).follow { piece in
                    followed[piece.task, default: ""] += piece.text
                }
                #expect(ended.state == "success")
                #expect(followed.keys.sorted() == ["first", "second"])
                var read: [String: String] = [:]
                try await RunLogs(client: stack.client, runID: run.id).print { read[$0.task, default: ""] += $0.text }
                #expect(read == followed)
                #expect(read["second"]?.contains("two") == true)
                await #expect(throws: StackError.self) {
                    try await RunLogs(client: stack.client, runID: run.id, task: "third").print { _ in }
                }
            }
        }
    }

    @Test func `an attempt that was not made is answered with those that were`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                try await Self.install(
                    "pipeline: twice\ntasks: {a: {run: 'exit 1', retry: {max: 1, delay: 0s}}}", "twice", stack, folder)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/twice/runs"))
                _ = try await stack.client.waitUntilEnded(runID: run.id)
                let logs = RunLogs(client: stack.client, runID: run.id, task: "a", attempt: 7)
                for body in [{ try await logs.print { _ in } }, { _ = try await logs.follow { _ in } }] {
                    let error = await #expect(throws: StackError.self) { try await body() }
                    #expect(error?.errorDescription == "task a of \(run.id) has no attempt 7.")
                    #expect(
                        error?.recoverySuggestion
                            == "there are attempts 1 to 2; without --attempt the latest is shown.")
                }
            }
        }
    }

    @Test func `a task reaches a server that asks for a token, and no log shows it`() async throws {
        try await RunningStack.withDataset { folder in
            var configuration = RunningStack.configuration(folder)
            configuration.token = "a-token-of-this-test"
            try await RunningStack.run(configuration) { stack in
                try await Self.install(
                    "pipeline: asks\ntasks: {a: {run: 'echo $MLSTACK_TOKEN $MLFLOW_TRACKING_TOKEN | tee token'}}",
                    "asks", stack, folder)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/asks/runs"))
                #expect(try await stack.client.waitUntilEnded(runID: run.id).state == "success")
                let given = try String(contentsOfFile: "\(stack.home.work)/\(run.id)/token", encoding: .utf8)
                #expect(given == "a-token-of-this-test a-token-of-this-test\n")
                var text = ""
                try await RunLogs(client: stack.client, runID: run.id, task: "a").print { text += $0.text }
                #expect(text.contains("*** ***"))
                #expect(!text.contains("a-token"))
            }
        }
    }

    @Test func `a log of any length is read, page by page`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                try await Self.install(
                    "pipeline: long\ntasks: {a: {run: 'yes öäüöäüöäüöäüöäüöäü | head -n 150000; echo the end'}}",
                    "long",
                    stack, folder)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/long/runs"))
                _ = try await stack.client.waitUntilEnded(runID: run.id)
                var (lines, pieces) = (0, 0)
                try await RunLogs(client: stack.client, runID: run.id, task: "a").print { piece in
                    pieces += 1
                    lines += piece.text.split(separator: "\n").count { $0.hasSuffix("öäü") || $0.hasSuffix("the end") }
                }
                #expect(lines == 150_001)
                #expect(pieces > 1)
            }
        }
    }

    /// The log is kept in four parts of 16 MiB: what comes after them was once never shown.
    @Test func `a log that outgrows its limit while it is followed is followed to its end`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let line = String(repeating: "x", count: 1000)
                try await Self.install(
                    "pipeline: longer\ntasks: {a: {run: 'yes \(line) | head -n 90000; echo the end'}}", "longer", stack,
                    folder)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/longer/runs"))
                var last = ""
                _ = try await RunLogs(client: stack.client, runID: run.id, task: "a").follow { last = $0.text }
                #expect(last.contains("INFO  the end\n"))
                #expect(last.contains("exit code 0"))
                var read = ""
                try await RunLogs(client: stack.client, runID: run.id, task: "a").print {
                    read += String($0.text.suffix(200))
                }
                #expect(read.contains("left out: its beginning and its end are kept"))
                #expect(read.hasSuffix(last.suffix(200)))
            }
        }
    }

    @Test func `a run is found by its id, though the id begins with another pipeline's`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let child = try #require(
                    try await stack.client.get("/api/v1/pipelines/deploy/runs", as: Answers.Runs.self).runs.first)
                #expect(child.id.hasPrefix("daily-"))
                var text = ""
                try await RunLogs(client: stack.client, runID: child.id, task: "swap").print { text += $0.text }
                #expect(text.contains("answers now"))
            }
        }
    }

    @Test func `a research run cannot promote, deploy, or start a production pipeline, and says what to do`()
        async throws
    {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let production = try await stack.recommendations("1").model.version
                try await Self.install(
                    """
                    pipeline: trial
                    tasks:
                      say:      {run: 'echo "name=movies" >> $MLSTACK_OUTPUT; echo "version=1" >> $MLSTACK_OUTPUT; echo "at $MLFLOW_TRACKING_URI"'}
                      promote:  {needs: [say], uses: model/promote}
                      deploy:   {needs: [say], uses: serving/deploy}
                      start:    {needs: [say], uses: pipeline/run, with: {pipeline: daily}}
                    """, "trial", stack, folder)
                let run: Answers.Run = try StackClient.decode(
                    try await stack.client.post("/api/v1/pipelines/trial/runs"))
                let ended = try await stack.client.waitUntilEnded(runID: run.id)
                #expect(ended.state == "failed")
                for task in try #require(ended.tasks) where task.id != "say" {
                    #expect(task.state == "failed")
                    #expect(task.message?.contains("environment: production") == true, "\(task.message ?? "")")
                    #expect(task.message?.contains("mlstack pipeline apply") == true)
                }
                var text = ""
                try await RunLogs(client: stack.client, runID: run.id, task: "say").print { text += $0.text }
                #expect(text.contains("at \(stack.url)/research\n"))
                #expect(try await stack.recommendations("1").model.version == production)
                let tags = try await stack.client.get("/api/2.0/mlflow/model-versions/get?name=movies&version=1")
                #expect(tags.contains("mlstack.environment"))
            }
        }
    }
}
