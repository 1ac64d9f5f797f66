/// The only source of time for everything that schedules.
///
/// Conformers: the wall's clock in Stack; one advanced by hand in TestKit. The replay's clock is not a sleeper: a
/// simulated moment comes when `Orchestrator.advance(_:to:)` says so.
package protocol Clock: Sendable {
    var now: Instant { get }
    /// Returns once `now` has reached `instant`, or before when somebody has set the clock: who waits for a moment looks again
    /// whether it has come. Throws `CancellationError` when the task is cancelled.
    func sleep(until instant: Instant) async throws
    /// Returns after so much time, whatever somebody sets the clock to meanwhile: for time limits, pauses and retries. Throws
    /// `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

extension Clock {
    /// Of a clock that nobody sets.
    package func sleep(for duration: Duration) async throws { try await sleep(until: now.advanced(by: duration)) }
}

/// Which clock a trigger's cron reads.
package enum ClockName: String, Sendable, Codable, CaseIterable {
    case wall, replay
}
