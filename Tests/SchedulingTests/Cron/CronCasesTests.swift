import Foundation
import Testing

@testable import Scheduling

/// Firings measured with Debian's cron and four other implementations.
@Suite(.enabled(if: MeasuredData.folder != nil, "set MLSTACK_TEST_DATA to the folder of measured data"))
struct CronCasesTests {
    private struct Case: Decodable {
        var id: Int
        var expr: String
        var tz: String
        var start: String
        var next: [String]
        var disputed: Bool
        var invalid: Bool?
        var never: Bool?
        var until: String?
    }

    /// Cases in which implementations differ, and we differ from the one that was written down: steps that wrap
    /// (`THU-TUE/2`, where we go on counting round the end), digits with an underscore, `MON-FRI#1`, and `31 4 */2`,
    /// which rule 4 makes an AND.
    private static let ownAnswers: Set<Int> = [217, 218, 219, 313, 314, 315, 499, 500, 501, 523, 524, 525, 4834]

    @Test func `every measured case has the measured answer`() throws {
        let cases = try MeasuredData.text("cron_cases.jsonl").split(separator: "\n").map {
            try JSONDecoder().decode(Case.self, from: Data($0.utf8))
        }
        #expect(cases.count > 2000)
        var differing: Set<Int> = []
        for entry in cases {
            let found: [String]?
            do {
                found = try firings(entry.expr, entry.tz, after: entry.start, count: max(1, entry.next.count))
            } catch is CronError {
                found = nil
            }
            let agrees: Bool
            if entry.invalid == true {
                agrees = found == nil
            } else if entry.never == true {
                agrees = found == nil || found == []
            } else if let until = entry.until {
                let end = try Instant(rfc3339: until)
                agrees = try found?.filter { try Instant(rfc3339: $0) <= end } == entry.next
            } else {
                agrees = found == entry.next
            }
            guard !agrees else { continue }
            differing.insert(entry.id)
            if !entry.disputed {
                Issue.record(
                    "case \(entry.id): \(entry.expr) \(entry.tz) \(entry.start): \(found ?? ["refused"]), expected \(entry.next)"
                )
            }
        }
        #expect(differing == Self.ownAnswers)
    }
}
