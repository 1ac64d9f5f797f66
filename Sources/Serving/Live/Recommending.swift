import Synchronization
import Training

/// What somebody asks of a model.
struct RecommendationQuery: Sendable, Hashable {
    var count: Int
    var excludesSeen = true
    /// Lowercased.
    var genre: String?
    /// Whether to say what of the history carried each item.
    var explains = false

    static let countRange = 1...1000
}

/// Which items of one model have which genre, worked out when a genre is first asked for.
///
/// Belongs to one `LiveModel` and goes with it, so nothing here can outlive a swap.
final class GenreIndex: Sendable {
    private let items: IDTable
    /// By genre, lowercased: indices of items, ascending.
    private let members = Mutex<[String: [Int]]>([:])

    init(items: IDTable) { self.items = items }

    func members(of genre: String, in catalogue: ItemCatalogue) -> [Int] {
        if let known = members.withLock({ $0[genre] }) { return known }
        let found = (0..<items.count).filter { index in
            catalogue[items[index]]?.genres.contains { $0.lowercased() == genre } ?? false
        }
        // A catalogue has a few dozen genres; whoever makes up names does not fill the memory with them.
        if !found.isEmpty { members.withLock { $0[genre] = found } }
        return found
    }
}

/// A list, and what carried it.
struct Recommendation: Sendable {
    var items: [ScoredItem]
    /// For each item the heaviest entries of the history, heaviest first; nil when nobody asked or the model cannot tell.
    var reasons: [[ScoredItem]]?

    /// As many as a person reads.
    static let reasonCount = 3
}

extension LiveModel {
    /// The best items for a user of the model, or for somebody whom it knows by their history alone.
    /// - Parameters:
    ///   - user: by index in the model's users; nil: described by `history`, of which an empty one gets the popular list.
    ///   - history: what they have rated so far, which may be more than the model has seen.
    func best(
        user: Int?, history: [Rating], query: RecommendationQuery, catalogue: ItemCatalogue
    ) -> Recommendation {
        let entries = recommender.entries(of: history.lazy.map { ($0.item, $0.stars) })
        let seen = query.excludesSeen ? entries.map(\.item) : []
        let audience = user.map { Audience.user($0) } ?? .history(entries)
        let allowed = query.genre.map { genres.members(of: $0, in: catalogue) }
        let items = recommender.recommend(for: audience, excluding: seen, allowed: allowed, count: query.count)
        guard query.explains, let reasons = recommender.reasons(for: items.map(\.item), given: entries) else {
            return Recommendation(items: items)
        }
        return Recommendation(
            items: items,
            reasons: reasons.map { parts in
                let heaviest = parts.filter { $0.score > 0 }.sorted { ($1.score, $0.item) < ($0.score, $1.item) }
                return Array(heaviest.prefix(Recommendation.reasonCount))
            })
    }
}
