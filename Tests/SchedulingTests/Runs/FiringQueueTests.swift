import Testing

@testable import Scheduling

@Suite struct FiringQueueTests {
    @Test func `what is due comes by its moment, then by its key`() {
        var queue = FiringQueue<String>()
        queue["b"] = Instant(seconds: 2)
        queue["c"] = Instant(seconds: 1)
        queue["a"] = Instant(seconds: 2)
        queue["d"] = Instant(seconds: 3)
        #expect(queue.next == Instant(seconds: 1))
        #expect(queue.takeDue(at: Instant(seconds: 2)) == ["c", "a", "b"])
        #expect(queue.next == Instant(seconds: 3))
        #expect(queue.takeDue(at: Instant(seconds: 2)).isEmpty)
    }

    @Test func `a key that is moved counts once, at its new moment`() {
        var queue = FiringQueue<String>()
        queue["a"] = Instant(seconds: 1)
        queue["a"] = Instant(seconds: 5)
        queue["b"] = Instant(seconds: 3)
        queue["b"] = nil
        #expect(queue.count == 1)
        #expect(queue["a"] == Instant(seconds: 5))
        #expect(queue.takeDue(at: Instant(seconds: 9)) == ["a"])
    }

    @Test func `after any changes it gives the same order as a sorted list`() {
        var queue = FiringQueue<Int>()
        var expected: [Int: Int64] = [:]
        var random: UInt64 = 7
        func next(_ bound: UInt64) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % bound)
        }
        for _ in 0..<20_000 {
            let key = next(300)
            if next(4) == 0 {
                queue[key] = nil
                expected[key] = nil
            } else {
                let moment = Int64(next(100))
                queue[key] = Instant(seconds: moment)
                expected[key] = moment
            }
            #expect(queue.next?.seconds == expected.values.min())
        }
        let order = expected.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        #expect(queue.takeDue(at: Instant(seconds: 100)) == order)
        #expect(queue.isEmpty)
    }
}
