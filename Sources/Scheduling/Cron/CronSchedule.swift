/// A cron expression: five fields, or a preset.
///
/// Minutes, hours, days of the month, months and days of the week; names of months and weekdays (three letters, any
/// case); ranges (which may wrap: `22-4`), steps (`*/5`, `3/5`: from 3 to the end), lists. `L` is the last day of
/// the month, `5L` or `L5` the last Friday, `FRI#2` the second Friday, `15W` the working day nearest to the 15th,
/// `LW` the last working day. `?` is `*` in a day field. What it means in a zone whose clock changes stands at
/// `next(after:in:)`.
/// - Source: crontab(5) of Debian's cron 3.0; the letters L, W and # as Quartz and croniter have them.
package struct CronSchedule: Sendable, Equatable {
    /// As it was written.
    package let text: String
    /// Bit m: minute m is in the field.
    let minutes: UInt64
    /// Bit h: hour h is in the field.
    let hours: UInt64
    let daysOfMonth: DaysOfMonth
    /// Bit m: month m (1 ... 12) is in the field.
    let months: UInt64
    let daysOfWeek: DaysOfWeek
    /// Neither the minute field nor the hour field starts with `*`; see `next(after:in:)`.
    let isFixedTime: Bool

    /// The third field.
    struct DaysOfMonth: Sendable, Equatable {
        /// Bit d: day d (1 ... 31) is in the field.
        var listed: UInt64 = 0
        /// `L`
        var last = false
        /// `15W` is 15, `LW` is 31: a day that the month has not got is its last.
        var nearestWorkday: Int?
        var startsWithStar = false
    }

    /// The fifth field.
    struct DaysOfWeek: Sendable, Equatable {
        /// Bit d: weekday d is in the field; 0 is Sunday.
        var listed: UInt64 = 0
        /// Bit 8n + d: the n-th (1 ... 5) weekday d of the month is in the field.
        var nth: UInt64 = 0
        /// Bit d: the last weekday d of the month is in the field.
        var last: UInt64 = 0
        var startsWithStar = false
    }

    /// - Throws: `CronError` with the place in the text; also when no date could ever match.
    package init(parsing text: String) throws(CronError) {
        var parser = CronParser(text)
        let fields = try parser.parse()
        self.text = text
        minutes = fields.minutes
        hours = fields.hours
        daysOfMonth = fields.daysOfMonth
        months = fields.months
        daysOfWeek = fields.daysOfWeek
        isFixedTime = fields.isFixedTime
        guard hasAnyDate else { throw CronError(expression: text, problem: .neverFires, field: 3) }
    }

    static let presets: [(name: String, fields: String)] = [
        ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"), ("@monthly", "0 0 1 * *"), ("@weekly", "0 0 * * 0"),
        ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@hourly", "0 * * * *"),
    ]

    /// Whether both day fields let a day through.
    ///
    /// OR when both are restricted, AND as soon as either *starts* with `*`: so `*/2` beside `FRI` is an AND.
    func matches(_ date: CivilDate, weekday: Int) -> Bool {
        guard months & 1 << UInt64(date.month) != 0 else { return false }
        let length = CivilDate.daysInMonth(year: date.year, month: date.month)
        let byMonth = daysOfMonth.matches(day: date.day, weekday: weekday, length: length)
        let byWeek = daysOfWeek.matches(day: date.day, weekday: weekday, length: length)
        let both = daysOfMonth.startsWithStar || daysOfWeek.startsWithStar
        return both ? byMonth && byWeek : byMonth || byWeek
    }

    /// The calendar repeats after 400 years, so this answer is for ever.
    private var hasAnyDate: Bool {
        let first = CivilDate(year: 2000, month: 1, day: 1).daysSince1970
        return firstDay(from: first, through: first + 146_097) != nil
    }

    /// The first matching day, in days since 1970.
    func firstDay(from first: Int, through last: Int) -> Int? {
        var day = first
        while day <= last {
            let date = CivilDate(daysSince1970: day)
            guard months & 1 << UInt64(date.month) != 0 else {
                day += CivilDate.daysInMonth(year: date.year, month: date.month) - date.day + 1
                continue
            }
            if matches(date, weekday: CivilDate.weekday(daysSince1970: day)) { return day }
            day += 1
        }
        return nil
    }
}

extension CronSchedule.DaysOfMonth {
    func matches(day: Int, weekday: Int, length: Int) -> Bool {
        if listed & 1 << UInt64(day) != 0 || last && day == length { return true }
        guard let nearestWorkday else { return false }
        return day == Self.workday(near: min(nearestWorkday, length), day: day, weekday: weekday, length: length)
    }

    /// The working day nearest to `target` in the month in which `day` is a `weekday`; it never leaves the month.
    private static func workday(near target: Int, day: Int, weekday: Int, length: Int) -> Int {
        let targetWeekday = ((weekday + target - day) % 7 + 7) % 7
        return switch targetWeekday {
        case 6: target == 1 ? 3 : target - 1
        case 0: target == length ? target - 2 : target + 1
        default: target
        }
    }

    var isEveryDay: Bool { listed == CronField.dayOfMonth.allBits }
}

extension CronSchedule.DaysOfWeek {
    func matches(day: Int, weekday: Int, length: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(weekday)
        if listed & bit != 0 || nth & bit << UInt64(8 * ((day + 6) / 7)) != 0 { return true }
        return last & bit != 0 && day + 7 > length
    }

    var isEveryDay: Bool { listed == 0b111_1111 }
}
