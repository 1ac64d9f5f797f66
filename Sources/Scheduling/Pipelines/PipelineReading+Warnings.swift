/// What the writer of a schedule should know.
extension PipelineReading {
    /// A catch-up of more runs than this is likely a slip of the year.
    private static let catchupWarning = 50

    mutating func warn(about trigger: Trigger, at position: SourcePosition, _ keys: [String: YAMLPair]) {
        if case .time(.cron(let schedule)) = trigger.kind { warn(about: schedule, at: position) }
        guard let now, trigger.catchup == .all, trigger.clock == .wall, let start = trigger.start,
            let pair = keys["catchup"]
        else { return }
        var count = 0
        var moment = start.before
        while count <= Self.catchupWarning, let next = trigger.next(after: moment, in: zone), next <= now {
            count += 1
            moment = next
        }
        if count > Self.catchupWarning {
            report(
                .manyCatchupRuns, at: pair.value.position,
                "catchup: all would create more than \(Self.catchupWarning) runs, one for each firing since \(start.rfc3339(in: zone))"
            )
        }
    }

    private mutating func warn(about schedule: CronSchedule, at position: SourcePosition) {
        if schedule.hasStarStepBesideDay {
            report(
                .starStepBesideDay, at: position,
                "cron \"\(schedule.text)\": a day field that starts with * must match as well, so this fires \(schedule.inWords)"
            )
        }
        guard let now else { return }
        if let gap = schedule.firingInGap(ofYearOf: now, in: zone) {
            let outcome = schedule.isFixedTime ? "that day it fires at \(gap.end) instead" : "that day it does not fire"
            report(
                .daylightSavingGap, at: position,
                "cron \"\(schedule.text)\": the clock of \(zone.identifier) skips \(gap.reading) on \(gap.day); \(outcome)"
            )
        }
    }
}

extension CronSchedule {
    /// `*/n` in one day field beside a restricted other: many read it as "or".
    var hasStarStepBesideDay: Bool {
        let monthStep = daysOfMonth.startsWithStar && !daysOfMonth.isEveryDay
        let weekStep = daysOfWeek.startsWithStar && !daysOfWeek.isEveryDay
        return monthStep && !daysOfWeek.isEveryDay || weekStep && !daysOfMonth.isEveryDay
    }

    /// The first firing that a forward change of this year's clock skips.
    ///
    /// A schedule that fires in every hour has nothing to miss.
    func firingInGap(ofYearOf now: Instant, in zone: ZoneRules) -> (reading: String, day: String, end: String)? {
        let year = LocalTime(seconds: Int(now.seconds) + zone.offsetSeconds(at: now)).date.year
        let start = CivilDate(year: year, month: 1, day: 1).daysSince1970 * 86_400
        for stretch in zone.stretches(in: start..<start + 366 * 86_400) where stretch.start >= start {
            let change = stretch.offset - stretch.previousOffset
            guard change > 0, change < 3 * 3600, hours != CronField.hour.allBits else { continue }
            let gap = stretch.start + stretch.previousOffset..<stretch.start + stretch.offset
            guard let missed = firstMatch(from: gap.lowerBound, before: gap.upperBound) else { continue }
            let end = Instant(seconds: Int64(stretch.start)).rfc3339(in: zone)
            let reading = Instant(seconds: Int64(missed)).rfc3339
            return (
                String(reading.dropFirst(11).prefix(5)), String(reading.prefix(10)), String(end.dropFirst(11).prefix(5))
            )
        }
        return nil
    }
}
