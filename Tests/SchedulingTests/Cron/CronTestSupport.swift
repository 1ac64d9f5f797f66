import Foundation
import Testing

@testable import Scheduling

/// The firings after a moment, as text.
func firings(_ expression: String, _ zone: String, after start: String, count: Int) throws -> [String] {
    let rules = try ZoneRules(identifier: zone)
    let schedule = try CronSchedule(parsing: expression)
    var moment = try Instant(rfc3339: start)
    var result: [String] = []
    while result.count < count, let next = schedule.next(after: moment, in: rules) {
        result.append(next.rfc3339(in: rules))
        moment = next
    }
    return result
}

/// The folder of measured data that `MLSTACK_TEST_DATA` names; nil: tests that need it are skipped.
enum MeasuredData {
    static let folder = ProcessInfo.processInfo.environment["MLSTACK_TEST_DATA"]

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(try #require(folder))/\(name)", encoding: .utf8)
    }
}
