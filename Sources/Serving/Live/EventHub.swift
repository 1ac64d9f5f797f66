package import Scheduling
import Synchronization

/// Something that happened, for everybody who listens on `/api/v1/events`.
package enum StackEvent: Sendable {
    case scheduling(SchedulingEvent)
    case model(name: String, version: Int?, alias: String, previousVersion: Int?)
    /// A new version that did not get the alias, and why.
    case refusal(name: String, version: Int, alias: String, reason: String)
    case serving
    case clock(ReplayStatus)
    case quality(QualityPoint)
    case drift(DriftPoint)
}

/// Where everything that happens is told, and where listeners hear it.
///
/// The last 1,000 events are kept in one ring that all listeners read, each at a place of its own. Publishing never waits: a
/// listener that falls out of the ring is told to start afresh (`Delivery.resync`) instead of being fed from a queue without end.
package final class EventHub: Sendable {
    package static let capacity = 1000

    /// What a listener hears next.
    package enum Delivery: Sendable {
        case event(id: Int64, StackEvent)
        /// Events were missed: fetch the state anew. Events after `id` follow.
        case resync(id: Int64)
        /// `nudge()` was called and nothing else had happened.
        case nudge
    }

    struct Content {
        /// Ascending by id, at most `capacity`; the id of `ring[(id - firstID) % capacity]` is `id`.
        var ring: [StackEvent] = []
        var lastID: Int64
        var waiting: [ObjectIdentifier: CheckedContinuation<Void, Never>] = [:]
        var isClosed = false
    }

    private let firstID: Int64
    private let content: Mutex<Content>

    /// - Parameter firstID: the id of the first event. Taken from the clock at start-up (milliseconds), a listener that comes
    ///   back after a restart can never take a new event for one that it has heard.
    package init(firstID: Int64 = 1) {
        self.firstID = firstID
        content = Mutex(Content(lastID: firstID - 1))
    }

    package var lastID: Int64 { content.withLock { $0.lastID } }

    /// How many listeners have heard everything and wait for more.
    package var waitingCount: Int { content.withLock { $0.waiting.count } }

    /// Tells every listener; after `close` nobody.
    package func publish(_ event: StackEvent) {
        wake { content in
            if content.isClosed { return }
            content.lastID += 1
            if content.ring.count < EventHub.capacity {
                content.ring.append(event)
            } else {
                content.ring[Int((content.lastID - firstID) % Int64(EventHub.capacity))] = event
            }
        }
    }

    /// Ends every listener; those who come later end at once.
    package func close() { wake { $0.isClosed = true } }

    package var isClosed: Bool { content.withLock { $0.isClosed } }

    /// Listens from now on, or from after `lastHeard` when everything since is still in the ring.
    package func listen(after lastHeard: Int64? = nil) -> Listener {
        let place = content.withLock { content -> (heard: Int64, resync: Bool) in
            guard let lastHeard else { return (content.lastID, false) }
            let oldest = content.lastID - Int64(content.ring.count) + 1
            return oldest - 1...content.lastID ~= lastHeard ? (lastHeard, false) : (content.lastID, true)
        }
        return Listener(hub: self, heard: place.heard, owesResync: place.resync)
    }

    /// Changes the content and wakes everybody who waits for a change.
    private func wake(_ change: (inout Content) -> Void) {
        let sleepers = content.withLock { content in
            change(&content)
            let sleepers = content.waiting
            content.waiting = [:]
            return sleepers
        }
        for sleeper in sleepers.values { sleeper.resume() }
    }

    /// One listener's place in the stream of events. Its `next()` is for one task alone.
    package final class Listener: Sendable {
        private struct Place {
            var heard: Int64
            var owesResync: Bool
            var isNudged = false
            var isCancelled = false
        }
        private let hub: EventHub
        private let place: Mutex<Place>

        init(hub: EventHub, heard: Int64, owesResync: Bool) {
            self.hub = hub
            place = Mutex(Place(heard: heard, owesResync: owesResync))
        }

        /// The id of the last event that this listener has heard, or begins after.
        package var heard: Int64 { place.withLock { $0.heard } }

        /// - Returns: nil once the hub is closed, this listener cancelled, or its task cancelled.
        package func next() async -> Delivery? {
            while true {
                switch look() {
                case .some(let answer): return answer
                case .none: await sleep()
                }
            }
        }

        /// Makes `next()` answer `.nudge` if nothing else has happened: the stream's keep-alive.
        package func nudge() {
            place.withLock { $0.isNudged = true }
            awake()
        }

        /// Makes `next()` answer that it is over.
        package func cancel() {
            place.withLock { $0.isCancelled = true }
            awake()
        }

        /// - Returns: nil when there is nothing yet; `.some(nil)` at the end.
        private func look() -> Delivery?? {
            hub.content.withLock { content in
                place.withLock { place in
                    if content.isClosed || place.isCancelled || Task.isCancelled { return .some(nil) }
                    let oldest = content.lastID - Int64(content.ring.count) + 1
                    if place.owesResync || place.heard < oldest - 1 {
                        place.owesResync = false
                        place.heard = content.lastID
                        return .resync(id: content.lastID)
                    }
                    if place.heard < content.lastID {
                        place.heard += 1
                        let slot = Int((place.heard - hub.firstID) % Int64(EventHub.capacity))
                        return .event(id: place.heard, content.ring[slot])
                    }
                    if place.isNudged {
                        place.isNudged = false
                        return .nudge
                    }
                    return nil
                }
            }
        }

        private func sleep() async {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isDue = hub.content.withLock { content in
                        let place = place.withLock { $0 }
                        if content.isClosed || place.isCancelled || place.isNudged || place.owesResync
                            || place.heard < content.lastID || Task.isCancelled
                        {
                            return true
                        }
                        content.waiting[ObjectIdentifier(self)] = continuation
                        return false
                    }
                    if isDue { continuation.resume() }
                }
            } onCancel: {
                awake()
            }
        }

        private func awake() {
            let sleeper = hub.content.withLock { $0.waiting.removeValue(forKey: ObjectIdentifier(self)) }
            sleeper?.resume()
        }
    }
}
