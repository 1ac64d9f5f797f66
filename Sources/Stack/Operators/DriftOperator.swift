import Foundation
import Registry
import Scheduling
import Serving
import Storage
import Training

/// `data/drift`: holds the day's ratings against those of the weeks before, and warns of what moved.
struct DriftOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "data/drift"
    let summary =
        "Compares the day's ratings with the days before: people, items, stars, popularity, activity; with alerts."
    let settings = [
        SettingSpec("window_days", .int(1...3650), default: .int(30), help: "how many days before it is compared with"),
        SettingSpec(
            "min_users", .int(1...1_000_000), default: .int(10),
            help: "no alert on a day with fewer people, nor while fewer came in the days before"),
        SettingSpec(
            "max_item_psi", .float(0...100), default: .float(0.25),
            help: "alert above this population stability index of the items' popularity"),
        SettingSpec(
            "max_activity_psi", .float(0...100), default: .float(0.25),
            help: "alert above this population stability index of the ratings that a person gives on a day"),
        SettingSpec(
            "max_rating_shift", .float(0...5), default: .float(0.5), help: "alert when the mean moves by more stars"),
        SettingSpec(
            "max_new_user_share", .float(0...1), default: .float(0.5),
            help: "alert when more of the day's people are new"),
        SettingSpec(
            "max_new_item_share", .float(0...1), default: .float(0.2),
            help: "alert when more of the day's items are new"),
    ]

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let interval = context.run.dataInterval
        let days = settings.int("window_days")
        let window = DataInterval(
            start: Instant(milliseconds: interval.start.milliseconds - Int64(days) * 86_400_000), end: interval.start)
        let store = workshop.store
        // Feedback by the day it was given to, rows of the log by their time.
        let older = try await store.feedback(assignedUpTo: window.start, Rating.init)
        let former = try await store.feedback(assignedUpTo: window.end, after: window.start, Rating.init)
        let fresh = try await store.feedback(assignedUpTo: interval.end, after: window.end, Rating.init)
        let arrivals = workshop.arrivals
        let drift = try await workshop.compute { _, _ -> DataDrift in
            var ratings = NumberedRatings(arrivals)
            let before = ratings.events(in: window, feedback: former)
            // Whoever gave feedback before the window is known too.
            let elder = Set(older.map { ratings.user($0.user) })
            let elderItems = Set(older.map { ratings.item($0.item) })
            let recent = (users: Set(before.map(\.user)), items: Set(before.map(\.item)))
            let today = ratings.events(in: interval, feedback: fresh)
            let mark = arrivals.log.rowCount(before: interval.start.seconds)
            return DataDrift(
                today: today, former: before,
                isKnownUser: {
                    recent.users.contains($0) || elder.contains($0) || ratings.hasRated($0, before: mark)
                },
                isKnownItem: {
                    recent.items.contains($0) || elderItems.contains($0) || ratings.wasRated($0, before: mark)
                })
        }
        if drift.ratings == 0 { throw TaskSkip(reason: "no ratings came on \(context.day)") }
        let point = DriftReport(drift, windowDays: days, limits: DriftLimits(settings)).point(
            date: context.day.description)
        try await workshop.drift.record(point)
        let time = context.run.createdAt.milliseconds
        try await workshop.trackedRuns.log(
            RunBatch(
                metrics: point.values.sorted { $0.key < $1.key }.map {
                    Metric(key: "drift/\($0.key)", value: $0.value, timestampMilliseconds: time, step: 0)
                }), for: context)
        workshop.publish(.drift(point))
        context.log.info(
            "\(drift.ratings) ratings by \(drift.users) people (\(drift.newUsers) new) of \(drift.items) items "
                + "(\(drift.newItems) new)")
        for alert in point.alerts {
            context.log.warning(
                "\(alert.measure) is \(Decimals.text(alert.value, 3)), above \(Decimals.text(alert.limit, 3))")
        }
        var outputs = point.values.mapValues { "\($0)" }
        outputs["alerts"] = point.alerts.map(\.measure).joined(separator: ",")
        return outputs
    }
}

extension DriftLimits {
    init(_ settings: Settings) {
        minUsers = settings.int("min_users")
        itemPSI = settings.float("max_item_psi")
        activityPSI = settings.float("max_activity_psi")
        ratingShift = settings.float("max_rating_shift")
        newUserShare = settings.float("max_new_user_share")
        newItemShare = settings.float("max_new_item_share")
    }
}
