/// What each day of a log brought, in columns.
///
/// - Shapes: every column has one entry for each UTC day from the log's first to its last.
/// - Units: `ratingMeans` are stars, 0.5 ... 5; NaN for a day without stars. Everything else counts.
package struct RatingDays: Sendable, Equatable {
    /// Seconds since 1970 of the first day's midnight.
    package let firstDaySeconds: Int64
    package private(set) var ratings: [Int] = []
    /// People and films that the day has at least one rating of, and of those the ones that no day before had.
    package private(set) var users: [Int] = []
    package private(set) var newUsers: [Int] = []
    package private(set) var items: [Int] = []
    package private(set) var newItems: [Int] = []
    package private(set) var ratingMeans: [Double] = []

    package var count: Int { ratings.count }

    /// - Parameters: columns of one length.
    package init(
        firstDaySeconds: Int64, ratings: [Int], users: [Int], newUsers: [Int], items: [Int], newItems: [Int],
        ratingMeans: [Double]
    ) {
        (self.firstDaySeconds, self.ratings, self.ratingMeans) = (firstDaySeconds, ratings, ratingMeans)
        (self.users, self.newUsers, self.items, self.newItems) = (users, newUsers, items, newItems)
    }

    /// One pass over the log, in the order in which it lies. Blocks.
    package init(of log: RatingsLog) {
        let days = log.ratingsPerDay()
        firstDaySeconds = days.first?.dayStartSeconds ?? 0
        // The last day on which each was seen; -1: on none. So nobody is counted twice, and no day needs a set of its own.
        var lastDayOfUser = [Int32](repeating: -1, count: log.users.count)
        var lastDayOfItem = [Int32](repeating: -1, count: log.items.count)
        var row = 0
        for (day, (_, count)) in days.enumerated() {
            let mark = Int32(day)
            var (users, newUsers, items, newItems) = (0, 0, 0, 0)
            var (sum, rated) = (0.0, 0)
            for index in row..<row + count {
                let rating = log.row(at: index)
                let (lastOfUser, lastOfItem) = (lastDayOfUser[rating.user], lastDayOfItem[rating.item])
                if lastOfUser != mark {
                    users += 1
                    if lastOfUser < 0 { newUsers += 1 }
                    lastDayOfUser[rating.user] = mark
                }
                if lastOfItem != mark {
                    items += 1
                    if lastOfItem < 0 { newItems += 1 }
                    lastDayOfItem[rating.item] = mark
                }
                if !rating.stars.isNaN { (sum, rated) = (sum + Double(rating.stars), rated + 1) }
            }
            row += count
            ratings.append(count)
            self.users.append(users)
            self.newUsers.append(newUsers)
            self.items.append(items)
            self.newItems.append(newItems)
            ratingMeans.append(rated > 0 ? sum / Double(rated) : .nan)
        }
    }
}
