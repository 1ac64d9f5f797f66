/// Who watches what on a day, and how they like it.
struct Viewing {
    struct Row {
        var person: Int
        var film: Int
        var halfStars: Int
        /// Of the day.
        var second: Int
    }

    private let world: SyntheticWorld
    private var seen: SeenPairs
    /// Who has been here before.
    private var hasCome: [Bool]
    /// People who have arrived, each as often as they are active.
    private var arrived: [Int] = []
    private var arrivals: [Int: [Int]]

    /// - Parameter ratings: how many there will be in all.
    init(world: SyntheticWorld, ratings: Int) {
        self.world = world
        seen = SeenPairs(pairs: ratings)
        hasCome = Array(repeating: false, count: world.people.count)
        arrivals = Dictionary(grouping: world.people.indices, by: { world.people[$0].arrivalDay })
    }

    /// One day's ratings, `count` of them, in sessions of about ten.
    mutating func day(_ day: Int, count: Int, likedShare: Double, random: inout SplitMix64) -> [Row] {
        for person in arrivals.removeValue(forKey: day) ?? [] {
            arrived += Array(repeating: person, count: max(1, Int(world.people[person].activity * 4)))
        }
        // Nobody has come yet: the first person does.
        if arrived.isEmpty { arrived = [0] }
        var rows: [Row] = []
        rows.reserveCapacity(count)
        while rows.count < count {
            let person = arrived[Int(random.next() % UInt64(arrived.count))]
            // Somebody new rates many films in the first session, somebody who comes back a few.
            let length = !hasCome[person] ? 12 + Int(random.next() % 16) : 3 + Int(random.next() % 8)
            var second = Int(random.next() % 79_200)
            for _ in 0..<min(length, count - rows.count) {
                guard let film = choice(of: person, day: day, likedShare: likedShare, random: &random) else { break }
                seen.insert(person: person, film: film)
                hasCome[person] = true
                second += 8 + Int(random.next() % 150)
                rows.append(
                    Row(
                        person: person, film: film, halfStars: verdict(of: person, on: film, random: &random),
                        second: min(second, 86_399)))
            }
        }
        return rows
    }

    /// A film the person has not seen and that is out: mostly of a liked genre, and popular ones far more often. When tries run
    /// out, the first unseen one by popularity; nil when everything has been seen.
    private func choice(of person: Int, day: Int, likedShare: Double, random: inout SplitMix64) -> Int? {
        let genres = world.people[person].genres
        for _ in 0..<40 {
            let list =
                random.unit() < likedShare
                ? world.filmsByGenre[genres[Int(random.next() % UInt64(genres.count))]] : world.filmsByPopularity
            if list.isEmpty { continue }
            // The fourth power of a uniform number: rank r is drawn in proportion to r^(-3/4), from multiplications alone.
            let draw = random.unit()
            let film = list[Int(draw * draw * draw * draw * Double(list.count))]
            if world.films[film].releaseDay <= day, !seen.contains(person: person, film: film) { return film }
        }
        return world.filmsByPopularity.first {
            world.films[$0].releaseDay <= day && !seen.contains(person: person, film: $0)
        }
    }

    /// 1 ... 10 half stars: taste first, then the film's quality, the person's way of rating, and mood.
    private func verdict(of person: Int, on film: Int, random: inout SplitMix64) -> Int {
        let (taste, film) = (world.people[person], world.films[film])
        let isLiked = film.genres.contains { taste.genres.contains($0) }
        let mood = random.unit() + random.unit() - 1
        let stars = (isLiked ? 4.0 : 2.7) + film.quality * 0.8 + taste.bias + mood
        return max(1, min(10, Int((stars * 2).rounded())))
    }
}
