import Dispatch
import TestKit
import Testing
import Training

@testable import Serving

struct ShadowTrafficTests {
    private let queue = DispatchQueue(label: "test.shadow")
    /// For somebody without a history: 1 2 3 4 …
    private let production = World.model(version: 3)
    /// For the same: 3 4 5 6 …
    private let challenger = World.model(version: 4, items: (3...8).map(String.init))

    private func offer(_ shadow: ShadowTraffic, count: Int = 4) {
        let query = RecommendationQuery(count: count)
        shadow.offer(
            user: nil, history: [], query: query, catalogue: World.catalogue,
            best: production.best(user: nil, history: [], query: query, catalogue: World.catalogue).items,
            of: production)
    }

    private func settle() async { await withCheckedContinuation { done in queue.async { done.resume() } } }

    @Test func `the overlap is the share of production's list that the challenger names too`() async {
        let shadow = ShadowTraffic(share: 1, queue: queue)
        offer(shadow)
        shadow.swap(in: challenger)
        offer(shadow)
        offer(shadow, count: 2)
        await settle()
        let now = shadow.snapshot
        // Of 1 2 3 4 two are in 3 4 5 6, of 1 2 none; what was answered before there was a challenger is not compared.
        #expect(now.pair == ShadowTraffic.Tally(answers: 2, dropped: 0, overlapSum: 0.5))
        #expect(now.pair.meanOverlap == 0.25)
        #expect(now.against == 3)
    }

    @Test func `one answer in so many is taken`() async {
        let shadow = ShadowTraffic(share: 0.25, queue: queue)
        shadow.swap(in: challenger)
        for _ in 1...10 { offer(shadow) }
        await settle()
        #expect(shadow.snapshot.pair.answers == 2)
    }

    @Test func `what comes while the challenger is busy is dropped, and nobody waits`() async {
        let shadow = ShadowTraffic(share: 1, queue: queue)
        shadow.swap(in: challenger)
        queue.suspend()
        for _ in 1...70 { offer(shadow) }
        #expect(shadow.snapshot.pair == ShadowTraffic.Tally(answers: 0, dropped: 6, overlapSum: 0))
        queue.resume()
        await settle()
        #expect(shadow.snapshot.pair.answers == 64)
        offer(shadow)
        await settle()
        #expect(shadow.snapshot.pair.answers == 65)
    }

    @Test func `a new challenger begins afresh, and the totals go on`() async {
        let shadow = ShadowTraffic(share: 1, queue: queue)
        shadow.swap(in: challenger)
        offer(shadow)
        await settle()
        queue.suspend()
        offer(shadow)
        shadow.swap(in: World.model(version: 5))
        queue.resume()
        await settle()
        #expect(shadow.snapshot.pair == ShadowTraffic.Tally())
        offer(shadow)
        await settle()
        #expect(shadow.snapshot.pair.meanOverlap == 1)
        #expect(shadow.snapshot.total == ShadowTraffic.Tally(answers: 2, dropped: 0, overlapSum: 1.5))
    }

    @Test func `the server and Prometheus tell of it`() async throws {
        let world = World.ready
        world.shadow.swap(in: challenger)
        try await world.serve { port in
            let client = HTTPClient(port: port)
            _ = try await client.send("GET", "/api/v1/recommendations/nobody?k=4")
            // Answered by the cache, which computes nothing.
            _ = try await client.send("GET", "/api/v1/recommendations/nobody?k=4")
            await world.settleShadow()
            let serving = try JSONParser.parse(try await client.send("GET", "/api/v1/serving").text)
            #expect(serving.at("shadow.model.version") == 4)
            #expect(serving.at("shadow.answers") == 1)
            #expect(serving.at("shadow.mean_overlap") == 0.5)
            #expect(serving.at("shadow.against") == 3)
            let figures = try await client.send("GET", "/metrics").text
            #expect(figures.contains("mlstack_shadow_overlap_sum 0.5\n"))
            #expect(figures.contains("mlstack_shadow_overlap_count 1\n"))
        }
    }
}
