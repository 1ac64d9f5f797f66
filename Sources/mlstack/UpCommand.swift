import ArgumentParser
import Foundation
import Logging
import Stack

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start the whole stack and replay the ratings day by day.",
        discussion: """
            What is answered has been stored: no death of the process takes it. After a loss of power the last seconds may be gone \
            (feedback is not); `durability: full` in mlstack.yaml makes every change wait for the disk.
            """)

    @OptionGroup var home: HomeOption
    @Option(help: ArgumentHelp("A dataset's name, or the path of a MovieLens file or folder.", valueName: "name|path"))
    var dataset: String?
    @Option(help: "The address to listen on; any but loopback needs --token. Default: 127.0.0.1.")
    var host: String?
    @Option(help: "The port to listen on; 0: any that is free. Default: 8080.")
    var port: Int?
    @Option(help: "Wall time of one simulated day: 10s, 500ms, 1m; 0: as fast as the work allows. Default: 10s.")
    var dayLength: String?
    @Flag(help: "Start with the clock standing still.")
    var paused = false
    @Option(help: ArgumentHelp("The first simulated day.", valueName: "date"))
    var start: String?
    @Option(help: "The share of the ratings that is there before the first simulated day, 0 to 1. Default: 0.5.")
    var history: Double?
    @Option(help: ArgumentHelp("The last simulated day.", valueName: "date"))
    var until: String?
    @Flag(
        help:
            "End the program when the replay has reached its end; with 1 if a day failed or a pipeline file is broken.")
    var exitWhenDone = false
    @Flag(help: "Put bad lines of the ratings aside instead of refusing the file.")
    var skipBadLines = false
    @Option(help: "Required of every request; needed to listen beyond this machine.")
    var token: String?
    @Option(
        help: "Of the recommendations computed, the share that a challenger is asked for too, 0 to 1. Default: 0.1.")
    var shadowShare: Double?
    @Option(
        help: ArgumentHelp(
            "Remove runs of pipelines, with their logs, that ended longer ago than this, such as 90d. Default: never.",
            valueName: "duration"))
    var keepRuns: String?
    @Flag(help: "Open the pages in a browser.")
    var open = false
    @Flag(help: "Tell only what goes wrong, instead of every task's start and end.")
    var quiet = false

    func run() async throws {
        var configuration = Configuration(home: home.place)
        try configuration.readProject()
        configuration.dataset = dataset
        if let host { configuration.host = host }
        if let port { configuration.port = port }
        configuration.token = token
        if let dayLength {
            guard let duration = dayLength.wallDuration else { throw StackError.badDayLength(text: dayLength) }
            configuration.dayLength = duration
        }
        (configuration.isPaused, configuration.start, configuration.history) = (paused, start, history)
        (configuration.until, configuration.exitsWhenDone, configuration.skipsBadLines) = (
            until, exitWhenDone, skipBadLines
        )
        if let keepRuns { configuration.retention = try .init(runs: keepRuns) }
        if let shadowShare { configuration.shadowShare = shadowShare }

        noteOrigins(in: &configuration)

        var handler = LineLogHandler()
        handler.logLevel = quiet ? .warning : .notice
        let logger = Logger(label: "mlstack") { [handler] _ in handler }
        let (opensBrowser, days) = (open, exitWhenDone)
        let summary = try await StackProgram(configuration: configuration, logger: logger).run(
            onReady: { banner in
                FileHandle.standardOutput.write(Data((banner.text + "\n").utf8))
                if opensBrowser { Browser.open(banner.url) }
            }, onProgress: { Terminal.progress("reading ratings", $0) })
        guard days else { return }
        // At once, so that what went wrong comes after it in a log of both.
        FileHandle.standardOutput.write(Data((summary.text + "\n").utf8))
        for problem in summary.problems { Terminal.report(problem) }
        if !summary.problems.isEmpty { throw ExitCode.failure }
    }
}

extension UpCommand {
    /// Says which settings were given here, so that the page System can tell them from the others.
    private func noteOrigins(in configuration: inout Configuration) {
        let given: [(Configuration.Setting, Bool)] = [
            (.dataset, dataset != nil), (.host, host != nil), (.port, port != nil), (.dayLength, dayLength != nil),
            (.paused, paused), (.start, start != nil), (.history, history != nil), (.until, until != nil),
            (.exitWhenDone, exitWhenDone), (.skipBadLines, skipBadLines), (.token, token != nil),
            (.shadowShare, shadowShare != nil), (.keepRuns, keepRuns != nil),
        ]
        configuration.noteCommandLine(given.filter(\.1).map(\.0) + (home.home == nil ? [] : [.home]))
        if home.isFromEnvironment { configuration.noteEnvironment([.home]) }
    }
}

extension Banner {
    var text: String {
        let length = dayLengthSeconds == 0 ? "as fast as it can" : "\(dayLengthSeconds.formatted()) s"
        let next = isPaused ? "paused; `mlstack replay play` starts the clock" : "next: \(nextDay)"
        var rows = [
            ("pages", "\(url)/"), ("recommendations", "\(url)/api/v1/recommendations/\(user)"),
            ("mlflow", "export MLFLOW_TRACKING_URI=\(url)"),
        ]
        for pipeline in pipelines {
            let broken = "is broken and does not run: see `mlstack pipeline validate \(pipeline.path)`"
            let moment =
                switch pipeline.next {
                case .replay: "(\(next))"
                case .wall(let moment): "(next: \(moment))"
                case .never: "(no schedule: `mlstack pipeline run`)"
                }
            rows.append(("pipeline", "\(pipeline.path) \(pipeline.isBroken ? broken : moment)"))
        }
        if pipelines.isEmpty { rows.append(("pipeline", "none in \(home)/pipelines: nothing is trained")) }
        let lines = rows.enumerated().map { index, row in
            let branch = index == rows.count - 1 ? "└─" : "├─"
            return "\n  \(branch) \(row.0.padding(toLength: 17, withPad: " ", startingAt: 0))\(row.1)"
        }
        return "mlstack \(Version.current) · one simulated day = \(length) · home \(home)" + lines.joined()
    }
}

extension Summary {
    var text: String {
        func number(_ value: Double?, _ places: Int) -> String {
            value.map { String(format: "%.\(places)f", $0) } ?? "not measured"
        }
        return """
            replay done: \(days) simulated days, \(versions) model versions, \(number(secondsPerDay, 3)) s a day, \
            \(number(seconds, 1)) s in all
              quality          ndcg@10 \(number(production, 4)), popularity \(number(popularity, 4)), \
            decayed popularity \(number(decayedPopularity, 4)) (mean over the days)
              peak memory      \(peakResidentBytes.map { "\($0 / 1_048_576) MiB" } ?? "not known")
              production       \(productionVersion.map { "version \($0), content \(contentHash ?? "not known")" } ?? "no version")
            """
    }
}

/// The desktop's browser, if there is one.
enum Browser {
    static func open(_ url: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        #if os(macOS)
            process.arguments = ["open", url]
        #else
            process.arguments = ["xdg-open", url]
        #endif
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { Terminal.say("no browser could be opened; the address is \(url)") }
    }
}
