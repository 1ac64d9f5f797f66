import Training

/// What a body says of the recommendations that it asks for.
extension JSONFields {
    private static let historyItems = 10_000

    mutating func recommendationQuery() throws -> RecommendationQuery {
        RecommendationQuery(
            count: try int("k", in: RecommendationQuery.countRange) ?? RecommendationRoutes.defaultCount,
            excludesSeen: try bool("exclude_seen") ?? true, genre: try string("genre")?.lowercased(),
            explains: try bool("explain") ?? false)
    }

    /// Of an item that stands twice, the last rating.
    mutating func history() throws -> [Rating] {
        guard let entries = try array("history") else { throw missing("history") }
        guard entries.count <= JSONFields.historyItems else {
            throw ServingFailure.unprocessable(
                "`history` has \(entries.count) entries.",
                remedy: "send at most \(JSONFields.historyItems), the latest.")
        }
        var latest: [String: Rating] = [:]
        var order: [String] = []
        for (index, value) in entries.enumerated() {
            var entry = try JSONFields(value, of: "history[\(index)]")
            let item = try entry.requiredString("item")
            let stars = try entry.double("rating", in: 0.5...5)
            try entry.finish()
            let rating = Rating(user: "", item: item, stars: stars.map { Float($0) }, timestampSeconds: 0)
            if latest.updateValue(rating, forKey: item) == nil { order.append(item) }
        }
        return order.compactMap { latest[$0] }
    }
}
