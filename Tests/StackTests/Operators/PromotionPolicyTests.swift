import Testing

@testable import Stack

struct PromotionPolicyTests {
    private func decide(_ policy: String, _ challenger: Double?, _ champion: Double?, has: Bool = true) -> Bool {
        PromotionPolicy.decide(
            policy, metric: "ndcg_at_10", challenger: challenger, champion: champion, hasChampion: has
        ).isPromoted
    }

    @Test func `the newest always wins`() { #expect(decide("newest", 0.1, 0.9)) }

    @Test func `the best wins, a tie goes to the newest, and what was not measured loses`() {
        #expect(decide("best", 0.2, 0.1))
        #expect(decide("best", 0.2, 0.2))
        #expect(!decide("best", 0.1, 0.2))
        #expect(!decide("best", nil, 0.2))
    }

    @Test func `without a champion anybody wins`() { #expect(decide("best", nil, nil, has: false)) }
}
