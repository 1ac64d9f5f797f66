import Scheduling
import Storage
import TestKit
import Testing

/// What every outbox promises to whoever sends from it.
struct OutboxTests {
    enum Kind: String, CaseIterable { case sqlite, memory }

    private static func with(_ kind: Kind, _ body: (any FillableOutbox) async throws -> Void) async throws {
        switch kind {
        case .memory: try await body(MemoryOutbox())
        case .sqlite: try await StorageFixture.withStore { try await body($0) }
        }
    }

    private static func notification(_ id: String, at seconds: Int64 = 100) -> Notification {
        Notification(
            id: id, event: .failure, webhook: "https://hooks.example/secret", pipelineID: "daily",
            environment: .research, runID: "daily-1", state: .failed, logicalDate: Instant(seconds: 50),
            taskID: "train", attempt: 2, message: "why", logLines: 40, createdAt: Instant(seconds: seconds))
    }

    @Test(arguments: Kind.allCases)
    func `what is told twice lies there once, as it was given`(_ kind: Kind) async throws {
        try await Self.with(kind) { outbox in
            try await outbox.add(Self.notification("a"))
            var again = Self.notification("a")
            again.message = "other"
            try await outbox.add(again)
            let expected = OutboxEntry(notification: Self.notification("a"), nextAt: Instant(seconds: 100))
            #expect(try await outbox.entries(in: nil, limit: 10) == [expected])
        }
    }

    @Test(arguments: Kind.allCases)
    func `a fresh notification goes before one that is tried again, and none before its time`(_ kind: Kind) async throws
    {
        try await Self.with(kind) { outbox in
            try await outbox.add(Self.notification("old"))
            try await outbox.markSending("old")
            try await outbox.markFailed("old", error: "busy", nextAt: Instant(seconds: 102))
            #expect(try await outbox.next(at: Instant(seconds: 101))?.nextAt == Instant(seconds: 102))
            try await outbox.add(Self.notification("new", at: 110))
            #expect(try await outbox.next(at: Instant(seconds: 105))?.notification.id == "old")
            #expect(try await outbox.next(at: Instant(seconds: 111))?.notification.id == "new")
            let old = try #require(try await outbox.entries(in: .waiting, limit: 9).last)
            #expect(old.attempts == 1 && old.error == "busy")
        }
    }

    @Test(arguments: Kind.allCases)
    func `what was being sent when the program ended is found, and is not due by itself`(_ kind: Kind) async throws {
        try await Self.with(kind) { outbox in
            try await outbox.add(Self.notification("a"))
            try await outbox.markSending("a")
            #expect(try await outbox.next(at: Instant(seconds: 1_000_000)) == nil)
            #expect(try await outbox.interrupted().map(\.isResent) == [false])
            try await outbox.resend("a", at: Instant(seconds: 200))
            try await outbox.markSending("a")
            let cutOffTwice = try #require(try await outbox.interrupted().first)
            #expect(cutOffTwice.isResent && cutOffTwice.attempts == 2)
            // An answer, if only of failure, ends the doubt.
            try await outbox.markFailed("a", error: "busy", nextAt: Instant(seconds: 300))
            #expect(try await outbox.entries(in: .waiting, limit: 1).first?.isResent == false)
        }
    }

    @Test(arguments: Kind.allCases)
    func `what has ended stays as a record and can be sent no more`(_ kind: Kind) async throws {
        try await Self.with(kind) { outbox in
            for id in ["a", "b"] {
                try await outbox.add(Self.notification(id))
                try await outbox.markSending(id)
            }
            try await outbox.markDelivered("a")
            try await outbox.giveUp("b", error: "too late")
            try await outbox.add(Self.notification("c"))
            try await outbox.markTold("c")
            #expect(try await outbox.next(at: Instant(seconds: 1_000_000)) == nil)
            #expect(try await outbox.entries(in: .givenUp, limit: 9).map(\.error) == ["too late"])
            #expect(try await outbox.entries(in: nil, limit: 9).map(\.notification.id) == ["c", "b", "a"])
            #expect(try await outbox.entries(in: .delivered, limit: 9).map(\.attempts) == [1, 1])
            await #expect(throws: (any Error).self) { try await outbox.markSending("a") }
            await #expect(throws: (any Error).self) { try await outbox.markTold("c") }
            await #expect(throws: (any Error).self) { try await outbox.markDelivered("b") }
        }
    }

    @Test(arguments: Kind.allCases)
    func `whoever sends hears of something new`(_ kind: Kind) async throws {
        try await Self.with(kind) { outbox in
            var arrivals = await outbox.arrivals().makeAsyncIterator()
            try await outbox.add(Self.notification("a"))
            #expect(await arrivals.next() != nil)
        }
    }

    @Test func `a notification that a run's change brings is heard of once the change is stored`() async throws {
        try await StorageFixture.withStore { store in
            var arrivals = await store.arrivals().makeAsyncIterator()
            await #expect(throws: StorageError.self) {
                try await store.apply([.addNotification(Self.notification("a")), .updateRun(Sample.run("none"))])
            }
            #expect(try await store.entries(in: nil, limit: 9).isEmpty)
            try await store.apply([.addNotification(Self.notification("b"))])
            #expect(await arrivals.next() != nil)
            #expect(try await store.entries(in: nil, limit: 9).map(\.notification.id) == ["b"])
        }
    }
}
