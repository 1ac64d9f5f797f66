import Foundation
package import Scheduling
import Serving

/// Everything `mlstack up` can be told, already understood.
package struct Configuration: Sendable {
    package var home: Home
    /// A name (`demo`) or a path; nil: what the home already replays, else `demo`.
    package var dataset: String?
    package var host = "127.0.0.1"
    package var port = 8080
    /// Wall time of one simulated day; zero: as fast as the work allows. nil: as it was, else 10 s.
    package var dayLength: Duration?
    package var isPaused = false
    /// The first simulated day, instead of `history`.
    package var start: String?
    /// The share of the ratings that is there before the first simulated day, 0 ... 1.
    package var history: Double?
    /// The last simulated day.
    package var until: String?
    package var exitsWhenDone = false
    package var skipsBadLines = false
    package var token: String?
    /// Of the computed answers, how many a challenger is asked too, 0 ... 1.
    package var shadowShare = ShadowTraffic.defaultShare
    package var retention = Retention()

    /// What is removed once it is old; what is not named here stays for ever.
    package struct Retention: Sendable, Equatable {
        /// Runs of pipelines that ended longer ago than this, with their tasks and logs; nil: none.
        package var runs: Duration?
        package init(runs: Duration? = nil) { self.runs = runs }

        /// - Parameter text: a duration as in a pipeline file.
        /// - Throws: `StackError` for anything else.
        package init(runs text: String) throws {
            guard let duration = DurationText.parse(text) else {
                throw StackError.usage(
                    "--keep-runs \(text) is not a duration.", remedy: "write days or hours, such as 90d or 12h.")
            }
            runs = duration
        }
    }

    /// What `mlstack.yaml` says.
    package var project = ProjectFile()
    /// Of the process: who it is to a bucket.
    package var environment = ProcessInfo.processInfo.environment

    /// Who said so; what is not named here is as the program has it.
    var origins: [Setting: SettingFacts.Origin] = [:]
    /// Whether the home had replayed something before this start.
    var hasFormerReplay = false

    package init(home: Home) { self.home = home }

    /// Takes in the project's `mlstack.yaml`, if there is one.
    /// - Throws: `StackError` with every mistake in it.
    package mutating func readProject() throws {
        project = try ProjectFile.read(for: home)
        retention.runs = project.keptRuns
        let said: [(Setting, Bool)] = [
            (.keepRuns, project.keptRuns != nil), (.pools, !project.pools.isEmpty),
            (.artifacts, project.artifacts != nil), (.durability, project.durability != .normal),
            (.allowPrivateWebhooks, project.privateWebhooks != .none),
        ]
        for (setting, isSaid) in said where isSaid { origins[setting] = .file }
    }

    /// - Throws: `StackError` for what cannot be, before anything is started.
    package func check() throws {
        if !HTTPServer.isLoopback(host), (token ?? "").isEmpty { throw StackError.tokenRequired(host: host) }
        if let history, !(0...1).contains(history) { throw StackError.badHistory(text: "\(history)") }
        if !(0...1).contains(shadowShare) {
            throw StackError.usage(
                "--shadow-share \(shadowShare) is not a share.", remedy: "give a number from 0 to 1, such as 0.1.")
        }
        if let runs = retention.runs, runs < .seconds(3600) {
            throw StackError.usage(
                "runs cannot be kept for less than an hour.", remedy: "give a longer time, such as --keep-runs 90d.")
        }
        if start != nil, history != nil {
            throw StackError.usage(
                "--start and --history both say where the simulated days begin.", remedy: "give one of them.")
        }
        if let start { _ = try Day(text: start, option: "--start") }
        if let until { _ = try Day(text: until, option: "--until") }
        guard (0...65535).contains(port) else {
            throw StackError.usage("--port \(port) is not a port.", remedy: "give a number from 0 to 65535.")
        }
    }
}
