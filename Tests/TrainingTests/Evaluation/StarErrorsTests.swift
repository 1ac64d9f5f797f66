import Synchronization
import Testing

@testable import Training

struct StarErrorsTests {
    /// Two stars for item 1 and four for the others, whoever asks; notes who did and for how many items.
    private final class Foreseeing: StarPredictor {
        let algorithm = "foreseeing"
        let items = IDTable(["1", "2", "3"])
        let users = IDTable(["a"])
        let asked = Mutex<[(audience: Audience, items: Int)]>([])

        func stars(of items: [Int?], by audience: Audience) -> [Float] {
            asked.withLock { $0.append((audience, items.count)) }
            return items.map { $0 == 0 ? 2 : $0 == nil ? 9 : 4 }
        }

        func score(user: Int, into scores: UnsafeMutableBufferPointer<Float>) {}
        func score(history: [HistoryEntry], into scores: UnsafeMutableBufferPointer<Float>) {}
        func similar(to item: Int, count: Int) -> [ScoredItem] { [] }
        func artifactContent() -> ArtifactContent {
            preconditionFailure("a recommender made by hand is never written")
        }
    }

    private static let test = matrix([
        ("a", "1", 3, 0), ("a", "2", 4, 0), ("a", "77", 4, 0), ("b", "1", 2, 0), ("b", "3", nil, 0), ("c", "2", nil, 0),
    ])

    @Test func `errors are those that were worked out by hand, within half a star and five`() throws {
        let errors = try #require(Foreseeing().errors(on: Self.test, history: nil))
        // 2 for 3, 4 for 4, 5 for 4, and 2 for 2; what has no stars cannot be missed.
        #expect(errors.ratings == 4)
        #expect(errors.meanAbsolute == 0.5)
        #expect(abs(errors.rootMeanSquare - 0.5.squareRoot()) < 1e-12)
        #expect(Foreseeing().errors(on: matrix([("a", "1", nil, 0)]), history: nil) == nil)
    }

    @Test func `a person is asked about once, by their history where one is given`() {
        let known = Foreseeing()
        _ = known.errors(on: Self.test, history: nil)
        #expect(known.asked.withLock { $0.map(\.audience) } == [.user(0), .history([])])
        #expect(known.asked.withLock { $0.map(\.items) } == [3, 1])
        let folded = Foreseeing()
        _ = folded.errors(on: Self.test, history: matrix([("a", "3", 5, 0), ("b", "2", 1, 0)]))
        #expect(
            folded.asked.withLock { $0.map(\.audience) } == [
                .history([HistoryEntry(item: 2, stars: 5)]), .history([HistoryEntry(item: 1, stars: 1)]),
            ])
    }

    @Test func `stars of many items are those of each alone`() throws {
        let model = try #require(
            try TrainerCatalogue.trainer(named: "als-explicit", ["factors": .int(4), "iterations": .int(3)]).fit(
                Checkerboard.withoutLastUsers(0, dislikingAll: true), workers: InlineWorkers(), monitor: FitMonitor())
                as? any StarPredictor)
        let history = model.entries(of: ["4", "10", "16"].map { (item: $0, stars: Float(4.5)) })
        for audience in [Audience.user(3), .history(history), .history([])] {
            let items: [Int?] = [0, 7, nil, 12]
            #expect(
                model.stars(of: items, by: audience) == items.flatMap { model.stars(of: [$0], by: audience) })
        }
    }
}
