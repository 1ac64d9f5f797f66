import Scheduling

/// A simulated day in UTC.
struct Day: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Midnight at its beginning.
    let start: Instant

    private static let milliseconds: Int64 = 86_400_000

    /// The day that holds the moment.
    init(containing instant: Instant) {
        let count = instant.milliseconds / Day.milliseconds - (instant.milliseconds % Day.milliseconds < 0 ? 1 : 0)
        start = Instant(milliseconds: count * Day.milliseconds)
    }

    init(containingSeconds seconds: Int64) { self.init(containing: Instant(seconds: seconds)) }

    /// - Parameter text: `YYYY-MM-DD`.
    /// - Throws: `StackError.badDate`.
    init(text: String, option: String) throws {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard
            text.utf8.count == 10, parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), (1...12).contains(month), (1...31).contains(day)
        else { throw StackError.badDate(option: option, text: text) }
        self.init(containing: Instant(seconds: Int64(Day.number(year, month, day)) * 86_400))
        guard description == text else { throw StackError.badDate(option: option, text: text) }
    }

    var end: Instant { Instant(milliseconds: start.milliseconds + Day.milliseconds) }
    var next: Day { Day(containing: end) }
    static func < (left: Day, right: Day) -> Bool { left.start < right.start }
    /// Days from `other` to this one.
    func days(since other: Day) -> Int {
        Int((start.milliseconds - other.start.milliseconds) / Day.milliseconds)
    }

    /// `YYYY-MM-DD`
    var description: String {
        let (year, month, day) = Day.civil(Int(start.milliseconds / Day.milliseconds))
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Days since 1970-01-01 of a date of the Gregorian calendar.
    /// - Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The inverse, `civil_from_days` of the same source.
    private static func civil(_ number: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
