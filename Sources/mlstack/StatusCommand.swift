import ArgumentParser
import Foundation
import Stack

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "What is running and how it does.")
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client
        try server.show(try await client.get("/api/v1/status"), as: Answers.Status.self) { status in
            print(
                "mlstack \(status.version) at \(client.url), home \(status.home), up \(Int(status.uptimeSeconds)) s, \(status.memoryBytes / 1_048_576) MiB"
            )
            print("replay     \(status.replay.line)")
            let model = status.serving.model.map { "\($0.name) version \($0.version)" } ?? "no model yet"
            print("serving    \(model), \(status.serving.swaps) swaps")
            if let error = status.serving.lastLoadError {
                print("           production is version \(error.version), not loaded at \(error.at): \(error.message)")
                print("           fix: \(error.remedy)")
            }
            print("pipelines  \(status.pipelines.running) running, \(status.pipelines.queued) queued")
            for problem in status.problems ?? [] {
                print("\(problem.subject.padding(toLength: 11, withPad: " ", startingAt: 0))\(problem.message)")
                print("           fix: \(problem.remedy)")
            }
        }
    }
}

extension Answers.Replay {
    var line: String {
        let pace = dayLengthSeconds == 0 ? "as fast as it can" : "\(dayLengthSeconds.formatted()) s a day"
        return
            "\(now.prefix(10)), \(state), day \(day) of \(daysTotal), \(ratingsArrived) of \(ratingsTotal) ratings, \(pace)"
    }
}
