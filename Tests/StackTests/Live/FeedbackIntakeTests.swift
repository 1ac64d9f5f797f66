import Dispatch
import Foundation
import Scheduling
import Serving
import Storage
import Synchronization
import TestKit
import Testing
import Training

@testable import Stack

struct FeedbackIntakeTests {
    private static func event(
        _ user: String, _ item: String, _ rating: Double?, type: String? = nil, id: String? = nil
    ) -> Serving.FeedbackEvent {
        .init(id: id, user: user, item: item, rating: rating, timestampSeconds: 900, type: type)
    }

    /// User 1 gave item 2 three stars, user 3 gave it five.
    private static func arrivals(
        _ folder: String, _ store: SQLiteStore, blockLength: Int = RecentFeedback.blockLength
    ) throws -> Arrivals {
        let path = folder + "/ratings.csv"
        try "1,2,3,100\n3,2,5,200\n".write(toFile: path, atomically: true, encoding: .utf8)
        let source = try DatasetSource(recognising: path)
        let (log, _) = try LogShelf(folder: folder + "/logs").open(
            source, options: ReadOptions(), workers: TrainingThreads(count: 1)
        ) { _ in }
        let arrivals = Arrivals(
            log: log, catalogue: ItemCatalogue([]), store: store, feedbackBlockLength: blockLength)
        arrivals.advance(to: Instant(seconds: 1000))
        return arrivals
    }

    private static func withIntake(
        mostWaiting: Int = 10, blockLength: Int = RecentFeedback.blockLength,
        faultInjector: (@Sendable (FaultPoint) throws -> Void)? = nil,
        _ body: (FeedbackIntake, Arrivals, SQLiteStore) async throws -> Void
    ) async throws {
        try await StorageFixture.withFolder { folder in
            try await StorageFixture.withStore(faultInjector: faultInjector) { store in
                let arrivals = try arrivals(folder, store, blockLength: blockLength)
                let intake = FeedbackIntake(
                    store: store, arrivals: arrivals, clock: ManualClock(), mostWaiting: mostWaiting,
                    runLength: blockLength)
                try await body(intake, arrivals, store)
            }
        }
    }

    @Test func `an update takes the place of the earlier rating, and a delete takes it back`() async throws {
        try await Self.withIntake { intake, arrivals, store in
            #expect(try await arrivals.itemFacts("2") == (2, 4))
            _ = try await intake.append([Self.event("1", "2", 1, type: "update")])
            #expect(try await arrivals.itemFacts("2") == (2, 3))
            #expect(try await arrivals.history(of: "1")?.map(\.stars) == [1])
            _ = try await intake.append([Self.event("new", "2", 3), Self.event("new", "2", 3.5, type: "update")])
            #expect(try await arrivals.itemFacts("2") == (3, 9.5 / 3))
            _ = try await intake.append([Self.event("1", "2", nil, type: "delete")])
            #expect(try await arrivals.itemFacts("2") == (2, 4.25))
            #expect(try await arrivals.history(of: "1") == nil)
            // The next start sees the same.
            let types = try await store.feedback(after: 0).map(\.type)
            #expect(types == ["update", "insert", "update", "delete"])
        }
    }

    @Test func `an event that is sent again does not undo what came after it`() async throws {
        try await Self.withIntake { intake, arrivals, _ in
            _ = try await intake.append([Self.event("1", "2", 5, id: "a")])
            _ = try await intake.append([Self.event("1", "2", 1, type: "update", id: "b")])
            let receipt = try await intake.append([Self.event("1", "2", 5, id: "a"), Self.event("1", "7", 4)])
            #expect(receipt == FeedbackReceipt(accepted: 1, duplicates: 1))
            #expect(try await arrivals.history(of: "1")?.map(\.stars) == [1, 4])
        }
    }

