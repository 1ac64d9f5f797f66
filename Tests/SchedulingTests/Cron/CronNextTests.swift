import Testing

@testable import Scheduling

struct CronNextTests {
    @Test func `a firing lies strictly after the moment`() throws {
        #expect(
            try firings("* * * * *", "UTC", after: "2026-06-15T12:29:59.999Z", count: 1) == [
                "2026-06-15T12:30:00+00:00"
            ])
        #expect(
            try firings("* * * * *", "UTC", after: "2026-06-15T12:30:00Z", count: 1) == ["2026-06-15T12:31:00+00:00"])
        #expect(
            try firings("@hourly", "Asia/Seoul", after: "2026-06-15T22:30:00+09:00", count: 1) == [
                "2026-06-15T23:00:00+09:00"
            ])
    }

    @Test func `a fixed-time firing in the gap is made up right after it, once`() throws {
        #expect(
            try firings("30 1,2,3 * * *", "America/New_York", after: "2026-03-08T00:00:00-05:00", count: 4) == [
                "2026-03-08T01:30:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00",
                "2026-03-09T01:30:00-04:00",
            ])
        #expect(
            try firings("5,25,55 2 * * *", "America/New_York", after: "2026-03-08T03:00:00-04:00", count: 1)
                == ["2026-03-09T02:05:00-04:00"])
    }

    @Test func `a schedule that follows the clock loses the gap`() throws {
        #expect(
            try firings("*/10 2 * * *", "America/New_York", after: "2026-03-08T00:00:00-05:00", count: 1)
                == ["2026-03-09T02:00:00-04:00"])
        #expect(
            try firings("30 */2 * * *", "America/New_York", after: "2026-03-08T00:00:00-05:00", count: 2)
                == ["2026-03-08T00:30:00-05:00", "2026-03-08T04:30:00-04:00"])
    }

    @Test func `of a repeated hour a fixed time counts once, the clock twice`() throws {
        #expect(
            try firings("30 1 * * *", "America/New_York", after: "2026-11-01T00:00:00-04:00", count: 2)
                == ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"])
        #expect(
            try firings("30 * * * *", "America/New_York", after: "2026-11-01T01:00:00-04:00", count: 3)
                == ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-01T02:30:00-05:00"])
    }

    @Test func `asked within the second pass, a fixed time has passed already`() throws {
        #expect(
            try firings("45 1 * * *", "America/New_York", after: "2026-11-01T01:10:00-05:00", count: 1)
                == ["2026-11-02T01:45:00-05:00"])
    }

    @Test func `half an hour of summer time is a change like any other`() throws {
        #expect(
            try firings("15 2 * * *", "Australia/Lord_Howe", after: "2025-10-05T00:00:00+10:30", count: 2)
                == ["2025-10-05T02:30:00+11:00", "2025-10-06T02:15:00+11:00"])
    }

    @Test func `a day that a country skipped is a correction, and nothing is made up`() throws {
        #expect(
            try firings("0 12 * * *", "Pacific/Apia", after: "2011-12-29T13:00:00-10:00", count: 1)
                == ["2011-12-31T12:00:00+14:00"])
    }

    @Test func `both day fields restricted is an or, a star in front makes it an and`() throws {
        #expect(
            try firings("0 9 13 * FRI", "UTC", after: "2026-02-01T00:00:00Z", count: 3)
                == ["2026-02-06T09:00:00+00:00", "2026-02-13T09:00:00+00:00", "2026-02-20T09:00:00+00:00"])
        #expect(
            try firings("0 9 */2 * FRI", "UTC", after: "2026-01-01T00:00:00Z", count: 2)
                == ["2026-01-09T09:00:00+00:00", "2026-01-23T09:00:00+00:00"])
    }

    @Test(arguments: [
        ("0 0 L * *", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("0 0 LW * *", ["2026-01-30", "2026-02-27", "2026-03-31"]),
        ("0 0 15W * *", ["2026-01-15", "2026-02-16", "2026-03-16"]),
        ("0 0 1W * *", ["2026-01-01", "2026-02-02", "2026-03-02"]),
        ("0 0 * * 5L", ["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("0 0 * * MON#5", ["2026-03-30", "2026-06-29", "2026-08-31"]),
        ("0 0 29 2 *", ["2028-02-29", "2032-02-29", "2036-02-29"]),
        ("0 0 1,L * *", ["2026-01-01", "2026-01-31", "2026-02-01"]),
    ])
    func `days of the month that need the calendar`(expression: String, days: [String]) throws {
        let found = try firings(expression, "UTC", after: "2025-12-31T23:59:00Z", count: 3)
        #expect(found == days.map { $0 + "T00:00:00+00:00" })
    }

    @Test func `the century without a leap day is skipped`() throws {
        #expect(
            try firings("0 0 29 2 *", "UTC", after: "2096-03-01T00:00:00Z", count: 1) == ["2104-02-29T00:00:00+00:00"])
    }

    @Test func `a moment outside the calendar has no next firing rather than a trap`() throws {
        let schedule = try CronSchedule(parsing: "@daily")
        #expect(schedule.next(after: Instant(milliseconds: .max), in: .utc) == nil)
        #expect(schedule.next(after: Instant(milliseconds: .min), in: .utc) == nil)
    }

    /// The rules said again in the slowest way: every minute of two days around a change is asked by itself.
    @Test(arguments: [
        ("America/New_York", "2026-03-07T12:00:00Z"), ("America/New_York", "2026-10-31T12:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T00:00:00Z"), ("America/St_Johns", "2010-03-13T12:00:00Z"),
        ("Africa/Casablanca", "2025-04-05T12:00:00Z"), ("Asia/Seoul", "2026-01-01T00:00:00Z"),
    ])
    func `the search agrees with asking every minute`(zone: String, start: String) throws {
        let rules = try ZoneRules(identifier: zone)
        let first = Int(try Instant(rfc3339: start).seconds)
        for expression in [
            "30 1,2,3 * * *", "*/20 * * * *", "0 0 * * *", "15 0-23 * * *", "7 */3 * * SUN", "59 23,0,1 * * *",
        ] {
            let schedule = try CronSchedule(parsing: expression)
            var expected: [Int] = []
            for moment in stride(from: first + 60, through: first + 2 * 86_400, by: 60) {
                let stretch = rules.stretch(at: moment)
                let change = stretch.offset - stretch.previousOffset
                let local = moment + stretch.offset
                var fires = schedule.firstMatch(from: local, before: local + 60) == local
                if schedule.isFixedTime, change < 0, moment < stretch.start - change { fires = false }
                if schedule.isFixedTime, change > 0, moment == stretch.start {
                    fires = fires || schedule.firstMatch(from: local - change, before: local) != nil
                }
                if fires { expected.append(moment) }
            }
            var found: [Int] = []
            var moment = Instant(seconds: Int64(first))
            while let next = schedule.next(after: moment, in: rules), next.seconds <= first + 2 * 86_400 {
                found.append(Int(next.seconds))
                moment = next
            }
            #expect(found == expected, "\(expression) in \(zone)")
        }
    }
}
