extension CronSchedule {
    /// Forward or backward changes of this many seconds or more are corrections of the clock, not summer time.
    private static let correction = 3 * 3600

    /// The first firing strictly after a moment.
    ///
    /// The four rules of Debian's cron:
    /// 1. A schedule whose minute *or* hour field starts with `*` follows the local clock: nothing for minutes that
    ///    were skipped, twice for minutes that came twice.
    /// 2. Any other is fixed-time. When the clock jumps forward by less than 3 h, a firing in the gap is made up
    ///    right after the change. When it goes back by less than 3 h, the first of the two occurrences alone counts.
    /// 3. Changes of 3 h or more are corrections: nothing is made up, nothing suppressed.
    /// 4. Day of month and day of week: see `matches(_:weekday:)`.
    ///
    /// Computed stretch by stretch between the zone's changes, day by day within each; never by asking every minute.
    /// - Returns: nil only beyond the 400 years in which every date of the calendar comes round.
    /// - Source: cron.c of Debian's cron 3.0pl1, `cron_sleep` and the clock-change cases of `main`.
    package func next(after instant: Instant, in zone: ZoneRules) -> Instant? {
        // 400 years from there are within the calendar for every moment of these; outside, arithmetic could overflow.
        guard (-60_000_000_000...240_000_000_000).contains(instant.seconds) else { return nil }
        var moment = Int(instant.seconds) + 1
        let limit = moment + 146_097 * 86_400
        while moment < limit {
            let stretch = zone.stretch(at: moment)
            if let found = firstFiring(in: stretch, from: moment) { return Instant(seconds: Int64(found)) }
            moment = stretch.end
        }
        return nil
    }

    /// The first firing in a stretch at or after `moment`, in seconds since 1970.
    private func firstFiring(in stretch: ZoneStretch, from moment: Int) -> Int? {
        let change = stretch.offset - stretch.previousOffset
        var from = moment
        if isFixedTime, change > 0, change < Self.correction {
            // The gap's readings; the makeup comes with the first whole minute that the new clock shows.
            let makeup = Self.wholeMinute(stretch.start + stretch.offset) - stretch.offset
            let gap = stretch.start + stretch.previousOffset..<stretch.start + stretch.offset
            if moment <= makeup, firstMatch(from: gap.lowerBound, before: gap.upperBound) != nil { return makeup }
        }
        if isFixedTime, change < 0, change > -Self.correction {
            from = max(from, stretch.start - change)
        }
        return firstMatch(from: from + stretch.offset, before: stretch.end + stretch.offset).map { $0 - stretch.offset }
    }

    /// The first matching reading of a clock, in seconds of that clock since its 1970.
    func firstMatch(from: Int, before end: Int) -> Int? {
        let start = LocalTime(seconds: Self.wholeMinute(from))
        let last = LocalTime(seconds: end - 1).day
        var day = start.day
        var minuteOfDay = start.secondOfDay / 60
        while let found = firstDay(from: day, through: last) {
            if found != day { minuteOfDay = 0 }
            if let minute = firstMinute(from: minuteOfDay) {
                let seconds = found * 86_400 + minute * 60
                return seconds < end ? seconds : nil
            }
            day = found + 1
            minuteOfDay = 0
        }
        return nil
    }

    /// The first matching minute of a day at or after `minuteOfDay`.
    private func firstMinute(from minuteOfDay: Int) -> Int? {
        let (hour, minute) = (minuteOfDay / 60, minuteOfDay % 60)
        let minutesLeft = minutes & (UInt64.max << UInt64(minute))
        if hours & 1 << UInt64(hour) != 0, minutesLeft != 0 { return hour * 60 + minutesLeft.trailingZeroBitCount }
        let hoursLeft = hours & (UInt64.max << UInt64(hour + 1))
        guard hoursLeft != 0 else { return nil }
        return hoursLeft.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount
    }

    private static func wholeMinute(_ seconds: Int) -> Int { -CivilDate.floorDivide(-seconds, 60) * 60 }
}
