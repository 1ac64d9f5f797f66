/// Hands every change to whoever listens. A listener that does not keep up loses the oldest changes, and never slows a run.
struct EventFan {
    /// Enough for every task of several large runs.
    private static let bound = 4096
    private var listeners: [Int: AsyncStream<SchedulingEvent>.Continuation] = [:]
    private var nextID = 0

    /// - Parameter ended: told the listener's number when it has gone; hand it to `remove`.
    mutating func stream(ended: @escaping @Sendable (Int) -> Void) -> AsyncStream<SchedulingEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: SchedulingEvent.self, bufferingPolicy: .bufferingNewest(Self.bound))
        let id = nextID
        nextID += 1
        continuation.onTermination = { _ in ended(id) }
        listeners[id] = continuation
        return stream
    }

    mutating func remove(_ id: Int) { listeners[id] = nil }

    func send(_ event: SchedulingEvent) {
        for listener in listeners.values { listener.yield(event) }
    }

    mutating func finish() {
        for listener in listeners.values { listener.finish() }
        listeners = [:]
    }
}
