import Foundation
import Testing

@testable import Training

struct PopulationStabilityTests {
    @Test func `the index is what was worked out by hand`() throws {
        // With half a draw more in each bin: 9.5 and 9.5 before, 0.5 and 9.5 now.
        let stability = try #require(PopulationStability(expected: [1: 9, 2: 9], actual: [2: 9]))
        #expect(abs(stability.index - (-0.45 * log(0.1) + 0.45 * log(1.9))) < 1e-12)
        // Chi-squared with one degree of freedom: 10.83 at 0.999, by the approximation 11.16.
        #expect(abs(stability.noise - 11.157 * (1.0 / 18 + 1.0 / 9)) < 0.001)
    }

    @Test func `equal shares do not move, whatever their number`() throws {
        let expected = Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, 100) })
        let same = try #require(PopulationStability(expected: expected, actual: expected))
        #expect(same.index == 0)
        let fewer = try #require(PopulationStability(expected: expected, actual: expected.mapValues { _ in 50 }))
        #expect(fewer.index < 1e-3)
        #expect(fewer.noise > same.noise)
    }

    @Test func `values that never came before fall into the bins at the ends`() throws {
        let stability = try #require(PopulationStability(expected: [5: 10, 6: 10], actual: [1: 10, 99: 10]))
        #expect(stability.index == 0)
    }

    @Test func `without values, or with one alone, nothing can be said`() {
        #expect(PopulationStability(expected: [:], actual: [1: 1]) == nil)
        #expect(PopulationStability(expected: [1: 1, 2: 1], actual: [:]) == nil)
        #expect(PopulationStability(expected: [1: 5], actual: [1: 5]) == nil)
    }

    @Test func `draws that hang together are more noise, and the former days tell how much`() throws {
        let whole = try #require(PopulationStability(expected: [1: 50, 2: 50], actual: [1: 10, 2: 10]))
        let clustered = try #require(
            PopulationStability(expected: [1: 50, 2: 50], actual: [1: 10, 2: 10], designEffect: 2))
        #expect(abs(clustered.noise - 2 * whole.noise) < 1e-12)
        #expect(clustered.index == whole.index)

        // Each day's draws are all of one kind, where independent ones would be mixed.
        let days = (0..<6).map { (expected: [1: 50, 2: 50], actual: [$0 % 2 + 1: 10]) }
        let one = try #require(PopulationStability(expected: [1: 50, 2: 50], actual: [1: 10])).index
        let effect = try #require(PopulationStability.designEffect(days: days))
        #expect(abs(effect - one / (1.0 / 100 + 1.0 / 10)) < 1e-9)
        #expect(PopulationStability.designEffect(days: Array(days.prefix(4))) == nil)
        let calm = (0..<6).map { _ in (expected: [1: 50, 2: 50], actual: [1: 5, 2: 5]) }
        #expect(PopulationStability.designEffect(days: calm) == 1)
    }
}

struct DataDriftTests {
    private func event(_ user: Int, _ item: Int, _ stars: Float = 4, day: Int64 = 0) -> DataDrift.Event {
        DataDrift.Event(user: user, item: item, stars: stars, day: day)
    }

    @Test func `people, items and stars are counted`() {
        let drift = DataDrift(
            today: [event(1, 10, 5), event(1, 11, .nan), event(2, 10, 2), event(3, 12, 2)],
            former: [event(1, 10, 3), event(4, 11, 5)], isKnownUser: { $0 < 3 }, isKnownItem: { $0 != 12 })
        let counts: [Int] = [drift.ratings, drift.users, drift.items, drift.newUsers, drift.newItems]
        #expect(counts == [4, 3, 3, 1, 1])
        #expect(drift.ratingMean == 3)
        #expect(drift.formerRatingMean == 4)
        // Variance of 3 and 5: 1. People's ratings 2, 1, 1 are worth 16 / 6 draws, 1 and 1 are worth 2.
        let noise = 3.2905 * (6.0 / 16 + 1.0 / 2).squareRoot()
        #expect(abs((drift.ratingNoise ?? 0) - noise) < 1e-12)
    }

    /// 60 people with three films each; of 100 films the n-th is chosen by 1/n as many as the first.
    private func crowd(day: Int64, film: (Int) -> Int) -> [DataDrift.Event] {
        var random = SplitMix64(seed: 1, stream: UInt64(day))
        let weights = (1...100).map { 1 / Double($0) }
        let sum = weights.reduce(0, +)
        var events: [DataDrift.Event] = []
        for draw in 0..<180 {
            var rest = Double.random(in: 0..<sum, using: &random)
            let place = weights.firstIndex { weight in
                rest -= weight
                return rest < 0
            }
            events.append(event(Int(day) * 60 + draw / 3, film(place ?? 99), day: day))
        }
        return events
    }

    @Test func `a day like those before it does not drift, a day of new favourites does`() throws {
        let former = (0..<30).flatMap { day in crowd(day: Int64(day)) { $0 } }
        func popularity(_ today: [DataDrift.Event]) -> PopulationStability? {
            DataDrift(today: today, former: former, isKnownUser: { _ in true }, isKnownItem: { _ in true }).popularity
        }
        for day in 30..<50 {
            let calm = try #require(popularity(crowd(day: Int64(day)) { $0 }))
            #expect(calm.index < calm.noise)
            #expect(calm.index < 0.25)
        }
        let moved = try #require(popularity(crowd(day: 30) { ($0 + 50) % 100 }))
        #expect(moved.index > max(0.25, moved.noise))
    }

    @Test func `people who rate ten times as much on a day are seen`() throws {
        // Before: of 30 people a day a third each with one, two and three ratings.
        var former: [DataDrift.Event] = []
        var busy: [DataDrift.Event] = []
        for user in 0..<30 {
            for day in 0..<10 {
                for item in 0...(user % 3) { former.append(event(user, item, day: Int64(day))) }
            }
            for item in 0..<20 { busy.append(event(user, item, day: 10)) }
        }
        let drift = DataDrift(today: busy, former: former, isKnownUser: { _ in true }, isKnownItem: { _ in true })
        let activity = try #require(drift.activity)
        #expect(activity.index > max(0.25, activity.noise))
        let usual = former.filter { $0.day == 9 }
        let calm = DataDrift(today: usual, former: former, isKnownUser: { _ in true }, isKnownItem: { _ in true })
        let still = try #require(calm.activity)
        #expect(still.index < 0.01)
    }
}
