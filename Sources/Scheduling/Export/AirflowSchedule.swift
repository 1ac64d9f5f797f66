/// A pipeline's triggers as what Airflow's `DAG` takes, and what of them it can't take.
struct AirflowSchedule {
    /// Python; nil: started by hand alone.
    private(set) var expression: String?
    private(set) var start: String?
    private(set) var end: String?
    private(set) var catchup = false
    private(set) var remarks: [AirflowExport.Remark] = []

    private let pipeline: Pipeline
    private let zone: ZoneRules

    init(_ pipeline: Pipeline, zone: ZoneRules) {
        (self.pipeline, self.zone) = (pipeline, zone)
        var crons: [(Trigger, String)] = []
        var everys: [(Trigger, Duration)] = []
        var assets: [(Trigger, DatasetCondition)] = []
        for trigger in pipeline.triggers {
            switch trigger.kind {
            case .time(.cron(let schedule)):
                if let text = AirflowCron.text(schedule) {
                    crons.append((trigger, text))
                    if AirflowCron.differs(schedule) {
                        remark(trigger, "Airflow fires when either day field matches; here both must")
                    }
                } else {
                    remark(trigger, "left out: Airflow's cron has no W, and no weekdays beside L or # in one field")
                }
            case .time(.every(let duration)): everys.append((trigger, duration))
            case .dataset(let condition): assets.append((trigger, condition))
            case .after(let condition):
                remark(
                    trigger,
                    "left out: give the last task of \(condition.pipelineID)'s DAG a TriggerDagRunOperator for \(pipeline.id)"
                )
            case .webhook:
                remark(
                    trigger,
                    "left out: let the sender call Airflow's own API, POST /api/v2/dags/\(pipeline.id)/dagRuns, with `conf`"
                )
            }
        }
        let time = timetable(crons, everys)
        let condition = assetCondition(assets)
        switch (time, condition) {
        case (let time?, let condition?):
            expression = "AssetOrTimeSchedule(timetable=\(time), assets=\(condition))"
        default: expression = time ?? condition
        }
        bound(crons.map(\.0) + everys.map(\.0))
        note(crons.map(\.0) + everys.map(\.0))
    }

    private mutating func remark(_ trigger: Trigger, _ reason: String) {
        remarks.append(.init(subject: "trigger \(trigger.words)", reason: reason))
    }

    // MARK: - Time

    private mutating func timetable(_ crons: [(Trigger, String)], _ everys: [(Trigger, Duration)]) -> String? {
        let texts = crons.map { PythonText.literal($0.1) }
        if !crons.isEmpty {
            for (trigger, _) in everys {
                remark(trigger, "left out: Airflow takes one kind of timetable, and cron is kept")
            }
            // Its interval is that between two firings, and ends when the run begins: what a data interval is here.
            if texts.count == 1 { return "CronDataIntervalTimetable(\(texts[0]), timezone=TIMEZONE)" }
            remarks.append(
                .init(subject: "several cron triggers", reason: "their runs have an empty data interval in Airflow"))
            return "MultipleCronTriggerTimetable(\(texts.joined(separator: ", ")), timezone=TIMEZONE)"
        }
        guard let (_, duration) = everys.first else { return nil }
        for (trigger, _) in everys.dropFirst() { remark(trigger, "left out: Airflow takes one interval") }
        return "DeltaDataIntervalTimetable(\(PythonText.duration(duration)))"
    }

    private mutating func bound(_ times: [Trigger]) {
        guard let first = times.first else { return }
        start = times.compactMap(\.start).min().map(moment)
        if times.allSatisfy({ $0.end != nil }) { end = times.compactMap(\.end).max().map(moment) }
        if Set(times.map(\.start)).count > 1 || Set(times.map(\.end)).count > 1 {
            remarks.append(
                .init(
                    subject: "start and end", reason: "Airflow has one of each for the whole DAG: the widest are kept"))
        }
        if Set(times.map(\.catchup)).count > 1 {
            remarks.append(.init(subject: "catchup", reason: "Airflow has one for the whole DAG: the first is kept"))
        }
        guard first.catchup == .all else { return }
        if first.clock == .replay {
            remark(first, "catchup: all is left out: on the wall clock it would mean years of runs")
        } else if start == nil {
            remark(first, "catchup: all is left out: Airflow needs a start date for it")
        } else {
            catchup = true
        }
    }

