import Foundation
import Scheduling
import Testing

@Suite struct TriggerRuleTests {
    /// Rule, states upstream (s success, f failed, u upstream_failed, k skipped, . not ended), decision.
    static let table: [(TriggerRule, String, TriggerDecision)] = [
        (.allSuccess, "ss", .run), (.allSuccess, "s.", .wait), (.allSuccess, "f.", .upstreamFailed),
        (.allSuccess, "k.", .skip), (.allSuccess, "ku", .upstreamFailed), (.allSuccess, "sk", .skip),
        (.allDone, "fk", .run), (.allDone, "u", .run), (.allDone, "f.", .wait),
        (.allFailed, "fu", .run), (.allFailed, "f.", .wait), (.allFailed, "s.", .skip), (.allFailed, "fk", .skip),
        (.oneSuccess, "s.", .run), (.oneSuccess, "f.", .wait), (.oneSuccess, "kk", .skip),
        (.oneSuccess, "kf", .upstreamFailed),
        (.oneFailed, "f.", .run), (.oneFailed, "u.", .run), (.oneFailed, "s.", .wait), (.oneFailed, "sk", .skip),
        (.oneDone, "s.", .run), (.oneDone, "f.", .run), (.oneDone, "k.", .wait), (.oneDone, "ku", .skip),
        (.noneFailed, "sk", .run), (.noneFailed, "kk", .run), (.noneFailed, "s.", .wait),
        (.noneFailed, "u.", .upstreamFailed),
        (.noneFailedMinOneSuccess, "sk", .run), (.noneFailedMinOneSuccess, "kk", .skip),
        (.noneFailedMinOneSuccess, "k.", .wait), (.noneFailedMinOneSuccess, "f.", .upstreamFailed),
        (.noneSkipped, "fu", .run), (.noneSkipped, "s.", .wait), (.noneSkipped, "k.", .skip),
        (.allSkipped, "kk", .run), (.allSkipped, "k.", .wait), (.allSkipped, "s.", .skip), (.allSkipped, "f.", .skip),
        (.allDoneMinOneSuccess, "sf", .run), (.allDoneMinOneSuccess, "s.", .wait),
        (.allDoneMinOneSuccess, "fu", .upstreamFailed), (.allDoneMinOneSuccess, "k.", .skip),
        (.always, "..", .run), (.always, "f.", .run),
    ]

    @Test(arguments: table)
    func `a rule decides as the table says`(_ rule: TriggerRule, _ upstream: String, _ decision: TriggerDecision) {
        let letters: [Character: TaskState] = [
            "s": .success, "f": .failed, "u": .upstreamFailed, "k": .skipped, ".": .running,
        ]
        #expect(rule.decision(upstream: upstream.compactMap { letters[$0] }) == decision)
    }

    @Test(arguments: TriggerRule.allCases)
    func `a task that needs nothing runs whatever its rule`(_ rule: TriggerRule) {
        #expect(rule.decision(upstream: []) == .run)
    }

    @Test(arguments: TriggerRule.allCases)
    func `once everything upstream has ended there is nothing left to wait for`(_ rule: TriggerRule) {
        let terminal: [TaskState] = [.success, .failed, .upstreamFailed, .skipped]
        for first in terminal {
            for second in terminal { #expect(rule.decision(upstream: [first, second]) != .wait) }
        }
    }

    private struct Case: Decodable {
        var rule: String
        var upstream: [String]
        var decision: String
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["MLSTACK_TEST_DATA"] != nil, "needs the measured cases of Airflow"))
    func `every measured case of Airflow is decided as Airflow decides it`() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["MLSTACK_TEST_DATA"])
        let text = try String(contentsOfFile: folder + "/trigger_rule_cases.jsonl", encoding: .utf8)
        var count = 0
        for line in text.split(separator: "\n") {
            let measured = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
            let rule = try #require(TriggerRule(rawValue: measured.rule))
            let upstream = try measured.upstream.map { try #require(TaskState(rawValue: $0)) }
            #expect(rule.decision(upstream: upstream).rawValue == measured.decision, "\(line)")
            count += 1
        }
        #expect(count >= 300)
    }
}
