import ArgumentParser
import Foundation
import Stack

struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline", abstract: "Pipelines and their runs.",
        subcommands: [
            List.self, Show.self, Graph.self, Validate.self, Schema.self, Apply.self, Run.self, Runs.self, Logs.self,
            Cancel.self, Clear.self, Mark.self, Backfill.self, Pause.self, Resume.self, Hook.self, Signal.self,
            Audit.self, Notifications.self, Examples.self,
        ])

    static func path(_ id: String) -> String { StackClient.path(ofPipeline: id) }

    static func show(_ run: Answers.Run) {
        print("\(run.id)  \(run.state)\(run.message.map { "  \($0)" } ?? "")")
        if let tasks = run.tasks {
            Terminal.table(
                ["task", "state", "attempt", "message"],
                tasks.map { [$0.id, $0.state, "\($0.attempt)", $0.message ?? ""] })
        }
    }

    /// What each task took, from its place in the queue to its exit.
    static func showResources(_ run: Answers.Run) {
        print("\(run.id)  \(run.state)\(run.message.map { "  \($0)" } ?? "")")
        Terminal.table(
            ["task", "state", "queued", "running", "cpu", "peak memory", "read", "written", "exit", "measured"],
            (run.tasks ?? []).map { task in
                [
                    task.id, task.state, seconds(task.queuedSeconds), seconds(task.runningSeconds),
                    seconds(task.measures?.cpuSeconds), bytes(task.measures?.peakMemoryBytes),
                    bytes(task.measures?.readBytes), bytes(task.measures?.writtenBytes), task.exit ?? "-",
                    task.measures.map { $0.scope.replacingOccurrences(of: "_", with: " ") } ?? "-",
                ]
            })
    }

    private static func seconds(_ value: Double?) -> String { value.map { String(format: "%.2f s", $0) } ?? "-" }

    private static func bytes(_ value: Int64?) -> String {
        guard let value else { return "-" }
        let units = ["KiB", "MiB", "GiB", "TiB"]
        if value < 1024 { return "\(value) B" }
        var (amount, unit) = (Double(value) / 1024, 0)
        while amount >= 1024, unit < units.count - 1 { (amount, unit) = (amount / 1024, unit + 1) }
        return String(format: "%.1f %@", amount, units[unit])
    }
}

extension Answers.Pipeline.LastRun {
    /// One character a run, so that ten of them are seen at a glance.
    var glyph: String {
        switch state {
        case "success": "✓"
        case "failed": "✗"
        case "running", "queued": "…"
        default: "–"
        }
    }
}
