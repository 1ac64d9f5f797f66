import Foundation
import Scheduling

/// Pipelines and runs as the commands ask for them.
extension StackClient {
    package static func path(ofPipeline id: String) -> String { "/api/v1/pipelines/\(escaped(id))" }

    /// A run is found by its id alone, whatever became of its pipeline since.
    package func run(_ id: String) async throws -> Answers.Run {
        try await get("/api/v1/runs/\(StackClient.escaped(id))", as: Answers.Run.self)
    }

    /// The path of a run, below which its orders are.
    package func path(ofRun id: String) async throws -> String {
        StackClient.path(of: try await run(id))
    }

    package static func path(of run: Answers.Run) -> String {
        "\(path(ofPipeline: run.pipeline))/runs/\(escaped(run.id))"
    }

    /// Returns the run once it has ended.
    package func waitUntilEnded(runID: String) async throws -> Answers.Run {
        while true {
            let run = try await run(runID)
            if run.hasEnded { return run }
            try await WallClock().sleep(for: RunLogs.interval)
        }
    }
}
