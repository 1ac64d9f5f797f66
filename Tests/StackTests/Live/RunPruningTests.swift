import Foundation
import Logging
import Scheduling
import TestKit
import Testing

@testable import Stack

@Suite struct RunPruningTests {
    @Test func `old runs go with their logs, and everything else stays`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(Instant(seconds: 1_800_000_000))
            let world = SchedulingWorld(folder: folder, operators: [ScriptedOperator()], clock: clock)
            try await world.load("pipeline: p\ntasks: {a: {uses: test/step}}")
            let old = try await world.run("p").run.id
            clock.advance(by: .seconds(3 * 86_400))
            let new = try await world.run("p").run.id
            let pruning = RunPruning(
                store: world.store, clock: clock, folders: [folder + "/logs", folder + "/work"],
                kept: .seconds(2 * 86_400), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            #expect(try await pruning.removeOld() == 1)
            #expect(world.store.contents.order == [new])
            let files = FileManager.default
            #expect(!files.fileExists(atPath: "\(folder)/logs/\(old)"))
            #expect(files.fileExists(atPath: "\(folder)/logs/\(new)"))
            #expect(try await pruning.removeOld() == 0)
        }
    }

    @Test func `how long runs are kept is written as in a pipeline file, and never by default`() throws {
        var configuration = Configuration(home: Home("/nowhere"))
        #expect(configuration.retention.runs == nil)
        configuration.retention = try Configuration.Retention(runs: "90d")
        #expect(configuration.retention.runs == .seconds(90 * 86_400))
        #expect(throws: StackError.self) { try Configuration.Retention(runs: "ninety days") }
        configuration.retention.runs = .seconds(60)
        #expect(throws: StackError.self) { try configuration.check() }
    }
}
