import Foundation
import Scheduling
import Serving
import Storage
import Training

/// Puts feedback on disk, then into what the answers see; the next simulated day learns it.
struct FeedbackIntake: FeedbackSink {
    let store: SQLiteStore
    let arrivals: Arrivals
    let clock: any Clock

    init(store: SQLiteStore, arrivals: Arrivals, clock: any Clock) {
        (self.store, self.arrivals, self.clock) = (store, arrivals, clock)
    }

    func append(_ events: [Serving.FeedbackEvent]) async throws -> FeedbackReceipt {
        let now = clock.now
        let rows = events.map { event in
            Storage.FeedbackEvent(
                sequence: 0, id: event.id, user: event.user, item: event.item, rating: event.rating,
                timestampSeconds: event.timestampSeconds ?? now.seconds, receivedAtMilliseconds: now.milliseconds,
                type: event.type ?? "insert")
        }
        let receipt = try await store.appendFeedback(rows)
        // A repeated event is seen twice by the answers until the next start; for masking and for "latest rating wins" that is the same.
        arrivals.add(rows.map(Rating.init))
        return FeedbackReceipt(accepted: receipt.accepted, duplicates: receipt.duplicates)
    }

    /// Shows the answers what former processes put on disk.
    func restore() async throws {
        arrivals.add(try await store.feedback(after: 0).map(Rating.init))
    }
}
