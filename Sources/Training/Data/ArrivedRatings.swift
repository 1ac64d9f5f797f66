/// What there is up to a moment: the rows of a log below its high-water mark, and then the feedback.
package struct ArrivedRatings: Sendable {
    package let log: RatingsLog
    package let rowCount: Int
    /// In the order they were given; each counts as newer than every row of the log.
    package let feedback: [Rating]

    package init(log: RatingsLog, rowCount: Int, feedback: [Rating]) {
        (self.log, self.rowCount, self.feedback) = (log, min(rowCount, log.count), feedback)
    }

    /// A user's ratings by time, the feedback after the log; of several ratings of an item only the latest, and none
    /// that was taken back. Empty for somebody who never rated.
    package func history(of user: String) -> [Rating] {
        var ratings: [Rating] = []
        if let index = log.users.index(of: user) {
            for number in log.rowsOfUser(index) {
                if Int(number) >= rowCount { break }
                let row = log.row(at: Int(number))
                ratings.append(
                    Rating(
                        user: user, item: log.items[row.item], stars: row.stars.isNaN ? nil : row.stars,
                        timestampSeconds: row.timestampSeconds))
            }
        }
        ratings += feedback.filter { $0.user == user }
        var seen: Set<String> = []
        return ratings.reversed().filter { seen.insert($0.item).inserted && !$0.isRetracted }.reversed()
    }
}
