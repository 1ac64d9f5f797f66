/// The sleep of the service loop, which something new can end before its time.
struct WakeUp {
    private var sleep: Task<Void, any Error>?
    private var mustLook = false

    /// There is something new to look at.
    mutating func wake() {
        mustLook = true
        sleep?.cancel()
    }

    /// - Returns: nil when something new came since the last sleep.
    mutating func begin(until instant: Instant, clock: any Clock) -> Task<Void, any Error>? {
        defer { mustLook = false }
        if mustLook { return nil }
        let task = Task { try await clock.sleep(until: instant) }
        sleep = task
        return task
    }

    mutating func end() { sleep = nil }
}
