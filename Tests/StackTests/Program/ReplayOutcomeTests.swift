import Foundation
import Logging
import Storage
import Synchronization
import TestKit
import Testing

@testable import Stack

/// What `--exit-when-done` comes to when something went wrong on the way.
struct ReplayOutcomeTests {
    /// Puts a pipeline file of a person beside those that a new home is given.
    private func write(_ text: String, as name: String, _ configuration: Configuration) throws {
        let folder = configuration.home.pipelines
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    @Test func `a replay whose days succeed has nothing to tell, and names production's version`() async throws {
        try await RunningStack.withDataset { folder in
            let summary = try await RunningStack.replay(RunningStack.configuration(folder), until: "2024-07-17")
            #expect(summary.problems == [])
            #expect(summary.productionVersion == summary.versions)
        }
    }

    @Test func `days that failed are counted, and the first is told with its reason and its log`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try write(
                """
                pipeline: nightly
                triggers:
                  - {cron: "@daily", clock: replay}
                tasks:
                  breaks: {run: "echo about to break; exit 3"}
                """, as: "nightly.yaml", configuration)
            let summary = try await RunningStack.replay(configuration, until: "2024-07-17")
            let problem = try #require(summary.problems.first)
            guard case .daysFailed(3, "2024-07-15", let reason, let log?) = problem else {
                Issue.record("\(problem)")
                return
            }
            #expect(reason.contains("nightly") && reason.contains("breaks"))
            #expect(try String(contentsOfFile: log, encoding: .utf8).contains("about to break"))
            #expect(ErrorText(problem).remedy?.contains(log) == true)
            // The days of a former sitting are not this one's.
            try FileManager.default.removeItem(atPath: configuration.home.pipelines + "/nightly.yaml")
            #expect(try await RunningStack.replay(configuration, until: "2024-07-18").problems == [])
        }
    }

    @Test func `a broken pipeline file is told with its place, in the banner too`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try write("pipeline: daily\ntasks: 3\n", as: "daily.yaml", configuration)
            let summary = try await RunningStack.replay(configuration, until: "2024-07-16")
            let file = configuration.home.pipelines + "/daily.yaml"
            let text = ErrorText(try #require(summary.problems.first))
            #expect(text.what.hasPrefix("1 pipeline file is broken: \(file):2:"), "\(text.what)")
            #expect(text.remedy?.contains("`mlstack pipeline validate FILE`") == true)

            try await RunningStack.run(configuration) { stack in
                #expect(stack.banner.pipelines == [.init(path: file, isBroken: true, next: .never)])
            }
        }
    }

    /// Takes the database away from under the running program when a day's end is told.
    private struct ClosesTheStore: LogHandler {
        let store: OpenedStore
        let day: String
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }

        func log(event: LogEvent) {
            if "\(event.message)".hasPrefix(day) { store.close() }
        }
    }

    /// Reached by the log handler once the operators have been given it.
    private final class OpenedStore: Sendable {
        private let place = Mutex<Later<Workshop>?>(nil)
        func set(_ workshop: Later<Workshop>) { place.withLock { $0 = workshop } }
        func close() { try? place.withLock { $0 }?.value.store.close() }
    }

    @Test func `a replay that cannot go on ends the program with the reason instead of waiting`() async throws {
        try await RunningStack.withDataset { folder in
            let store = OpenedStore()
            let logger = Logger(label: "test") { _ in ClosesTheStore(store: store, day: "2024-07-16") }
            do {
                _ = try await RunningStack.replay(RunningStack.configuration(folder), logger: logger) { place, runs in
                    store.set(place)
                    return OperatorList.catalogue(place, runs)
                }
                Issue.record("it reached the end")
            } catch let error as StackError {
                guard case .replayStopped("2024-07-17", let reason, _) = error else { throw error }
                #expect(reason.contains("has been closed"))
            }
        }
    }
}
