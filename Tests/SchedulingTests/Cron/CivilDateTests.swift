import Testing

@testable import Scheduling

struct CivilDateTests {
    @Test func `every day of 800 years is one after the day before it`() {
        var expected = CivilDate(year: 1700, month: 1, day: 1)
        let first = expected.daysSince1970
        for days in first..<first + 2 * 146_097 {
            guard CivilDate(daysSince1970: days) == expected, expected.daysSince1970 == days else {
                Issue.record("day \(days) is \(CivilDate(daysSince1970: days)), expected \(expected)")
                return
            }
            expected.day += 1
            if expected.day > CivilDate.daysInMonth(year: expected.year, month: expected.month) {
                expected.day = 1
                expected.month += 1
            }
            if expected.month > 12 { (expected.year, expected.month) = (expected.year + 1, 1) }
        }
    }

    @Test func `1970-01-01 was a Thursday and 2000-02-29 a Tuesday`() {
        #expect(CivilDate(daysSince1970: 0) == CivilDate(year: 1970, month: 1, day: 1))
        #expect(CivilDate(daysSince1970: 0).weekday == 4)
        #expect(CivilDate(year: 2000, month: 2, day: 29).weekday == 2)
        #expect(CivilDate(year: 1969, month: 12, day: 28).weekday == 0)
    }

    @Test func `a century is a leap year only every fourth time`() {
        #expect([1900, 2000, 2100, 2023, 2024].map(CivilDate.isLeap) == [false, true, false, false, true])
    }
}
