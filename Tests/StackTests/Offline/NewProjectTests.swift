import Foundation
import TestKit
import Testing

@testable import Stack

struct NewProjectTests {
    @Test func `a new project has its settings, a pipeline, a workflow that checks it, and what Git leaves out`()
        async throws
    {
        try await StorageFixture.withFolder { folder in
            let project = try NewProject(folder: folder + "/new", examples: [])
            #expect(
                project.files == [
                    "mlstack.yaml", ".github/workflows/pipelines.yml", ".gitignore", "pipelines/daily.yaml",
                    "pipelines/deploy.yaml",
                ])
            for file in project.files { #expect(FileManager.default.fileExists(atPath: "\(folder)/new/\(file)")) }
            let check = try PipelineCheck(paths: [folder + "/new/pipelines"])
            #expect(check.lines == [])
            let workflow = try String(contentsOfFile: folder + "/new/.github/workflows/pipelines.yml", encoding: .utf8)
            #expect(workflow.contains("mlstack pipeline validate pipelines"))
        }
    }

    @Test(arguments: ExamplePipeline.all.map(\.name))
    func `an example has no error, and nothing to warn of`(name: String) async throws {
        try await StorageFixture.withFolder { folder in
            _ = try NewProject(folder: folder + "/new", examples: [name])
            #expect(try PipelineCheck(paths: [folder + "/new/pipelines"]).lines == [])
        }
    }

    @Test func `a folder that holds something is left alone`() async throws {
        try await StorageFixture.withFolder { folder in
            try Data().write(to: URL(filePath: folder + "/mine.txt"))
            let error = #expect(throws: StackError.self) { _ = try NewProject(folder: folder, examples: []) }
            #expect(error?.errorDescription == "\(folder) is not empty: it holds mine.txt.")
            #expect(error?.recoverySuggestion?.contains("mlstack init \(folder)/mlstack") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["mine.txt"])
        }
    }

    @Test func `an example that does not exist is refused before anything is written`() async throws {
        try await StorageFixture.withFolder { folder in
            let error = #expect(throws: StackError.self) {
                _ = try NewProject(folder: folder + "/new", examples: ["echo_chian"])
            }
            #expect(error?.recoverySuggestion?.contains("echo_chain") == true)
            #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
        }
    }

    @Test func `a project runs the pipelines it chose and is given no others`() async throws {
        try await RunningStack.withDataset { folder in
            _ = try NewProject(folder: folder + "/home", examples: ["echo_chain", "on_new_data"])
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                let pipelines = try await stack.client.get("/api/v1/pipelines", as: Answers.Pipelines.self).pipelines
                #expect(pipelines.map(\.id) == ["echo_chain", "on_new_data"])
                let chain = try await stack.ended("echo_chain", ["name": "it's $(id)"])
                #expect(chain.state == "success")
                let few = try await stack.ended("on_new_data", ["rows": "7"])
                #expect(few.state == "success")
                let states = Dictionary(
                    uniqueKeysWithValues: (few.tasks ?? []).map { ($0.id, $0.state) })
                #expect(states["work"] == "skipped")
                #expect(states["nothing_to_do"] == "success")
            }
        }
    }

    @Test(arguments: ExamplePipeline.all.flatMap { $0.files.map(\.name) })
    func `an example of a project can be exported to Airflow`(file: String) async throws {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/new")
            _ = try NewProject(folder: home.path, examples: ExamplePipeline.all.map(\.name))
            let id = String(file.prefix { $0 != "." })
            let export = try PipelineExport.airflow(id, home: home)
            #expect(export.text.contains("dag_id=\"\(id)\""))
            #expect(try PipelineExport.airflow("\(home.pipelines)/\(file)", home: home).text == export.text)
        }
    }

    @Test func `a file with an error is not exported`() async throws {
        try await StorageFixture.withFolder { folder in
            try Data("pipeline: p\ntasks: {t: {rnu: echo}}\n".utf8).write(to: URL(filePath: folder + "/p.yaml"))
            let error = #expect(throws: StackError.self) {
                _ = try PipelineExport.airflow(folder + "/p.yaml", home: Home(folder))
            }
            #expect(error?.errorDescription?.contains("unknown key \"rnu\"") == true)
        }
    }
}

extension RunningStack {
    /// Starts a run and returns it once it has ended.
    func ended(_ pipeline: String, _ params: [String: String]) async throws -> Answers.Run {
        let events = HTTPClient(port: URL(string: url)?.port ?? 0)
        _ = try await events.openStream("/api/v1/events")
        let path = "/api/v1/pipelines/\(pipeline)/runs"
        let started: Answers.Run = try StackClient.decode(try await client.post(path, ["params": params]))
        while true {
            let run = try await client.get("\(path)/\(started.id)", as: Answers.Run.self)
            if run.endedAt != nil { return run }
            guard try await events.nextChunk() != nil else {
                throw HTTPClient.Failure(description: "the events ended before the run did")
            }
        }
    }
}
