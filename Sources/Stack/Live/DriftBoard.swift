import Serving
import Storage

/// The drift of each day, on disk.
struct DriftBoard: DriftSource {
    /// What a point is made of; each may have an alert.
    static let measures = [
        "ratings", "users", "items", "new_users", "new_items", "new_user_share", "new_item_share", "rating_mean",
        "former_rating_mean", "rating_shift", "item_psi", "item_psi_noise", "activity_psi", "activity_psi_noise",
        "window_days",
    ]

    private let figures: DailyFigures
    private static let alertPrefix = "alert/"

    init(store: SQLiteStore) { figures = DailyFigures(store: store, name: "drift", purpose: "drift") }

    func record(_ point: DriftPoint) async throws {
        var values = point.values
        for alert in point.alerts { values[DriftBoard.alertPrefix + alert.measure] = alert.limit }
        try await figures.log(values, on: point.date, runName: "drift of the data")
    }

    func drift() async throws -> [DriftPoint] {
        let limits = Dictionary(uniqueKeysWithValues: DriftBoard.measures.map { (DriftBoard.alertPrefix + $0, $0) })
        return try await figures.all(DriftBoard.measures + limits.keys.sorted()).map { date, all in
            let alerts = all.compactMap { key, limit in
                limits[key].flatMap { measure in
                    all[measure].map { DriftPoint.Alert(measure: measure, value: $0, limit: limit) }
                }
            }
            return DriftPoint(
                date: date, values: all.filter { limits[$0.key] == nil },
                alerts: alerts.sorted { $0.measure < $1.measure })
        }
    }
}
