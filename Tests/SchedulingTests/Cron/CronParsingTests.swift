import Testing

@testable import Scheduling

struct CronParsingTests {
    @Test(arguments: [
        ("0 25 * * *", "cron \"0 25 * * *\": hour 25 is outside 0-23 (field 2, character 3)"),
        ("  60 * * * *", "cron \"  60 * * * *\": minute 60 is outside 0-59 (field 1, character 3)"),
        ("* * *", "cron \"* * *\": it has 3 fields; 5 expected (minute hour day month weekday)"),
        ("* * * janu *", "cron \"* * * janu *\": unknown month \"janu\". Did you mean JAN? (field 4, character 7)"),
        ("@dayly", "cron \"@dayly\": unknown preset @dayly. Did you mean @daily?"),
        ("*/0 * * * *", "cron \"*/0 * * * *\": a step is 1 or more (field 1, character 3)"),
        ("5- * * * *", "cron \"5- * * * *\": the end of the field found, a number expected (field 1, character 3)"),
        ("0 0 31 4,6 *", "cron \"0 0 31 4,6 *\": it never fires: no month it names has such a day (field 3)"),
        ("0 0 15W * MON", "cron \"0 0 15W * MON\": 15W and a day of the week can't be combined (field 3, character 5)"),
        (
            "0 0 * * MON-FRI#1",
            "cron \"0 0 * * MON-FRI#1\": \"#\" found, a comma or the end of the field expected (field 5, character 16)"
        ),
    ])
    func `an error says what is wrong and where`(expression: String, sentence: String) {
        let error = #expect(throws: CronError.self) { try CronSchedule(parsing: expression) }
        #expect(error?.errorDescription == sentence)
        #expect(error?.recoverySuggestion != nil)
    }

    @Test(arguments: [
        "", "@", "@reboot", "@@daily", "@ daily", "daily", "* * * * * *", "** * * * *", "1, * * * *", ",1 * * * *",
        "/5 * * * *",
        "1-60 * * * *", "-1 * * * *", "*/-5 * * * *", "*/5/5 * * * *", "*/1.5 * * * *", "0x5 * * * *", "H * * * *",
        "? * * * *",
        "0~30 * * * *", "* 24/2 * * *", "* * 0 * *", "* * L-3 * *", "* * L5 * *", "* * 1,15W * *", "* * 0W * *",
        "* * ?,* * *",
        "* * mon * *", "* * * 0 *", "* * * 13 *", "* * * * 8", "* * * * L", "* * * * 1#0", "* * * * 1#6",
        "* * * * FRI#L",
        "* * * * 5,L6", "* * * * SUN-", "0 0 30 2 *", "٥ * * * *", "99999999999999999999 * * * *",
        "*/99999999999999999999 * * * *",
    ])
    func `what is no expression is refused`(expression: String) {
        #expect(throws: CronError.self) { try CronSchedule(parsing: expression) }
    }

    @Test(arguments: [
        ("@hourly", "0 * * * *"), ("@Daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * SUN"),
        ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@ANNUALLY", "0 0 1 JAN *"), ("0 0 * * 7", "0 0 * * 0"),
        (" 0\t0  * * * ", "0 0 * * *"), ("0 0 * * fri-mon", "0 0 * * 5,6,0,1"),
        ("0 22-4 * * *", "0 22,23,0,1,2,3,4 * * *"),
        ("5/20 * * * *", "5,25,45 * * * *"), ("0 0 28-L * *", "0 0 28-31 * *"),
        ("0 0 * NOV-FEB *", "0 0 * 11,12,1,2 *"),
        ("0 0 * * THU-TUE/2", "0 0 * * THU,SAT,MON"), ("0 0 ? * 1", "0 0 * * 1"), ("0 0 * * L5", "0 0 * * FRIL"),
        ("0 0 W15 * *", "0 0 15w * *"),
    ])
    func `two spellings mean the same`(left: String, right: String) throws {
        let (one, other) = (try CronSchedule(parsing: left), try CronSchedule(parsing: right))
        #expect(one.minutes == other.minutes && one.hours == other.hours && one.months == other.months)
        #expect(
            one.daysOfMonth.listed == other.daysOfMonth.listed
                && one.daysOfMonth.nearestWorkday == other.daysOfMonth.nearestWorkday)
        #expect(one.daysOfWeek.listed == other.daysOfWeek.listed && one.daysOfWeek.last == other.daysOfWeek.last)
        #expect(one.text == left)
    }

    @Test func `only a field that starts with a star makes a schedule follow the clock`() throws {
        let fixed = ["30 2 * * *", "0-59 0-23 * * *", "@daily"].map { try? CronSchedule(parsing: $0).isFixedTime }
        let following = ["*/10 2 * * *", "30 */2 * * *", "@hourly", "*,5 2 * * *"].map {
            try? CronSchedule(parsing: $0).isFixedTime
        }
        #expect(fixed == [true, true, true])
        #expect(following == [false, false, false, false])
    }
}
