/// How long it takes to have a ratings file in memory, sorted by time and indexed by user: for measurements.
package struct LoadMeasurement: Sendable {
    package let ratings: Int
    package let parseSeconds: Double
    /// Every column by time.
    package let sortSeconds: Double
    /// The rows of each user.
    package let indexSeconds: Double

    /// Blocks.
    /// - Throws: `DataError`; bad lines are passed over.
    package init(loading path: String, workers: any Workers) throws(DataError) {
        let clock = ContinuousClock()
        let began = clock.now
        let columns = try RatingsColumns(reading: try DatasetSource(recognising: path), workers: workers)
        let parsed = clock.now
        let order = columns.order(workers: workers)
        let users = columns.sorted(columns.userIndex, by: order, workers: workers)
        for column in [columns.itemIndex, columns.timestampSeconds] {
            _ = columns.sorted(column, by: order, workers: workers)
        }
        _ = columns.sorted(columns.stars, by: order, workers: workers)
        let sorted = clock.now
        _ = Grouping.rows(by: users, count: columns.count, groups: columns.users.count, workers: workers)
        ratings = columns.count
        (parseSeconds, sortSeconds) = ((parsed - began) / .seconds(1), (sorted - parsed) / .seconds(1))
        indexSeconds = (clock.now - sorted) / .seconds(1)
    }
}
