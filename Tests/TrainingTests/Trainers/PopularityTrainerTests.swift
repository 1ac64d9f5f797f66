import Testing

@testable import Training

struct PopularityTrainerTests {
    static let day: Int64 = 86_400
    static let world = matrix([
        ("1", "a", 5, 100 * day), ("1", "b", 4, 90 * day), ("2", "a", 3.5, 80 * day), ("2", "b", nil, 80 * day),
        ("3", "b", 4.5, 70 * day), ("3", "c", 1, 100 * day),
    ])

    private func fit(_ given: [String: HyperparameterValue]) throws -> PopularityModel {
        let trainer = try TrainerCatalogue.trainer(named: "popularity", given)
        return try #require(
            try trainer.fit(Self.world, workers: InlineWorkers(), monitor: FitMonitor()) as? PopularityModel)
    }

    @Test func `ratings of at least the threshold and interactions without a rating count`() throws {
        #expect(try fit([:]).tables.popularity == [1, 3, 0])
        #expect(try fit(["positive_from": .float(3.5)]).tables.popularity == [2, 3, 0])
        #expect(try fit(["positive_from": .float(4.5)]).tables.popularity == [1, 2, 0])
    }

    @Test func `a rating one half-life older than the newest counts half`() throws {
        // a: now. b: 10, 20 and 30 days ago.
        #expect(try fit(["half_life_days": .int(10)]).tables.popularity == [1, 0.5 + 0.25 + 0.125, 0])
    }

    @Test func `a rating of more than sixty half-lives is forgotten`() throws {
        let forgetful = try fit(["half_life_days": .float(0.1)])
        #expect(forgetful.tables.popularity == [1, 0, 0])
    }

    @Test func `alike are items that the same people had to do with`() throws {
        let model = try fit([:])
        let near = model.similar(to: 1, count: 5)
        // b was met by 1, 2, 3; a by 1, 2; c by 3.
        #expect(near.map(\.item) == [0, 2])
        #expect(abs(near[0].score - 2 / Float(6).squareRoot()) < 1e-6)
        #expect(abs(near[1].score - 1 / Float(3).squareRoot()) < 1e-6)
        #expect(model.similar(to: 2, count: 5).map(\.item) == [1])
    }
}
