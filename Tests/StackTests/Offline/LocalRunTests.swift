import Foundation
import TestKit
import Testing

@testable import Stack

/// A file run by itself, as a person does it before anybody else sees it.
struct LocalRunTests {
    @Test func `a file runs in a home of its own, with its logs, its server and what its tasks took`() async throws {
        try await RunningStack.withDataset { folder in
            let path = try Self.write(
                """
                pipeline: hello
                params:
                  who: {type: string, default: nobody}
                triggers:
                  - {cron: "* * * * *"}
                tasks:
                  greet: {run: 'echo "hello ${params.who}"; pwd > ran; echo "at=$MLFLOW_TRACKING_URI" >> $MLSTACK_OUTPUT'}
                  check: {needs: [greet], run: 'test -f ran && ls ${tasks.greet.outputs.at!raw} 2>/dev/null || true'}
                """, folder)
            var order = LocalRun(file: path, params: ["who": "world"])
            (order.home, order.dataset) = (folder + "/local", folder + "/data")
            let lines = Lines()
            let outcome = try await order.run { lines.add($0) }
            #expect(outcome.run.state == "success")
            #expect(lines.all.contains { $0.hasPrefix("greet | ") && $0.contains("hello world") })
            #expect(lines.all.contains { $0.hasPrefix("check | ") && $0.contains("succeeded") })
            #expect(outcome.run.tasks?.allSatisfy { $0.runningSeconds != nil } == true)
            #expect(outcome.home == folder + "/local")
            #expect(outcome.json.contains("http://127.0.0.1:"))
        }
    }

    @Test func `a run that fails says so and leaves no home behind`() async throws {
        try await RunningStack.withDataset { folder in
            let path = try Self.write("pipeline: bad\ntasks:\n  breaks: {run: 'pwd; exit 3'}\n", folder)
            var order = LocalRun(file: path)
            order.dataset = folder + "/data"
            let lines = Lines()
            let outcome = try await order.run { lines.add($0) }
            #expect(outcome.run.state == "failed")
            #expect(outcome.home == nil)
            // What `pwd` said: the run's folder in that home.
            let said = try #require(lines.all.first { $0.contains("/work/") })
            let place = try #require(said.split(separator: " ").last)
            #expect(!FileManager.default.fileExists(atPath: String(place)))
        }
    }

    @Test func `a whole day can be tried, other pipelines that it starts among it`() async throws {
        try await RunningStack.withDataset { folder in
            let text = try #require(DefaultPipelines.files.first { $0.name == "daily.yaml" }).text
            var order = LocalRun(file: try Self.write(text, folder), params: ["factors": "4", "iterations": "2"])
            (order.home, order.dataset) = (folder + "/local", folder + "/data")
            let outcome = try await order.run { _ in }
            #expect(outcome.run.state == "success", "\(outcome.json)")
            #expect(outcome.run.cause == "manual")
        }
    }

    @Test func `parameters are checked as they are by a server`() async throws {
        try await RunningStack.withDataset { folder in
            let path = try Self.write(
                "pipeline: p\nparams:\n  n: {type: int, default: 1}\ntasks:\n  a: {run: 'echo ${params.n}'}\n", folder)
            var order = LocalRun(file: path, params: ["n": "many"])
            order.dataset = folder + "/data"
            await #expect(throws: StackError.self) { try await order.run { _ in } }
        }
    }

    private static func write(_ text: String, _ folder: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder + "/mine", withIntermediateDirectories: true)
        let path = folder + "/mine/file.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }
}

/// Lines in the order in which they came; one task at a time adds to it.
private final class Lines {
    private(set) var all: [String] = []
    func add(_ line: String) { all.append(line) }
}
