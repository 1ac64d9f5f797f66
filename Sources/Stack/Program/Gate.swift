import Synchronization

/// Closed until somebody opens it; whoever waits goes on then. Orders the start of services that run side by side.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [AsyncStream<Never>.Continuation] = []
    }
    private let state = Mutex(State())

    /// Opening it again changes nothing.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }

    /// Returns when the gate is open.
    /// - Returns: false if the task was cancelled before.
    func pass() async -> Bool {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiting.append(continuation) }
            return state.isOpen
        }
        if isOpen { return true }
        for await _ in stream {}
        return state.withLock { $0.isOpen }
    }
}
