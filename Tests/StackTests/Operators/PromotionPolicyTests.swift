import Testing
import Training

@testable import Stack

struct PromotionPolicyTests {
    private func best(_ challenger: Double?, _ champion: Double?) -> Bool {
        PromotionPolicy.best(metric: "ndcg_at_10", challenger: challenger, champion: champion).isPromoted
    }

    @Test func `the best wins, a tie goes to the newest, and what was not measured loses`() {
        #expect(best(0.2, 0.1))
        #expect(best(0.2, 0.2))
        #expect(!best(0.1, 0.2))
        #expect(!best(nil, 0.2))
        #expect(best(0.1, nil))
    }
}

struct ChallengeTests {
    /// Ranks 1 2 3 4 for everybody.
    private func ascending(_ items: [String] = ["1", "2", "3", "4"], learned: [[Int]] = []) -> WrittenRecommender {
        WrittenRecommender(
            items: IDTable(items), users: IDTable(learned.indices.map { "u\($0)" }),
            known: items.indices.map { -Float($0) }, unknown: items.indices.map { -Float($0) }, learned: learned)
    }
    /// Ranks 4 3 2 1.
    private let descending = WrittenRecommender(
        items: IDTable(["1", "2", "3", "4"]), users: IDTable([]), known: [], unknown: [1, 2, 3, 4])

    private func challenge(
        _ challenger: any Recommender, _ champion: any Recommender, _ targets: [[String]], _ metric: String = "mrr"
    ) throws -> Challenge {
        let cases = targets.enumerated().map { EvaluationCase(user: "u\($0)", history: [], targets: $1) }
        return try Challenge(
            challenger: challenger, champion: champion, cases: cases, metric: MetricName(parsing: metric),
            workers: InlineWorkers())
    }

    @Test func `a challenger that is better for everybody is promoted`() throws {
        let challenge = try challenge(ascending(), descending, [["1"], ["1"], ["2"], ["1"]])
        #expect(challenge.challenger == 0.875)
        #expect(challenge.champion == (3 * 0.25 + 1.0 / 3) / 4)
        let decision = PromotionPolicy.challenge(challenge)
        #expect(decision.isPromoted)
        #expect(
            decision.reason
                == "mrr 0.8750 against production's 0.2708 on the same 4 people; 95 % interval of the gain "
                + "+0.3125 to +0.7500")
    }

    @Test func `a gain that might be chance changes nothing, and the reason says so`() throws {
        // Better by 3/4 twice, worse by 3/4 once.
        let decision = PromotionPolicy.challenge(try challenge(ascending(), descending, [["1"], ["1"], ["4"]]))
        #expect(!decision.isPromoted)
        #expect(
            decision.reason
                == "mrr 0.7500 against production's 0.5000 on the same 3 people; the 95 % interval of the gain "
                + "-0.7500 to +0.7500 does not lie above zero")
        #expect(!PromotionPolicy.challenge(try challenge(ascending(), ascending(), [["1"], ["2"]])).isPromoted)
    }

    @Test func `an item that one of them does not know is one that it misses`() throws {
        let challenge = try challenge(
            ascending(["1", "2", "3", "4", "5"]), descending, [["5"], ["5"]], "recall_at_20")
        #expect(challenge.challenger == 1)
        #expect(challenge.champion == 0)
    }

    @Test func `people whose targets somebody has learned are left out`() throws {
        let champion = ascending(learned: [[0], [3]])
        let challenge = try challenge(descending, champion, [["1"], ["1"], ["2", "1"], ["4"]])
        #expect(challenge.remembered == 1)
        #expect(challenge.gain?.count == 3)
    }

    @Test func `where less is better the gain points the other way`() throws {
        // Items 1 and 2 share both their users, 3 and 4 none.
        let alike = [[0, 1], [0, 1], [2], [3]]
        let uniform = ascending(learned: alike)
        let diverse = WrittenRecommender(
            items: uniform.items, users: uniform.users, known: [1, 2, 3, 4], unknown: [1, 2, 3, 4], learned: alike)
        let cases = [["3"], ["4"]]
        let metric = "intra_list_similarity_at_2"
        #expect(try challenge(diverse, uniform, cases, metric).gain?.mean == 1)
        #expect(try challenge(uniform, diverse, cases, metric).gain?.mean == -1)
    }

    @Test func `with nobody to compare on nothing changes`() throws {
        let decision = PromotionPolicy.challenge(try challenge(ascending(), descending, []))
        #expect(!decision.isPromoted)
        #expect(decision.reason == "fewer than two people are held out to compare it with production")
    }
}
