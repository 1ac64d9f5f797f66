package import Scheduling
package import Storage
import Synchronization

/// An outbox into which a test puts what elsewhere a run's change brings with it.
package protocol FillableOutbox: NotificationOutbox {
    func add(_ notification: Notification) async throws
}

extension SQLiteStore: FillableOutbox {
    package func add(_ notification: Notification) async throws { try await apply([.addNotification(notification)]) }
}

/// An outbox in memory, which can go dark like a machine that is cut off.
package final class MemoryOutbox: FillableOutbox {
    private struct State {
        var entries: [OutboxEntry] = []
        var isDark = false
        var darkAt: OutboxState?
        var listeners: [AsyncStream<Void>.Continuation] = []
        var watchers: [(id: String, state: OutboxState, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state: Mutex<State>

    /// - Parameters:
    ///   - entries: what a former process left.
    ///   - darkAt: the crash comes when a notification is to be moved to that state: the move is lost, and every later call fails.
    package init(_ entries: [OutboxEntry] = [], darkAt: OutboxState? = nil) {
        state = Mutex(State(entries: entries, darkAt: darkAt))
    }

    package var all: [OutboxEntry] { state.withLock { $0.entries } }

    /// Returns once that notification is in that state.
    package func wait(for id: String, in wanted: OutboxState) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let isThere = state.entries.contains { $0.notification.id == id && $0.state == wanted }
                if !isThere { state.watchers.append((id, wanted, continuation)) }
                return isThere
            }
            if isThere { continuation.resume() }
        }
    }

    package func add(_ notification: Notification) async throws {
        let listeners = try state.withLock { state in
            if state.isDark { throw StoreFault.dark }
            if state.entries.contains(where: { $0.notification.id == notification.id }) {
                return [AsyncStream<Void>.Continuation]()
            }
            state.entries.append(OutboxEntry(notification: notification, nextAt: notification.createdAt))
            return state.listeners
        }
        for listener in listeners { listener.yield() }
    }

    package func next(at now: Instant) async throws -> OutboxEntry? {
        let waiting = try read { $0.filter { $0.state == .waiting } }
        return waiting.filter { $0.nextAt <= now }.min { ($0.attempts, $0.nextAt) < ($1.attempts, $1.nextAt) }
            ?? waiting.min { $0.nextAt < $1.nextAt }
    }

    package func markTold(_ id: String) async throws { try move(id, .waiting, to: .delivered) { $0.attempts += 1 } }
    package func markSending(_ id: String) async throws {
        try move(id, .waiting, to: .sending) { $0.attempts += 1 }
    }
    package func markDelivered(_ id: String) async throws {
        try move(id, .sending, to: .delivered) { $0.error = nil }
    }
    package func markFailed(_ id: String, error: String, nextAt: Instant) async throws {
        try move(id, .sending, to: .waiting) { ($0.error, $0.nextAt, $0.isResent) = (error, nextAt, false) }
    }
    package func giveUp(_ id: String, error: String) async throws {
        try move(id, .sending, to: .givenUp) { $0.error = error }
    }
    package func resend(_ id: String, at instant: Instant) async throws {
        try move(id, .sending, to: .waiting) { ($0.isResent, $0.nextAt) = (true, instant) }
    }

    package func interrupted() async throws -> [OutboxEntry] { try read { $0.filter { $0.state == .sending } } }

    package func entries(in wanted: OutboxState?, limit: Int) async throws -> [OutboxEntry] {
        try read { Array($0.reversed().filter { wanted == nil || $0.state == wanted }.prefix(limit)) }
    }

    package func arrivals() async -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.listeners.append(continuation) }
        return stream
    }

    private func read<Value: Sendable>(_ body: ([OutboxEntry]) -> Value) throws -> Value {
        try state.withLock { state in
            if state.isDark { throw StoreFault.dark }
            return body(state.entries)
        }
    }

    private func move(_ id: String, _ former: OutboxState, to next: OutboxState, _ body: (inout OutboxEntry) -> Void)
        throws
    {
        let woken = try state.withLock { state in
            if state.darkAt == next { state.isDark = true }
            if state.isDark { throw StoreFault.dark }
            guard
                let index = state.entries.firstIndex(where: { $0.notification.id == id && $0.state == former })
            else { throw StoreFault.unknown(id) }
            state.entries[index].state = next
            body(&state.entries[index])
            let woken = state.watchers.filter { $0.id == id && $0.state == next }.map(\.continuation)
            state.watchers.removeAll { $0.id == id && $0.state == next }
            return woken
        }
        for continuation in woken { continuation.resume() }
    }
}
