import Foundation
import Scheduling
import Training

/// Everything that a matrix was built by but the ratings themselves, so that it can be built again: it goes into the lineage of each model
/// that is trained on it.
struct MatrixRecipe: Codable, Equatable, Sendable {
    /// The end of the run's data interval, in milliseconds since 1970: ratings before it and feedback that was given to a day up to then.
    var until: Int64
    var minItemInteractions: Int
    var minUserInteractions: Int
    var holdoutUsers: Double
    var holdoutShare: Double
    var seed: UInt64
    /// nil in what an older mlstack wrote.
    var items: ItemSelection?

    private enum CodingKeys: String, CodingKey {
        case until, seed, items
        case minItemInteractions = "min_item_interactions"
        case minUserInteractions = "min_user_interactions"
        case holdoutUsers = "holdout_users"
        case holdoutShare = "holdout_share"
    }

    init(_ settings: Settings, until: Instant) {
        self.until = until.milliseconds
        minItemInteractions = settings.int("min_item_interactions")
        minUserInteractions = settings.int("min_user_interactions")
        holdoutUsers = settings.float("holdout_users")
        holdoutShare = settings.float("holdout_share")
        seed = UInt64(settings.int("seed"))
        items = ItemSelection(settings)
    }

    var options: MatrixOptions {
        MatrixOptions(
            minItemInteractions: minItemInteractions, minUserInteractions: minUserInteractions,
            holdoutUserFraction: holdoutUsers, holdoutShare: holdoutShare, seed: seed)
    }

    /// One line of JSON, the same for equal recipes.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// nil when the text is none.
    init?(text: String) {
        guard let recipe = try? JSONDecoder().decode(MatrixRecipe.self, from: Data(text.utf8)) else { return nil }
        self = recipe
    }

    /// Blocks.
    /// - Parameters:
    ///   - home: where files of ids are looked for.
    ///   - growing: shortens the way from one day to the next.
    /// - Throws: `DataError`, `StackError` for a genre that no item has or a file that cannot be read.
    func build(
        _ arrived: ArrivedRatings, catalogue: ItemCatalogue, home: Home, growing: GrowingMatrix? = nil,
        workers: any Workers
    ) throws -> MatrixBuild {
        try arrived.matrix(
            options: options, filters: try items?.filters(catalogue, home: home) ?? [], growing: growing,
            workers: workers)
    }
}