    private mutating func note(_ times: [Trigger]) {
        for trigger in times {
            if trigger.clock == .replay {
                remark(
                    trigger, "Airflow has no replay clock: it fires on the wall clock, and nothing plays or pauses time"
                )
            } else if trigger.catchup == .none {
                remark(trigger, "catchup: none: after a pause Airflow runs the newest missed firing, once")
            }
        }
        let (winter, summer) = (Instant(seconds: 1_736_899_200), Instant(seconds: 1_752_537_600))
        if !times.isEmpty, zone.offsetSeconds(at: winter) != zone.offsetSeconds(at: summer) {
            remarks.append(
                .init(
                    subject: "timezone \(zone.identifier)",
                    reason:
                        "on the two days a year that its clock changes, firings in the skipped and the repeated hour differ"
                ))
        }
    }

    private func moment(_ instant: Instant) -> String {
        "pendulum.parse(\(PythonText.literal(instant.rfc3339(in: zone)))).in_timezone(TIMEZONE)"
    }

    // MARK: - Datasets

    private mutating func assetCondition(_ assets: [(Trigger, DatasetCondition)]) -> String? {
        var conditions: [String] = []
        for (trigger, condition) in assets {
            let names = condition.names.map { "Asset(\(PythonText.literal($0)))" }
            let isAny = condition.mode == .any
            conditions.append(
                names.count == 1
                    ? names[0] : "\(isAny ? "AssetAny" : "AssetAll")(\(names.joined(separator: ", ")))")
            if condition.minNewRows > 0 {
                remark(trigger, "min_new_rows is left out: Airflow does not count the rows of an asset's events")
            }
            if condition.debounce > .zero {
                remark(trigger, "debounce is left out: Airflow starts the run at once")
            }
        }
        if conditions.isEmpty { return nil }
        return conditions.count == 1 ? "(\(conditions[0]))" : "AssetAny(\(conditions.joined(separator: ", ")))"
    }
}

/// Cron expressions as croniter, which Airflow reads them with, understands them.
enum AirflowCron {
    /// nil when it can't say that.
    static func text(_ schedule: CronSchedule) -> String? {
        let week = schedule.daysOfWeek
        guard schedule.daysOfMonth.nearestWorkday == nil, week.listed == 0 || (week.nth == 0 && week.last == 0) else {
            return nil
        }
        if let preset = CronSchedule.presets.first(where: { $0.name == schedule.text.lowercased() }) {
            return preset.fields
        }
        let isPlain = schedule.text.allSatisfy { "0123456789*,/- ".contains($0) }
        let fields = schedule.text.split(separator: " ")
        let wraps = fields.contains { field in
            field.split(separator: ",").contains { part in
                let ends = part.prefix { $0 != "/" }.split(separator: "-").compactMap { Int($0) }
                return ends.count == 2 && ends[0] > ends[1]
            }
        }
        if isPlain, !wraps { return fields.joined(separator: " ") }
        return [
            list(schedule.minutes, .minute), list(schedule.hours, .hour), days(schedule.daysOfMonth),
            list(schedule.months, .month), weekdays(schedule.daysOfWeek),
        ].joined(separator: " ")
    }

    /// croniter lets a day through when either field does, unless one of them is exactly `*`.
    static func differs(_ schedule: CronSchedule) -> Bool {
        let (month, week) = (schedule.daysOfMonth, schedule.daysOfWeek)
        return (month.startsWithStar || week.startsWithStar) && days(month) != "*" && weekdays(week) != "*"
    }

    private static func list(_ bits: UInt64, _ field: CronField) -> String {
        bits == field.allBits ? "*" : numbers(bits).joined(separator: ",")
    }

    private static func numbers(_ bits: UInt64) -> [String] {
        (0..<64).filter { bits & 1 << UInt64($0) != 0 }.map(String.init)
    }

    private static func days(_ days: CronSchedule.DaysOfMonth) -> String {
        if days.isEveryDay { return "*" }
        return (numbers(days.listed) + (days.last ? ["L"] : [])).joined(separator: ",")
    }

    private static func weekdays(_ days: CronSchedule.DaysOfWeek) -> String {
        if days.isEveryDay { return "*" }
        let nth = numbers(days.nth).compactMap(Int.init).map { "\($0 % 8)#\($0 / 8)" }
        return (numbers(days.listed) + nth + numbers(days.last).map { "L\($0)" }).joined(separator: ",")
    }
}
