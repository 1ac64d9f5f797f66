import Scheduling
import Storage
import TestKit
import Testing

struct FeedbackTests {
    private static let dayOne = Instant(seconds: 86_400)
    private static let dayTwo = Instant(seconds: 2 * 86_400)

    private static func event(_ item: String, id: String? = nil, rating: Double = 4.5) -> FeedbackEvent {
        FeedbackEvent(
            id: id, user: "42", item: item, rating: rating, timestampSeconds: 7, receivedAtMilliseconds: 8,
            type: "rating")
    }

    @Test func `an id makes an event idempotent, within one call and across calls`() async throws {
        try await StorageFixture.withStore { store in
            let first = try await store.appendFeedback([
                Self.event("a", id: "1"), Self.event("b", id: "1"), Self.event("c"), Self.event("c"),
            ])
            #expect(first == (3, 1))
            let second = try await store.appendFeedback([Self.event("z", id: "1"), Self.event("d", id: "2")])
            #expect(second == (1, 1))
            let events = try await store.feedback(after: 0)
            #expect(events.map(\.item) == ["a", "c", "c", "d"])
            var expected = Self.event("a", id: "1")
            expected.sequence = events[0].sequence
            #expect(events[0] == expected)
            #expect(try await store.feedback(after: events[2].sequence).map(\.item) == ["d"])
        }
    }

    @Test func `an event that cannot be kept takes the whole call back`() async throws {
        try await StorageFixture.withStore { store in
            let events = [Self.event("b"), Self.event("a", rating: .nan)]
            let error = await #expect(throws: StorageError.self) {
                let _: (Int, Int) = try await store.appendFeedback(events)
            }
            #expect(error?.errorDescription == "the rating of item a by user 42 is not a finite number.")
            let waiting = try await store.pendingFeedbackCount()
            #expect(waiting == 0)
        }
    }

    @Test func `what waits belongs to the day that takes it up`() async throws {
        try await StorageFixture.withStore { store in
            _ = try await store.appendFeedback([Self.event("a"), Self.event("b")])
            #expect(try await store.assignPendingFeedback(to: Self.dayOne) == 2)
            _ = try await store.appendFeedback([Self.event("c")])
            #expect(try await store.pendingFeedbackCount() == 1)
            #expect(try await store.feedback(assignedUpTo: Self.dayTwo, \.item) == ["a", "b"])
            #expect(try await store.assignPendingFeedback(to: Self.dayTwo) == 1)
            #expect(try await store.feedback(assignedUpTo: Self.dayOne, \.item) == ["a", "b"])
            #expect(try await store.feedback(assignedUpTo: Self.dayTwo, \.item) == ["a", "b", "c"])
        }
    }

    @Test func `the queue is told as a whole, with the latest days that took something up`() async throws {
        try await StorageFixture.withStore { store in
            let empty = try await store.feedbackSummary(latest: 5)
            #expect((empty.stored, empty.waiting, empty.closedDays) == (0, 0, 0))
            #expect(empty.lastReceivedAt == nil)
            _ = try await store.appendFeedback([Self.event("a"), Self.event("b")])
            _ = try await store.assignPendingFeedback(to: Self.dayOne)
            _ = try await store.assignPendingFeedback(to: Self.dayTwo)
            _ = try await store.appendFeedback([Self.event("c")])
            let summary = try await store.feedbackSummary(latest: 5)
            #expect((summary.stored, summary.waiting, summary.closedDays) == (3, 1, 2))
            #expect(summary.latest.map(\.day) == [Self.dayOne])
            #expect(summary.latest.map(\.events) == [2])
            #expect(summary.lastReceivedAt == Instant(milliseconds: 8))
        }
    }

    @Test func `a day begun again after a kill keeps exactly what it had`() async throws {
        try await StorageFixture.withFolder { folder in
            let killed = try StorageFixture.open(folder)
            _ = try await killed.appendFeedback([Self.event("a")])
            #expect(try await killed.assignPendingFeedback(to: Self.dayOne) == 1)
            _ = try await killed.appendFeedback([Self.event("late")])
            // Never closed: the next start reads what the first left in the log.
            let next = try StorageFixture.open(folder)
            #expect(try await next.assignPendingFeedback(to: Self.dayOne) == 1)
            #expect(try await next.feedback(assignedUpTo: Self.dayOne, \.item) == ["a"])
            #expect(try await next.assignPendingFeedback(to: Self.dayTwo) == 1)
            try next.close()
            try killed.close()
        }
    }

    @Test func `a day that was closed with nothing stays empty`() async throws {
        try await StorageFixture.withStore { store in
            #expect(try await store.assignPendingFeedback(to: Self.dayOne) == 0)
            _ = try await store.appendFeedback([Self.event("a")])
            #expect(try await store.assignPendingFeedback(to: Self.dayOne) == 0)
            #expect(try await store.pendingFeedbackCount() == 1)
        }
    }

    @Test func `the past is not rewritten until it is opened again`() async throws {
        try await StorageFixture.withStore { store in
            _ = try await store.appendFeedback([Self.event("a")])
            _ = try await store.assignPendingFeedback(to: Self.dayOne)
            _ = try await store.appendFeedback([Self.event("b")])
            _ = try await store.assignPendingFeedback(to: Self.dayTwo)
            await #expect(throws: StorageError.self) {
                try await store.assignPendingFeedback(to: Instant(seconds: 86_401))
            }
            #expect(try await store.unassignFeedback(after: Self.dayOne) == 1)
            #expect(try await store.pendingFeedbackCount() == 1)
            #expect(try await store.assignPendingFeedback(to: Instant(seconds: 86_401)) == 1)
            #expect(try await store.unassignFeedback(after: nil) == 2)
        }
    }

    @Test func `settings are kept, replaced and removed`() async throws {
        try await StorageFixture.withStore { store in
            #expect(try await store.value(forKey: "clock") == nil)
            try await store.setValue("1", forKey: "clock")
            try await store.setValues(["clock": "2", "other": "3"])
            #expect(try await store.value(forKey: "clock") == "2")
            try await store.setValue(nil, forKey: "clock")
            #expect(try await store.value(forKey: "clock") == nil)
            #expect(try await store.value(forKey: "other") == "3")
        }
    }
}
