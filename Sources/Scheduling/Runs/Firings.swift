extension CronSchedule {
    /// The last firing strictly before a moment; nil when there is none in the calendar's 400 years before it.
    ///
    /// Found by asking `next` from ever earlier moments until one answer lies before, then by halving what is between.
    func previous(before instant: Instant, in zone: ZoneRules) -> Instant? {
        var width: Int64 = 60_000
        let farthest: Int64 = 400 * 366 * 86_400_000
        while width < farthest {
            let from = Instant(milliseconds: instant.milliseconds - width)
            if let found = next(after: from, in: zone), found < instant {
                return last(from: found, before: instant, zone)
            }
            width *= 4
        }
        return nil
    }

    /// - Parameter first: a firing before `end`.
    private func last(from first: Instant, before end: Instant, _ zone: ZoneRules) -> Instant {
        var (found, bound) = (first, end)
        while bound.milliseconds - found.milliseconds > 1000 {
            let middle = Instant(milliseconds: found.milliseconds + (bound.milliseconds - found.milliseconds) / 2)
            if let later = next(after: middle, in: zone), later < end { found = later } else { bound = middle }
        }
        return found
    }
}

extension Timetable {
    /// The first firing strictly after a moment.
    /// - Parameter anchor: what `every` counts from.
    func next(after instant: Instant, anchor: Instant?, in zone: ZoneRules) -> Instant? {
        switch self {
        case .cron(let schedule): return schedule.next(after: instant, in: zone)
        case .every(let duration):
            let (step, from) = (Self.milliseconds(duration), anchor?.milliseconds ?? 0)
            let count = CivilDate.floorDivide(Int(instant.milliseconds - from), step) + 1
            let (product, overflow) = count.multipliedReportingOverflow(by: step)
            return overflow ? nil : Instant(milliseconds: from + Int64(product))
        }
    }

    /// The last firing strictly before a moment.
    func previous(before instant: Instant, anchor: Instant?, in zone: ZoneRules) -> Instant? {
        switch self {
        case .cron(let schedule): return schedule.previous(before: instant, in: zone)
        case .every(let duration):
            let (step, from) = (Self.milliseconds(duration), anchor?.milliseconds ?? 0)
            let count = CivilDate.floorDivide(Int(instant.milliseconds - 1 - from), step)
            return Instant(milliseconds: from + Int64(count * step))
        }
    }

    /// At least one: the compiler refuses shorter ones.
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

extension Trigger {
    /// The first firing after a moment that lies within the trigger's `start` and `end`; nil also when it does not
    /// fire by the clock.
    func next(after instant: Instant, in zone: ZoneRules) -> Instant? {
        let from = max(instant, start.map(\.before) ?? instant)
        guard let found = timetable?.next(after: from, anchor: start, in: zone) else { return nil }
        if let end, found > end { return nil }
        return found
    }

    private func previous(before instant: Instant, in zone: ZoneRules) -> Instant? {
        timetable?.previous(before: instant, anchor: start, in: zone)
    }

    /// Every firing after `start` of the stretch, up to and including its end.
    func firings(after instant: Instant, through last: Instant, in zone: ZoneRules) -> [Instant] {
        var firings: [Instant] = []
        var moment = instant
        while let found = next(after: moment, in: zone), found <= last {
            firings.append(found)
            moment = found
        }
        return firings
    }

    /// The last firing at or before a moment, within the trigger's `start` and `end`.
    func newest(through last: Instant, in zone: ZoneRules) -> Instant? {
        let bound = min(last, end ?? last)
        guard let found = previous(before: bound.after, in: zone) else { return nil }
        if let start, found < start { return nil }
        return found
    }

    /// The firings that are to become runs once the clock reads `now`.
    /// - Parameters:
    ///   - cursor: the last moment for which that has been done; nil when it never has.
    ///   - isOnTime: nothing was missed since the cursor, because the clock is simulated.
    func due(cursor: Instant?, now: Instant, isOnTime: Bool, in zone: ZoneRules) -> [Instant] {
        if let cursor, cursor >= now { return [] }
        if let cursor, isOnTime || catchup == .all { return firings(after: cursor, through: now, in: zone) }
        if catchup == .all, let start { return firings(after: start.before, through: now, in: zone) }
        // What a trigger that is new was to fire long ago is not its business, unless it says so.
        let earliest: Instant =
            switch (cursor, catchup) {
            case (let cursor?, _): cursor.after
            case (nil, .latest): start ?? now
            case (nil, .none), (nil, .all): now
            }
        guard let newest = newest(through: now, in: zone), newest >= earliest else { return [] }
        return [newest]
    }

    /// What a run of a firing is about: from the firing before up to this one; never empty.
    func interval(ending firing: Instant, in zone: ZoneRules) -> DataInterval {
        let start = previous(before: firing, in: zone) ?? firing.advanced(by: .seconds(-86_400))
        return DataInterval(start: start, end: firing)
    }

    /// The last complete interval at a moment: for a run that nobody scheduled.
    func lastInterval(at now: Instant, in zone: ZoneRules) -> DataInterval {
        let end = previous(before: now.after, in: zone) ?? now
        return interval(ending: end, in: zone)
    }
}

extension Instant {
    var before: Instant { Instant(milliseconds: milliseconds - 1) }
    var after: Instant { Instant(milliseconds: milliseconds + 1) }
}
