import Scheduling

/// Cron expressions answered without a server, for `mlstack cron next`.
package enum CronQuestions {
    /// One JSON line in, one out.
    package static func answer(_ line: String) -> String { CronBatch.answer(line: line) }

    /// The next firings, RFC 3339 with the zone's offset.
    package static func next(_ expression: String, zone: String, from: String?, count: Int) throws -> [String] {
        let rules = try ZoneRules(identifier: zone)
        let schedule = try CronSchedule(parsing: expression)
        var moment = try from.map { try Instant(text: $0, in: rules) } ?? WallClock().now
        var firings: [String] = []
        while firings.count < count, let next = schedule.next(after: moment, in: rules) {
            firings.append(next.rfc3339(in: rules))
            moment = next
        }
        return firings
    }
}
