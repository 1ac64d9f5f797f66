/// What one simulated day's ratings were beside those of the days before it.
package struct DriftPoint: Sendable, Equatable {
    /// Something that moved further than it should.
    package struct Alert: Sendable, Equatable {
        /// A key of `values`.
        package var measure: String
        package var value: Double
        /// The threshold of the settings, or what chance alone may bring, whichever is more.
        package var limit: Double
        package init(measure: String, value: Double, limit: Double) {
            (self.measure, self.value, self.limit) = (measure, value, limit)
        }
    }

    /// `YYYY-MM-DD`
    package var date: String
    /// By measure: `ratings`, `users`, `new_users`, `new_items`, `rating_mean`, `item_psi`, `activity_psi`, …
    package var values: [String: Double]
    /// By the name of the measure.
    package var alerts: [Alert]

    package init(date: String, values: [String: Double], alerts: [Alert] = []) {
        (self.date, self.values, self.alerts) = (date, values, alerts)
    }
}

/// Where the drift of each day is kept.
package protocol DriftSource: Sendable {
    /// Oldest first.
    func drift() async throws -> [DriftPoint]
}
