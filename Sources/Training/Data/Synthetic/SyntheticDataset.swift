import Foundation

/// Writes a dataset in MovieLens form that behaves like a real one: few films get most ratings, new films come out over time, people
/// come, like one to three genres, and return in sessions on later days.
///
/// Deterministic: the same figures give the same bytes on any machine, since only additions, multiplications, divisions and
/// comparisons decide. Rows are written in the order of time, day by day, so that memory holds the people, the films and a filter of
/// fixed size of who has seen what, but never the rows.
package struct SyntheticDataset: Sendable {
    private let ratings: Int
    private let days: Int
    private let seed: UInt64

    /// 2024-07-01T00:00:00Z: a made-up past, so that nobody takes it for today's data.
    private static let firstDaySeconds = 1_719_792_000
    /// Share of the films watched that are of a liked genre.
    private static let likedShare = 0.78

    /// - Parameters:
    ///   - ratings: 1 ... 25,000,000.
    ///   - days: 1 ... 36,500, over which they are spread.
    /// - Throws: `SyntheticDatasetError`.
    package init(ratings: Int, days: Int, seed: UInt64) throws(SyntheticDatasetError) {
        guard (1...25_000_000).contains(ratings) else { throw .ratingsOutOfRange(ratings) }
        guard (1...36_500).contains(days) else { throw .daysOutOfRange(days) }
        (self.ratings, self.days, self.seed) = (ratings, days, seed)
    }

    /// About eighty ratings a person, as in MovieLens, and films enough for the most active.
    private var peopleCount: Int { max(2, min(ratings, ratings / 85 + 1)) }
    private var filmCount: Int { max(20, min(60_000, Int(Double(ratings).squareRoot() * 8))) }

    /// Writes `ratings.csv`, `movies.csv` and `README.md` into a folder, each under a temporary name first. Blocks.
    /// - Throws: `SyntheticDatasetError.unwritable`.
    package func write(
        to folder: String, progress: @Sendable (Double) -> Void = { _ in }
    ) throws(SyntheticDatasetError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: folder, reason: "the folder cannot be made")
        }
        let world = SyntheticWorld(filmCount: filmCount, peopleCount: peopleCount, days: days, seed: seed)
        try writeRatings(world, to: "\(folder)/ratings.csv", progress: progress)
        try writeText(movies(world), to: "\(folder)/movies.csv")
        try writeText(readme, to: "\(folder)/README.md")
    }

    private func writeRatings(
        _ world: SyntheticWorld, to path: String, progress: @Sendable (Double) -> Void
    ) throws(SyntheticDatasetError) {
        var output = try LineFile(path + ".partial")
        output.append("userId,movieId,rating,timestamp\n")
        var random = SplitMix64(seed: seed, stream: 2)
        var viewing = Viewing(world: world, ratings: ratings)
        var written = 0
        for day in 0..<days {
            // The sum over the days is exact, whatever the rounding.
            let goal = Int((Double(ratings) * Double(day + 1) / Double(days)).rounded(.down))
            let rows = viewing.day(day, count: goal - written, likedShare: SyntheticDataset.likedShare, random: &random)
            let start = SyntheticDataset.firstDaySeconds + day * 86_400
            for row in rows.sorted(by: { ($0.second, $0.person, $0.film) < ($1.second, $1.person, $1.film) }) {
                output.append(row.person + 1)
                output.append(UInt8(ascii: ","))
                output.append(world.films[row.film].id)
                output.append(UInt8(ascii: ","))
                output.append(row.halfStars / 2)
                output.append(UInt8(ascii: "."))
                output.append(row.halfStars % 2 == 0 ? 0 : 5)
                output.append(UInt8(ascii: ","))
                output.append(start + row.second)
                output.append(UInt8(ascii: "\n"))
                try output.flushIfFull()
            }
            written = goal
            progress(Double(day + 1) / Double(days))
        }
        try output.close(as: path)
    }

    private func movies(_ world: SyntheticWorld) -> String {
        var text = "movieId,title,genres\n"
        for film in world.films {
            let title = film.title.contains(",") ? "\"\(film.title)\"" : film.title
            text += "\(film.id),\(title),\(film.genres.map { FilmTitles.genres[$0] }.joined(separator: "|"))\n"
        }
        return text
    }

    private var readme: String {
        """
        # A synthetic dataset in MovieLens form

        \(ratings) ratings over \(days) days, made by `mlstack data generate --ratings \(ratings) --days \(days) --seed \(seed)`. People, \
        films and ratings are invented; any likeness is chance. The same command writes the same bytes.

        `ratings.csv`: userId, movieId, rating (0.5 to 5 stars), timestamp (seconds since 1970 UTC), in the order of time.
        `movies.csv`: movieId, title with year, genres.

        Licence: CC0 1.0, no rights reserved.

        """
    }

    private func writeText(_ text: String, to path: String) throws(SyntheticDatasetError) {
        var output = try LineFile(path + ".partial")
        output.append(text)
        try output.close(as: path)
    }
}

/// Why a synthetic dataset cannot be made.
package enum SyntheticDatasetError: Error, Sendable, Equatable {
    case ratingsOutOfRange(Int)
    case daysOutOfRange(Int)
    case unwritable(path: String, reason: String)
}

extension SyntheticDatasetError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .ratingsOutOfRange(let ratings): "\(ratings) ratings cannot be generated."
        case .daysOutOfRange(let days): "ratings cannot be spread over \(days) days."
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .ratingsOutOfRange: "give a number from 1 to 25000000."
        case .daysOutOfRange: "give a number from 1 to 36500."
        case .unwritable: "make room, or choose another folder."
        }
    }
}
