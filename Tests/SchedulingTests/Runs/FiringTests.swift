import Scheduling
import Testing

@testable import Scheduling

@Suite struct FiringTests {
    private func trigger(
        _ cron: String, start: String? = nil, end: String? = nil, catchup: Catchup = .none
    ) throws -> Trigger {
        Trigger(
            kind: .time(.cron(try CronSchedule(parsing: cron))), clock: .replay, start: try start.map(moment),
            end: try end.map(moment),
            catchup: catchup, params: [:])
    }

    private func moment(_ text: String) throws -> Instant { try Instant(text: text, in: .utc) }

    @Test(arguments: [
        ("@daily", "2015-01-09", "2015-01-08"), ("@daily", "2015-01-09T00:00:01", "2015-01-09"),
        ("@yearly", "2015-01-01", "2014-01-01"), ("0 0 29 2 *", "2015-01-01", "2012-02-29"),
        ("* * * 1 *", "2015-12-31", "2015-01-31T23:59"), ("*/5 9-17 * * 1-5", "2015-01-12T09:00", "2015-01-09T17:55"),
        ("30 2 13 * FRI", "2015-01-09T02:30", "2015-01-02T02:30"),
    ])
    func `the firing before a moment is found`(_ cron: String, _ at: String, _ previous: String) throws {
        let schedule = try CronSchedule(parsing: cron)
        #expect(schedule.previous(before: try moment(at), in: .utc) == (try moment(previous)))
    }

    @Test(arguments: ["@hourly", "30 2 * * *", "*/20 1-3 * * *"])
    func `each firing is the one before the next, through a change of the clock`(_ cron: String) throws {
        let schedule = try CronSchedule(parsing: cron)
        let zone = try ZoneRules(identifier: "Europe/Berlin")
        var last = try #require(schedule.next(after: try moment("2015-03-26"), in: zone))
        for _ in 0..<200 {
            let next = try #require(schedule.next(after: last, in: zone))
            #expect(schedule.previous(before: next, in: zone) == last)
            last = next
        }
    }

    @Test func `an interval reaches from the firing before up to this one and is never empty`() throws {
        let weekdays = try trigger("0 6 * * 1-5")
        let monday = try moment("2015-01-12T06:00")
        #expect(
            weekdays.interval(ending: monday, in: .utc)
                == DataInterval(start: try moment("2015-01-09T06:00"), end: monday))
    }

    @Test func `a run by hand is about the last complete interval`() throws {
        let daily = try trigger("@daily")
        let expected = DataInterval(start: try moment("2015-01-08"), end: try moment("2015-01-09"))
        #expect(daily.lastInterval(at: try moment("2015-01-09T13:00"), in: .utc) == expected)
        #expect(daily.lastInterval(at: try moment("2015-01-09"), in: .utc) == expected)
    }

    @Test func `the first firing is the first match at or after the start`() throws {
        let hourly = try trigger("@hourly", start: "2015-01-01T22:30")
        #expect(hourly.next(after: try moment("2014-06-01"), in: .utc) == (try moment("2015-01-01T23:00")))
        let daily = try trigger("@daily", start: "2015-01-01", end: "2015-01-02")
        #expect(daily.next(after: try moment("2014-06-01"), in: .utc) == (try moment("2015-01-01")))
        #expect(daily.next(after: try moment("2015-01-01"), in: .utc) == (try moment("2015-01-02")))
        #expect(daily.next(after: try moment("2015-01-02"), in: .utc) == nil)
    }

    @Test func `on the replay clock every firing since the last look is due, the moment itself included`() throws {
        let hourly = try trigger("@hourly")
        let due = hourly.due(
            cursor: try moment("2015-01-01"), now: try moment("2015-01-01T03:00"), isOnTime: true, in: .utc)
        #expect(due == (try ["2015-01-01T01:00", "2015-01-01T02:00", "2015-01-01T03:00"].map(moment)))
        #expect(
            hourly.due(cursor: try moment("2015-01-02"), now: try moment("2015-01-02"), isOnTime: true, in: .utc)
                .isEmpty)
    }

    @Test func `what a new trigger missed before it existed follows its catchup`() throws {
        let now = try moment("2015-01-05T12:00")
        func due(_ catchup: Catchup, _ cursor: String?, isOnTime: Bool = false) throws -> [Instant] {
            try trigger("@daily", start: "2015-01-03", catchup: catchup)
                .due(cursor: cursor.map(moment), now: now, isOnTime: isOnTime, in: .utc)
        }
        #expect(try due(.none, nil).isEmpty)
        #expect(try due(.none, nil, isOnTime: true).isEmpty)
        #expect(try due(.latest, nil) == [moment("2015-01-05")])
        #expect(try due(.all, nil) == ["2015-01-03", "2015-01-04", "2015-01-05"].map(moment))
        #expect(try due(.all, "2015-01-04") == [moment("2015-01-05")])
        #expect(try due(.latest, "2015-01-03") == [moment("2015-01-05")])
    }

    @Test func `names of runs show the date in the pipeline's zone`() throws {
        let seoul = try ZoneRules(identifier: "Asia/Seoul")
        let date = try moment("2015-01-08T15:00")
        #expect(RunName.scheduled("daily", date, trigger: 0, isSecond: false, zone: seoul) == "daily-20150109T000000")
        #expect(RunName.scheduled("daily", date, trigger: 3, isSecond: true, zone: seoul) == "daily-20150109T000000-t3")
    }

    @Test func `an hour that a clock shows twice gives two names`() throws {
        let york = try ZoneRules(identifier: "America/New_York")
        let first = RunName.stamp(try moment("2015-11-01T05:30"), york)
        let second = RunName.stamp(try moment("2015-11-01T06:30"), york)
        #expect(first == "20151101T013000")
        #expect(second == "20151101T013000-0500")
        #expect(RunName.stamp(try moment("2015-11-01T07:30"), york) == "20151101T023000")
    }

    @Test func `a task that starts a run twice names it the same`() {
        var parent = MachinePlay.run()
        parent.id = "p-20150109T000000"
        let name = RunName.started("deploy", by: parent, taskID: "deploy")
        #expect(name == RunName.started("deploy", by: parent, taskID: "deploy"))
        #expect(name.hasPrefix("deploy-20150109T000000-"))
        #expect(name != RunName.started("deploy", by: parent, taskID: "other"))
    }
}
