/// The films and people of a synthetic dataset, made from the seed before the first rating.
struct SyntheticWorld {
    struct Film {
        var id: Int
        var title: String
        var genres: [Int]
        /// About -1 ... 1: how good everybody finds it.
        var quality: Double
        /// The day it comes out, from the first; negative for a film that was there before.
        var releaseDay: Int
    }

    struct Person {
        /// Liked genres.
        var genres: [Int]
        /// Stars more or less than others give.
        var bias: Double
        var arrivalDay: Int
        /// How much they watch, relative to others.
        var activity: Double
    }

    let films: [Film]
    let people: [Person]
    /// Films by genre, the most popular first.
    let filmsByGenre: [[Int]]
    /// All films, the most popular first.
    let filmsByPopularity: [Int]

    /// Share of the films that are there from the first day on.
    private static let oldShare = 0.8

    init(filmCount: Int, peopleCount: Int, days: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed, stream: 1)
        var titles = FilmTitles()
        let genreCount = FilmTitles.genres.count
        films = (0..<filmCount).map { index in
            let main = Int(random.next() % UInt64(genreCount))
            var genres = [main]
            while genres.count < 3, random.unit() < 0.35 {
                let other = Int(random.next() % UInt64(genreCount))
                if !genres.contains(other) { genres.append(other) }
            }
            let isOld = random.unit() < SyntheticWorld.oldShare
            let year = isOld ? 2023 - Int(random.unit() * random.unit() * 60) : 2024
            let release = isOld ? -1 : Int(random.unit() * Double(days))
            let quality = (random.unit() + random.unit() + random.unit()) / 1.5 - 1
            return Film(
                id: index + 1, title: titles.next(genre: main, year: year, random: &random), genres: genres.sorted(),
                quality: quality, releaseDay: release)
        }
        let crowd = (0..<peopleCount).map { _ in
            var genres: [Int] = []
            let wanted = 1 + Int(random.next() % 3)
            while genres.count < wanted {
                let genre = Int(random.next() % UInt64(genreCount))
                if !genres.contains(genre) { genres.append(genre) }
            }
            let early = random.unit() < 0.5
            return Person(
                genres: genres, bias: (random.unit() - 0.5) * 0.8,
                arrivalDay: early ? Int(random.unit() * Double(days) * 0.3) : Int(random.unit() * Double(days)),
                // A few watch most of what is watched.
                activity: 0.2 / (0.1 + random.unit()))
        }
        // Ids are given in the order of arrival, as a site gives them: person 1 is there from the beginning.
        people = crowd.enumerated().sorted { ($0.element.arrivalDay, $0.offset) < ($1.element.arrivalDay, $1.offset) }
            .map(\.element)
        // Popularity is its own draw: good films tend to be known, but not all of them are.
        let fame = films.map { random.unit() + $0.quality * 0.35 }
        let order = films.indices.sorted { (fame[$0], $1) > (fame[$1], $0) }
        filmsByPopularity = order
        let films = films
        filmsByGenre = (0..<genreCount).map { genre in order.filter { films[$0].genres.contains(genre) } }
    }
}

extension SplitMix64 {
    /// Uniform in 0 ..< 1, of 53 bits.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
