import Foundation
import Scheduling
import Serving
import TestKit
import Testing

@testable import Stack

struct SettingFactsTests {
    private static func opening(_ dayLength: Int64 = 10_000) -> ReplayState {
        ReplayState(
            dataset: "demo", contentHash: "", start: Instant(seconds: 0), now: Instant(seconds: 0),
            dataEnd: Instant(seconds: 0), until: nil, isPlaying: true, dayLengthMilliseconds: dayLength, target: nil)
    }

    @Test func `every setting is told with its value, and who said so`() throws {
        var configuration = Configuration(home: Home("/somewhere"))
        (configuration.port, configuration.token) = (9000, "very secret")
        configuration.project.pools = ["gpu": 2]
        configuration.retention.runs = .seconds(90 * 86_400)
        configuration.noteCommandLine([.port, .token, .keepRuns])
        configuration.noteEnvironment([.home])
        configuration.hasFormerReplay = true
        let facts = configuration.facts(dataset: "demo", opening: Self.opening(2500))
        func told(_ name: String) throws -> String {
            let fact = try #require(facts.first { $0.name == name })
            return "\(fact.value ?? "-") (\(fact.origin.rawValue))"
        }
        #expect(facts.map(\.name) == Configuration.Setting.allCases.map(\.rawValue))
        #expect(try told("home") == "/somewhere (environment)")
        #expect(try told("port") == "9000 (command_line)")
        #expect(try told("host") == "127.0.0.1 (default)")
        #expect(try told("dataset") == "demo (home)")
        #expect(try told("day_length") == "2500ms (home)")
        #expect(try told("keep_runs") == "90d (command_line)")
        #expect(try told("pools") == "gpu: 2 (default)")
        #expect(!facts.contains { $0.value?.contains("secret") ?? false })
    }

    @Test func `what mlstack.yaml says is told to come from it`() async throws {
        try await StorageFixture.withFolder { folder in
            let home = folder + "/home"
            try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
            try "pools:\n  gpu: 2\nretention:\n  runs: 12h\ndurability: full\n".write(
                toFile: home + "/mlstack.yaml", atomically: true, encoding: .utf8)
            var configuration = Configuration(home: Home(home))
            try configuration.readProject()
            let facts = configuration.facts(dataset: "demo", opening: Self.opening())
            let fromFile = facts.filter { $0.origin == .file }
            #expect(fromFile.map(\.name) == ["keep_runs", "pools", "durability"])
            #expect(fromFile.map(\.value) == ["12h", "gpu: 2", "full"])
        }
    }
}
