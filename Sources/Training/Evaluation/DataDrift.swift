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

        let formerDays = Dictionary(grouping: former) { $0.day }.sorted { $0.key < $1.key }.map(\.value)
        let whole = DataDrift.counts(former) { $0.item }
        popularity = PopulationStability(
            expected: DataDrift.popularityLeavingItselfOut(whole), actual: DataDrift.popularity(of: perItem, in: whole),
            designEffect: PopulationStability.designEffect(
                days: formerDays.map { day in
                    let own = DataDrift.counts(day) { $0.item }
                    let rest = whole.merging(own) { $0 - $1 }.filter { $0.value > 0 }
                    return (
                        DataDrift.popularityLeavingItselfOut(rest), DataDrift.popularity(of: own, in: rest)
                    )
                }) ?? Double(today.count) / max(1, size))

        let perUserDay = formerDays.map { day in DataDrift.activity(of: DataDrift.counts(day) { $0.user }) }
        let allDays = perUserDay.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        activity = PopulationStability(
            expected: allDays, actual: DataDrift.activity(of: perUser),
            designEffect: PopulationStability.designEffect(
                days: perUserDay.map { day in (allDays.merging(day) { $0 - $1 }.filter { $0.value > 0 }, day) }) ?? 1)
    }

    /// How popular the items were that so many ratings went to: popularity by number of ratings. Each rating leaves itself out,
    /// or the former days would seem to turn to known items more than any new day can.
    /// - Source: Good (1953), "The Population Frequencies of Species and the Estimation of Population Parameters", which has
    ///   the share of what was never seen from what was seen once.
    private static func popularityLeavingItselfOut(_ perItem: [Int: Int]) -> [Int: Int] {
        perItem.values.reduce(into: [:]) { $0[$1 - 1, default: 0] += $1 }
    }

    /// The same for the ratings of a day, by what came before it.
    private static func popularity(of perItem: [Int: Int], in former: [Int: Int]) -> [Int: Int] {
        perItem.reduce(into: [:]) { $0[former[$1.key] ?? 0, default: 0] += $1.value }
    }

    /// How many people gave each number of ratings.
    private static func activity(of perUser: [Int: Int]) -> [Int: Int] {
        perUser.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
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
