import Testing

@testable import Serving

@Suite struct EventHubTests {
    private func id(_ delivery: EventHub.Delivery?) -> Int64? {
        if case .event(let id, _)? = delivery { id } else { nil }
    }

    private func isResync(_ delivery: EventHub.Delivery?, to id: Int64) -> Bool {
        if case .resync(id)? = delivery { true } else { false }
    }

    @Test func `a listener hears only what comes after it`() async {
        let hub = EventHub()
        hub.publish(.serving)
        let listener = hub.listen()
        hub.publish(.serving)
        #expect(id(await listener.next()) == 2)
    }

    @Test func `a waiting listener is woken`() async {
        let hub = EventHub()
        let listener = hub.listen()
        async let heard = listener.next()
        hub.publish(.serving)
        #expect(id(await heard) == 1)
    }

    @Test func `a slow listener is told to start afresh and then hears on`() async {
        let hub = EventHub()
        let listener = hub.listen()
        for _ in 0...EventHub.capacity { hub.publish(.serving) }
        #expect(isResync(await listener.next(), to: Int64(EventHub.capacity) + 1))
        hub.publish(.serving)
        #expect(id(await listener.next()) == Int64(EventHub.capacity) + 2)
    }

    @Test func `the last thousand are all still there`() async {
        let hub = EventHub(firstID: 100)
        for _ in 0..<(2 * EventHub.capacity + 7) { hub.publish(.serving) }
        let oldest = hub.lastID - Int64(EventHub.capacity)
        let listener = hub.listen(after: oldest)
        for expected in (oldest + 1)...hub.lastID { #expect(id(await listener.next()) == expected) }
        #expect(isResync(await hub.listen(after: oldest - 1).next(), to: hub.lastID))
    }

    @Test func `an id of an earlier process is not taken for one of this`() async {
        let hub = EventHub(firstID: 1_727_913_600_000)
        for _ in 1...60 { hub.publish(.serving) }
        #expect(isResync(await hub.listen(after: 50).next(), to: hub.lastID))
    }

    @Test func `closing ends those who listen and those who come later`() async {
        let hub = EventHub()
        let early = hub.listen()
        async let end = early.next()
        hub.close()
        #expect(await end == nil)
        #expect(await hub.listen().next() == nil)
    }

    @Test func `a cancelled task stops listening`() async {
        let listener = EventHub().listen()
        let waiting = Task { await listener.next() == nil }
        waiting.cancel()
        #expect(await waiting.value)
    }

    @Test func `a nudge comes after what happened`() async {
        let hub = EventHub()
        let listener = hub.listen()
        listener.nudge()
        hub.publish(.serving)
        #expect(id(await listener.next()) == 1)
        guard case .nudge? = await listener.next() else {
            Issue.record("the nudge was lost")
            return
        }
    }
}
