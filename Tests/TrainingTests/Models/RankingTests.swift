import Testing

@testable import Training

struct RankingTests {
    static let model = FixedRecommender(
        items: IDTable((1...7).map { "\($0)" }), users: IDTable(["a"]), known: [[1, 5, 5, 2, 5, 0, 3]],
        unknown: [0, 0, 0, 0, 0, 0, 1])

    @Test func `ties go by item order, and excluded items are never named`() {
        let list = Self.model.recommend(for: .user(0), excluding: [2, 2, 6], count: 4)
        #expect(list.map(\.item) == [1, 4, 3, 0])
        #expect(list.map(\.score) == [5, 5, 2, 1])
    }

    @Test func `only allowed items are named, fewer than asked for when there are fewer`() {
        let list = Self.model.recommend(for: .user(0), excluding: [1], allowed: [5, 0, 1], count: 10)
        #expect(list.map(\.item) == [0, 5])
        #expect(Self.model.recommend(for: .user(0), excluding: [], allowed: [Int](), count: 3).isEmpty)
        #expect(Self.model.recommend(for: .user(0), excluding: 0..<7, count: 3).isEmpty)
        #expect(Self.model.recommend(for: .user(0), excluding: [], count: 0).isEmpty)
    }

    @Test func `what is not in the catalogue is no part of a history`() {
        let entries = Self.model.entries(of: [(item: "3", stars: 4), (item: "77", stars: 5), (item: "1", stars: nil)])
        #expect(entries == [HistoryEntry(item: 2, stars: 4), HistoryEntry(item: 0, stars: nil)])
    }
}
