import Scheduling
import Serving
import Training

/// From where on drift is worth an alert.
struct DriftLimits: Sendable {
    var minUsers = 10
    var itemPSI = 0.25
    var activityPSI = 0.25
    var ratingShift = 0.5
    var newUserShare = 0.5
    var newItemShare = 0.2
}

/// A day's drift as figures and alerts.
///
/// An alert needs a movement above its limit and above what chance brings to so few people: a threshold alone would cry
/// wolf on every quiet day.
struct DriftReport {
    private let values: [String: Double]
    private let alerts: [DriftPoint.Alert]

    init(_ drift: DataDrift, windowDays: Int, limits: DriftLimits) {
        var values: [String: Double] = [
            "ratings": Double(drift.ratings), "users": Double(drift.users), "items": Double(drift.items),
            "new_users": Double(drift.newUsers), "new_items": Double(drift.newItems),
            "new_user_share": Double(drift.newUsers) / Double(max(1, drift.users)),
            "new_item_share": Double(drift.newItems) / Double(max(1, drift.items)), "window_days": Double(windowDays),
        ]
        values["rating_mean"] = drift.ratingMean
        values["former_rating_mean"] = drift.formerRatingMean
        if let now = drift.ratingMean, let before = drift.formerRatingMean {
            values["rating_shift"] = abs(now - before)
        }
        values["item_psi"] = drift.popularity?.index
        values["item_psi_noise"] = drift.popularity?.noise
        values["activity_psi"] = drift.activity?.index
        values["activity_psi_noise"] = drift.activity?.noise
        self.values = values

        let isEnough = drift.users >= limits.minUsers && drift.formerUsers >= limits.minUsers
        let candidates: [(measure: String, limit: Double, noise: Double?)] = [
            ("activity_psi", limits.activityPSI, drift.activity?.noise),
            ("item_psi", limits.itemPSI, drift.popularity?.noise),
            ("new_item_share", limits.newItemShare, 0), ("new_user_share", limits.newUserShare, 0),
            ("rating_shift", limits.ratingShift, drift.ratingNoise),
        ]
        alerts = candidates.compactMap { measure, limit, noise in
            guard isEnough, let value = values[measure], let noise, value > max(limit, noise) else { return nil }
            return DriftPoint.Alert(measure: measure, value: value, limit: max(limit, noise))
        }
    }

    func point(date: String) -> DriftPoint { DriftPoint(date: date, values: values, alerts: alerts) }
}

/// Ratings with numbers for users and items: the log's own, and further ones for those whom only feedback names.
struct NumberedRatings {
    private let log: RatingsLog
    private let firstRows: [Int]
    private var users: [String: Int] = [:]
    private var items: [String: Int] = [:]

    init(_ arrivals: Arrivals) { (log, firstRows) = (arrivals.log, arrivals.firstRowOfItem) }

    mutating func user(_ id: String) -> Int {
        if let known = log.users.index(of: id) ?? users[id] { return known }
        users[id] = log.users.count + users.count
        return log.users.count + users.count - 1
    }

    mutating func item(_ id: String) -> Int {
        if let known = log.items.index(of: id) ?? items[id] { return known }
        items[id] = log.items.count + items.count
        return log.items.count + items.count - 1
    }

    mutating func events(in interval: DataInterval, feedback: [Rating]) -> [DataDrift.Event] {
        let rows = log.rowCount(before: interval.start.seconds)..<log.rowCount(before: interval.end.seconds)
        let logged = rows.map { index in
            let row = log.row(at: index)
            return DataDrift.Event(
                user: row.user, item: row.item, stars: row.stars, day: row.timestampSeconds / 86_400)
        }
        return logged
            + feedback.map { rating in
                DataDrift.Event(
                    user: user(rating.user), item: item(rating.item), stars: rating.stars ?? .nan,
                    day: rating.timestampSeconds / 86_400)
            }
    }

    /// Whether a user of the log has a row before the mark.
    func hasRated(_ user: Int, before mark: Int) -> Bool {
        user < log.users.count && (log.rowsOfUser(user).first.map { Int($0) < mark } ?? false)
    }

    func wasRated(_ item: Int, before mark: Int) -> Bool { item < firstRows.count && firstRows[item] < mark }
}
