/// `triggers`.
extension PipelineReading {
    /// A catch-up of more runs than this is likely a slip of the year.
    private static let catchupWarning = 50

    mutating func triggers(_ pair: YAMLPair?) -> [Trigger] {
        guard let pair, !pair.value.isNull, let elements = list(pair.value, "triggers") else { return [] }
        var triggers = elements.enumerated().compactMap { trigger($0.element, number: $0.offset + 1) }
        var times: [String: Int] = [:]
        for index in triggers.indices {
            let key = triggers[index].key
            times[key, default: 0] += 1
            if let time = times[key], time > 1 { triggers[index].key = "\(key)#\(time)" }
        }
        return triggers
    }

    private mutating func trigger(_ node: YAMLNode, number: Int) -> Trigger? {
        let place = "trigger \(number)"
        let before = diagnostics.count
        guard let keys = map(node, place, PipelineKeys.trigger, place: place) else { return nil }
        guard let cron = keys["cron"] else {
            // A kind that is not run yet, or a slip of the key, has been reported.
            if diagnostics.count == before {
                report(.triggerKind, at: node.position, "\(place) says not when; write cron: \"@daily\"")
            }
            return nil
        }
        let clock = keys["clock"].flatMap { choice($0.value, "clock", .choice, as: ClockName.self) } ?? .wall
        let catchup = keys["catchup"].flatMap { choice($0.value, "catchup", .choice, as: Catchup.self) } ?? .none
        let start = keys["start"].flatMap { time($0.value, "\(place).start") }
        let end = keys["end"].flatMap { time($0.value, "\(place).end") }
        if let start, let end, end < start, let pair = keys["end"] {
            report(.time, at: pair.value.position, "\(place) ends before it starts")
        }
        let params = triggerParams(keys["params"], place, at: node.position)
        guard let schedule = schedule(cron.value, place) else { return nil }
        let trigger = Trigger(
            kind: .time(.cron(schedule)), clock: clock, start: start, end: end, catchup: catchup,
            params: params.mapValues(Template.init(text:)))
        warn(about: trigger, schedule, at: cron.value.position, keys)
        return trigger
    }

    private mutating func schedule(_ node: YAMLNode, _ place: String) -> CronSchedule? {
        guard let text = text(node, "\(place).cron") else { return nil }
        do {
            return try CronSchedule(parsing: text)
        } catch {
            var suggestion: String?
            switch error.problem {
            case .unknownPreset(_, let nearest), .unknownName(_, _, let nearest): suggestion = nearest
            default: break
            }
            report(.cron, at: node.position, error.errorDescription ?? "not a cron expression", suggestion: suggestion)
            return nil
        }
    }

    private mutating func time(_ node: YAMLNode, _ what: String) -> Instant? {
        guard let text = scalarText(node, what) else { return nil }
        do {
            return try Instant(text: text, in: zone)
        } catch {
            report(.time, at: node.position, "\(what): \(error.errorDescription ?? "not a time")")
            return nil
        }
    }

    /// The parameters of the runs that the trigger starts, checked as if a person had given them.
    private mutating func triggerParams(_ pair: YAMLPair?, _ place: String, at position: SourcePosition) -> [String:
        String]
    {
        var given: [String: String] = [:]
        var nodes: [String: YAMLPair] = [:]
        if let pair {
            for param in named(pair.value, "\(place).params") {
                guard let text = scalarText(param.value, "\(place).params.\(param.key)") else { continue }
                let template = scan(text, param.value)
                checkConstant(template, param.value, "a trigger's parameter")
                nodes[param.key] = param
                // A value that could not be resolved was reported; it is left unchecked.
                if let text = resolved(template) { given[param.key] = text }
            }
        }
        do {
            let checked = try ParamSpec.check(given, against: params, in: zone)
            return checked.filter { given[$0.key] != nil }
        } catch {
            for problem in error.problems {
                // A parameter with an error of its own is not known here; it was reported where it stands.
                let isBroken = paramNames.contains(problem.param) && !params.contains { $0.name == problem.param }
                let isUnresolved = nodes[problem.param] != nil && given[problem.param] == nil
                guard !isBroken, !isUnresolved else { continue }
                guard let node = nodes[problem.param] else {
                    // The default is broken, or the parameter has none.
                    guard params.first(where: { $0.name == problem.param })?.defaultValue == nil else { continue }
                    report(
                        .triggerParam, at: position,
                        "\(place): \(problem.sentence), so the trigger must give it in params")
                    continue
                }
                let isUnknown = !paramNames.contains(problem.param)
                report(
                    isUnknown ? .triggerParam : .paramValue, at: isUnknown ? node.keyPosition : node.value.position,
                    problem.sentence, suggestion: problem.nearest)
            }
            return [:]
        }
    }

    // MARK: - Warnings

    private mutating func warn(
        about trigger: Trigger, _ schedule: CronSchedule, at position: SourcePosition, _ keys: [String: YAMLPair]
    ) {
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
        guard trigger.catchup == .all, trigger.clock == .wall, let start = trigger.start, let pair = keys["catchup"]
        else { return }
        var count = 0
        var moment = Instant(milliseconds: start.milliseconds - 1)
        while count <= Self.catchupWarning, let next = schedule.next(after: moment, in: zone),
            next <= min(now, trigger.end ?? now)
        {
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
