/// The sleep of the service loop, which something new can end before its time.
package struct WakeUp {
    private var sleep: Task<Void, any Error>?
    private var mustLook = false

    package init() {}

    /// There is something new to look at.
    package mutating func wake() {
        mustLook = true
        sleep?.cancel()
    }

    /// - Returns: nil when something new came since the last sleep.
    package mutating func begin(until instant: Instant, clock: any Clock) -> Task<Void, any Error>? {
        defer { mustLook = false }
        if mustLook { return nil }
        let task = Task { try await clock.sleep(until: instant) }
        sleep = task
        return task
    }

    package mutating func end() { sleep = nil }
}
