import Dispatch
import Foundation
import Logging
import Scheduling
import Storage
import Transfer

/// Not Foundation's.
typealias Notification = Scheduling.Notification

/// Tells people what the outbox holds: one notification at a time, each until it has arrived or a day has gone by.
///
/// No run waits for it: runs put their notifications into the outbox with their own change, and this reads them from there.
///
/// *Exactly once* cannot be promised from this side alone. Between a receiver's taking a message and our storing that it did,
/// either machine may die, and then nobody here can know whether it arrived; only the receiver can recognise the second copy of
/// what it has. So each notification has an id that is the same in every attempt, sent as the header `Idempotency-Key` and in the
/// body, and `sending` is stored before the first byte leaves. One that is found `sending` at a start is sent again, with its id; if
/// that is cut off too, it is given up with a record that says so, rather than told a third time.
actor Notifier {
    struct Parts: Sendable {
        var outbox: any NotificationOutbox
        var sender: WebhookSender
        var clock: any Clock
        var logger: Logger
    }

    private enum Outcome {
        /// Into this program's own log.
        case told
        case delivered
        case failed(error: String, nextAt: Instant)
        case givenUp(error: String)
    }

    /// From one second to ten minutes, spread so that many that failed together do not come back together.
    static let backoff = RetryPolicy(max: .max, delay: .seconds(1), backoff: 2, maxDelay: .seconds(600), jitter: 0.2)
    /// After which what failed is old news.
    static let lifetime = Duration.seconds(24 * 3600)
    /// When the database refuses.
    private static let pause = Duration.seconds(10)
    private static let longestSleep = Duration.seconds(3600)

    private let parts: Parts
    private var wakeUp = WakeUp()
    private var isStopping = false
    /// What is known and could not be stored: while it is not, the notification must not be sent again.
    private var unrecorded: [(id: String, outcome: Outcome)] = []

    init(_ parts: Parts) { self.parts = parts }

    /// Ends after the sending under way.
    func stop() {
        isStopping = true
        wakeUp.wake()
    }

    /// Sends until it is stopped; a cancellation cuts off the sending under way.
    func run() async {
        let arrivals = await parts.outbox.arrivals()
        let listener = Task { for await _ in arrivals { wakeUp.wake() } }
        defer { listener.cancel() }
        var hasTakenUp = false
        while !isStopping, !Task.isCancelled {
            var next: Instant
            do {
                if !hasTakenUp { try await takeUpInterrupted() }
                hasTakenUp = true
                let due = try await sendWhatIsDue()
                let farthest = parts.clock.now.advanced(by: Self.longestSleep)
                next = min(due ?? farthest, farthest)
            } catch is CancellationError {
                return
            } catch {
                parts.logger.error("notifications wait: \(ErrorText(error).oneLine)")
                next = parts.clock.now.advanced(by: Self.pause)
            }
            if isStopping { return }
            guard let sleep = wakeUp.begin(until: next, clock: parts.clock) else { continue }
            // Ended before its time by `wake`, or by the cancellation that ends the loop.
            _ = await withTaskCancellationHandler {
                await sleep.result
            } onCancel: {
                sleep.cancel()
            }
            wakeUp.end()
        }
    }

    private func takeUpInterrupted() async throws {
        for entry in try await parts.outbox.interrupted() {
            let id = entry.notification.id
            if entry.isResent {
                let error = "mlstack ended twice while it was being sent; it may have arrived."
                try await parts.outbox.giveUp(id, error: error)
                parts.logger.warning("the notification \(id) is given up: \(error)")
            } else {
                try await parts.outbox.resend(id, at: parts.clock.now)
            }
        }
    }

    /// - Returns: when there will be more; nil: when something new comes.
    private func sendWhatIsDue() async throws -> Instant? {
        while !isStopping {
            try await recordWhatIsKnown()
            let now = parts.clock.now
            guard let entry = try await parts.outbox.next(at: now) else { return nil }
            // No pause is longer: what lies farther ahead was written before the clock was set back.
            if entry.nextAt > now, entry.nextAt - now <= Self.longestSleep { return entry.nextAt }
            let id = entry.notification.id
            if let webhook = entry.notification.webhook {
                try await parts.outbox.markSending(id)
                unrecorded.append((id, try await send(entry, to: webhook)))
            } else {
                parts.logger.log(level: entry.notification.level, "\(NotificationText(entry.notification).line)")
                unrecorded.append((id, .told))
            }
            try await recordWhatIsKnown()
        }
        return nil
    }

    private func recordWhatIsKnown() async throws {
        while let (id, outcome) = unrecorded.first {
            do {
                try await record(outcome, of: id)
            } catch StorageError.unknownRecord {
                // A reset of the replay has emptied the outbox meanwhile.
                parts.logger.notice("the notification \(id) is no longer kept: what became of it is not written down")
            }
            unrecorded.removeFirst()
        }
    }

    private func record(_ outcome: Outcome, of id: String) async throws {
        switch outcome {
        case .told: try await parts.outbox.markTold(id)
        case .delivered: try await parts.outbox.markDelivered(id)
        case .failed(let error, let nextAt): try await parts.outbox.markFailed(id, error: error, nextAt: nextAt)
        case .givenUp(let error): try await parts.outbox.giveUp(id, error: error)
        }
    }

    /// - Throws: `CancellationError`: whether it arrived is not known, and it stays `sending`.
    private func send(_ entry: OutboxEntry, to webhook: String) async throws -> Outcome {
        let notification = entry.notification
        do {
            try await parts.sender.send(notification, to: webhook)
            return .delivered
        } catch let failure as WebhookFailure {
            let now = parts.clock.now
            if failure.isFinal || now - notification.createdAt >= Self.lifetime {
                let tries = entry.attempts == 0 ? "" : " after \(entry.attempts + 1) attempts"
                let error = "given up\(tries): \(failure.reason)"
                parts.logger.warning("the notification \(notification.id) is \(error)")
                return .givenUp(error: error)
            }
            let wait = Self.backoff.wait(beforeRetry: entry.attempts + 1, key: notification.id)
            let nextAt = now.advanced(by: max(wait, failure.retryAfter ?? .zero))
            return .failed(error: failure.reason, nextAt: nextAt)
        }
    }
}

extension Notification {
    /// In the program's log.
    fileprivate var level: Logger.Level {
        switch event {
        case .failure, .deadline: .error
        case .retry: .warning
        case .success, .recovered, nil: .notice
        }
    }
}