    @Test func `more than may wait is sent away, and nothing that was taken is lost`() async throws {
        // The first transaction of feedback stands still until the test lets it go on; it blocks the database's own queue.
        let isClosed = Mutex(false)
        let gate = DispatchSemaphore(value: 0)
        let (standing, arrived) = AsyncStream<Void>.makeStream()
        let injector: @Sendable (FaultPoint) throws -> Void = { point in
            guard case .commit = point, isClosed.withLock({ $0 }) else { return }
            isClosed.withLock { $0 = false }
            arrived.yield()
            gate.wait()
        }
        try await Self.withIntake(faultInjector: injector) { intake, arrivals, store in
            isClosed.withLock { $0 = true }
            let many = (0..<8).map { Self.event("u", "\($0)", 4) }
            async let first = intake.append(many)
            for await _ in standing { break }
            await #expect(throws: ServingFailure.feedbackIsFull) {
                _ = try await intake.append((0..<3).map { Self.event("late", "\($0)", 4) })
            }
            async let second = intake.append([Self.event("v", "1", 4), Self.event("v", "2", 4)])
            gate.signal()
            let accepted = try await (first.accepted, second.accepted)
            #expect(accepted == (8, 2))
            let receipt = try await intake.append(many + many)
            #expect(receipt.accepted == 16)
            let stored = try await store.feedback(after: 0).count
            #expect(stored == 26)
            #expect(try await arrivals.history(of: "late") == nil)
        }
    }

    @Test func `however much waits, memory holds two blocks of it and answers know it all`() async throws {
        try await Self.withIntake(blockLength: 4) { intake, arrivals, store in
            var versions: Set<HistoryVersion> = []
            for number in 0..<40 {
                let user = number.isMultiple(of: 2) ? "1" : "w\(number)"
                let event = Self.event(user, "\(10 + number)", 4, id: "\(number)")
                versions.insert(arrivals.historyVersion(of: "1"))
                _ = try await intake.append([event])
                #expect(arrivals.recentFeedbackCount <= 8)
                #expect(try await arrivals.history(of: user)?.last?.item == event.item)
            }
            // What runs have is corrected by what is still in memory.
            _ = try await intake.append([
                Self.event("1", "2", 1, type: "update"), Self.event("1", "10", nil, type: "delete"),
            ])
            let again = try await intake.append([Self.event("1", "10", 4, id: "0")])
            #expect(again == FeedbackReceipt(accepted: 0, duplicates: 1))
            #expect(versions.count >= 20)

            func check(_ arrivals: Arrivals) async throws {
                let items = try await arrivals.history(of: "1")?.map(\.item)
                #expect(items == (1..<20).map { "\(10 + 2 * $0)" } + ["2"])
                #expect(try await arrivals.history(of: "w1")?.map(\.item) == ["11"])
                #expect(try await arrivals.itemFacts("2") == (2, 3))
                #expect(try await arrivals.itemFacts("10") == (0, nil))
                #expect(try await arrivals.itemFacts("12") == (1, 4))
                let people = try await arrivals.people(limit: 2, query: "")
                #expect(people == [PersonSummary(user: "1", ratings: 20), PersonSummary(user: "w39", ratings: 1)])
            }
            try await check(arrivals)
            try await StorageFixture.withFolder { folder in
                let next = try Self.arrivals(folder, store, blockLength: 4)
                let restored = FeedbackIntake(store: store, arrivals: next, clock: ManualClock(), runLength: 4)
                try await restored.restore()
                #expect(next.recentFeedbackCount <= 4)
                try await check(next)
            }
        }
    }

    @Test func `feedback of a program that made no runs is found after the next start`() async throws {
        try await Self.withIntake(blockLength: 3) { _, arrivals, store in
            for number in 0..<11 {
                _ = try await store.appendFeedback([
                    .init(
                        user: "\(number % 2)", item: "\(number)", rating: 4, timestampSeconds: 0,
                        receivedAtMilliseconds: 0, type: "insert")
                ])
            }
            let intake = FeedbackIntake(store: store, arrivals: arrivals, clock: ManualClock(), runLength: 3)
            try await intake.restore()
            #expect(arrivals.recentFeedbackCount == 2)
            #expect(try await arrivals.history(of: "0")?.map(\.item) == ["0", "2", "4", "6", "8", "10"])
        }
    }

    @Test func `while no run can be made nothing is taken and nothing forgotten`() async throws {
        struct Broken: Error {}
        let isBroken = Mutex(false)
        let injector: @Sendable (FaultPoint) throws -> Void = { point in
            guard case .statement(let sql) = point, sql.contains("feedback_run"), isBroken.withLock({ $0 }) else {
                return
            }
            throw Broken()
        }
        try await Self.withIntake(blockLength: 2, faultInjector: injector) { intake, arrivals, store in
            _ = try await intake.append([Self.event("a", "1", 4), Self.event("a", "2", 4)])
            isBroken.withLock { $0 = true }
            for _ in 0..<3 {
                await #expect(throws: (any Error).self) { _ = try await intake.append([Self.event("a", "3", 4)]) }
            }
            #expect(try await arrivals.history(of: "a")?.map(\.item) == ["1", "2"])
            isBroken.withLock { $0 = false }
            _ = try await intake.append([Self.event("a", "3", 4)])
            #expect(try await arrivals.history(of: "a")?.map(\.item) == ["1", "2", "3"])
            #expect(try await store.pendingFeedbackCount() == 3)
            #expect(arrivals.recentFeedbackCount == 1)
        }
    }

    @Test func `what fails to be written leaves its place to others`() async throws {
        struct Broken: Error {}
        let isBroken = Mutex(false)
        try await Self.withIntake(
            mostWaiting: 1,
            faultInjector: { _ in if isBroken.withLock({ $0 }) { throw Broken() } }
        ) { intake, arrivals, _ in
            isBroken.withLock { $0 = true }
            await #expect(throws: (any Error).self) { _ = try await intake.append([Self.event("a", "1", 4)]) }
            isBroken.withLock { $0 = false }
            #expect(try await arrivals.history(of: "a") == nil)
            let receipt = try await intake.append([Self.event("a", "1", 4)])
            #expect(receipt.accepted == 1)
        }
    }
}

struct FreshRatingsTests {
    @Test func `a day counts as it was at its end`() {
        func rating(_ user: String, _ item: String, _ stars: Float, isRetracted: Bool = false) -> Rating {
            Rating(user: user, item: item, stars: stars, timestampSeconds: 0, isRetracted: isRetracted)
        }
        var fresh = FreshRatings()
        fresh.add(rating("b", "1", 1))
        fresh.add(rating("a", "1", 2))
        fresh.replace(with: rating("a", "2", 3))
        fresh.replace(with: rating("a", "1", 5))
        fresh.replace(with: rating("b", "1", 1, isRetracted: true))
        fresh.replace(with: rating("c", "9", 1, isRetracted: true))
        let byUser = fresh.byUser
        #expect(byUser.map(\.user) == ["a"])
        #expect(byUser.first?.ratings.map(\.stars) == [3, 5])
    }
}
