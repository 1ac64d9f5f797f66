import Foundation
import Scheduling
import Serving
import Storage
import Synchronization
import Training

/// Puts feedback on disk, then into what the answers see; the next simulated day learns it.
///
/// The database is the queue, and it is as long as the disk is large; `Arrivals` holds the latest of it. What waits for the
/// disk waits in memory, and that has a bound: whoever comes when it is reached is sent away to come again, with nothing
/// of theirs taken.
final class FeedbackIntake: FeedbackSink, Sendable {
    private let store: SQLiteStore
    private let arrivals: Arrivals
    private let clock: any Clock
    private let mostWaiting: Int
    private let runLength: Int64
    private let counts = Mutex(Counts())

    private struct Counts {
        /// Events that are being put on disk.
        var waiting = 0
        /// Since the start.
        var accepted = 0
        var duplicates = 0
    }

    /// One batch of the largest size: some 60 MB.
    static let mostWaiting = 200_000
    private static let lastEvents: Int64 = 1000

    init(
        store: SQLiteStore, arrivals: Arrivals, clock: any Clock, mostWaiting: Int = FeedbackIntake.mostWaiting,
        runLength: Int = RecentFeedback.blockLength
    ) {
        (self.store, self.arrivals, self.clock, self.mostWaiting) = (store, arrivals, clock, mostWaiting)
        self.runLength = Int64(runLength)
    }

    func append(_ events: [Serving.FeedbackEvent]) async throws -> FeedbackReceipt {
        try enter(events.count)
        defer { counts.withLock { $0.waiting -= events.count } }
        // Before anything of theirs is stored: should it fail, it is true that nothing was taken.
        try await arrivals.shedFeedback()
        let now = clock.now
        var rows = events.map { event in
            Storage.FeedbackEvent(
                sequence: 0, id: event.id, user: event.user, item: event.item, rating: event.rating,
                timestampSeconds: event.timestampSeconds ?? now.seconds, receivedAtMilliseconds: now.milliseconds,
                type: event.type ?? "insert")
        }
        let sequences = try await store.storeFeedback(rows)
        for (index, sequence) in sequences.enumerated() { rows[index].sequence = sequence ?? 0 }
        // An event that is sent again must not take the place of what came after it.
        let new = rows.filter { $0.sequence > 0 }
        arrivals.add(new)
        let receipt = FeedbackReceipt(accepted: new.count, duplicates: rows.count - new.count)
        counts.withLock { counts in
            counts.accepted += receipt.accepted
            counts.duplicates += receipt.duplicates
        }
        return receipt
    }

    /// What is being put on disk, of how much at most, and what this process has taken since its start.
    var state: (waiting: Int, limit: Int, accepted: Int, duplicates: Int) {
        counts.withLock { ($0.waiting, mostWaiting, $0.accepted, $0.duplicates) }
    }

    /// Shows the answers what former processes put on disk.
    func restore() async throws {
        let last = try await store.lastFeedback()
        var indexed = try await store.lastIndexedFeedback()
        // A program that knew no runs may have left far more than a run.
        while last - indexed > runLength {
            indexed += runLength
            try await store.indexFeedback(through: indexed)
        }
        arrivals.skipFeedback(through: indexed)
        // With some that runs have: the people who were active last.
        arrivals.add(try await store.feedback(after: min(indexed, last - FeedbackIntake.lastEvents)))
    }

    /// - Throws: `ServingFailure.feedbackIsFull`. One alone is always let in, or it would never be.
    private func enter(_ count: Int) throws {
        try counts.withLock { counts in
            guard counts.waiting == 0 || counts.waiting + count <= mostWaiting else {
                throw ServingFailure.feedbackIsFull
            }
            counts.waiting += count
        }
    }
}
