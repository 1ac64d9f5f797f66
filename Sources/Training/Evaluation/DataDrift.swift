/// What a day's ratings are beside those of the days before it.
package struct DataDrift: Sendable, Equatable {
    /// One rating, by numbers that stand for its user and item.
    package struct Event: Sendable {
        package var user: Int
        package var item: Int
        /// NaN without a rating.
        package var stars: Float
        /// Days since 1970.
        package var day: Int64
        package init(user: Int, item: Int, stars: Float, day: Int64) {
            (self.user, self.item, self.stars, self.day) = (user, item, stars, day)
        }
    }

    package let ratings: Int
    package let users: Int
    package let items: Int
    /// Of `users` and `items`, those that never came before.
    package let newUsers: Int
    package let newItems: Int
    /// People in the days before.
    package let formerUsers: Int
    /// Stars; nil without a rating.
    package let ratingMean: Double?
    package let formerRatingMean: Double?
    /// By how much the mean of the stars may differ by chance, 999 days in 1000; nil without former ratings.
    package let ratingNoise: Double?
    /// Whether people turn to items of another popularity than before, of which the rise of new favourites is one case.
    package let popularity: PopulationStability?
    /// Whether people rate more or fewer items on a day than before.
    package let activity: PopulationStability?

    /// - Parameters:
    ///   - former: the days that it is compared with.
    ///   - isKnownUser: whether somebody ever came before.
    package init(
        today: [Event], former: [Event], isKnownUser: (Int) -> Bool, isKnownItem: (Int) -> Bool
    ) {
        let (perUser, perItem) = (DataDrift.counts(today) { $0.user }, DataDrift.counts(today) { $0.item })
        let formerPerUser = DataDrift.counts(former) { $0.user }
        ratings = today.count
        (users, items, formerUsers) = (perUser.count, perItem.count, formerPerUser.count)
        newUsers = perUser.keys.count { !isKnownUser($0) }
        newItems = perItem.keys.count { !isKnownItem($0) }

        // A person's ratings are not draws of their own: a day of one busy person says little, however many they gave.
        let size = DataDrift.effectiveSize(perUser.values)
        let formerSize = DataDrift.effectiveSize(formerPerUser.values)
        let (stars, formerStars) = (DataDrift.moments(today), DataDrift.moments(former))
        (ratingMean, formerRatingMean) = (stars?.mean, formerStars?.mean)
        ratingNoise = formerStars.flatMap { stars == nil ? nil : $0.variance }
            .map { DataDrift.z * ($0 * (1 / size + 1 / formerSize)).squareRoot() }

        // How popular, in the former days, were the items that are rated? Each former rating leaves itself out, or the former
        // ones would seem to turn to known items more than any new day can (Good-Turing by leaving one out).
        let formerPerItem = DataDrift.counts(former) { $0.item }
        var expected: [Int: Int] = [:]
        for count in formerPerItem.values { expected[count - 1, default: 0] += count }
        var actual: [Int: Int] = [:]
        for (item, count) in perItem { actual[formerPerItem[item] ?? 0, default: 0] += count }
        popularity = PopulationStability(
            expected: expected, actual: actual, expectedSize: formerSize, actualSize: size)

        let formerDays = DataDrift.counts(former) { UserDay(user: $0.user, day: $0.day) }
        activity = PopulationStability(
            expected: DataDrift.counts(Array(formerDays.values)) { $0 },
            actual: DataDrift.counts(Array(perUser.values)) { $0 })
    }

    private struct UserDay: Hashable {
        let user: Int
        let day: Int64
    }

    /// The normal quantile of 0.9995: both tails together leave one in a thousand.
    private static let z = 3.2905

    private static func counts<Element, Key: Hashable>(_ all: [Element], by key: (Element) -> Key) -> [Key: Int] {
        var counts: [Key: Int] = [:]
        for element in all { counts[key(element), default: 0] += 1 }
        return counts
    }

    /// How many independent draws so many ratings of so many people are worth, if each person's are all alike.
    /// - Source: Kish (1965), "Survey Sampling", section 11.7.
    private static func effectiveSize(_ perUser: some Collection<Int>) -> Double {
        let sum = Double(perUser.reduce(0, +))
        let squares = perUser.reduce(0.0) { $0 + Double($1) * Double($1) }
        return squares > 0 ? sum * sum / squares : 0
    }

    private static func moments(_ events: [Event]) -> (mean: Double, variance: Double)? {
        let stars = events.map(\.stars).filter { !$0.isNaN }.map { Double($0) }
        if stars.isEmpty { return nil }
        let mean = stars.reduce(0, +) / Double(stars.count)
        return (mean, stars.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(stars.count))
    }
}
