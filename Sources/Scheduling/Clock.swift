/// The only source of time for everything that schedules.
///
/// Conformers: the wall's clock in Stack; one advanced by hand in TestKit. The replay's clock is not a sleeper: a
/// simulated moment comes when `Orchestrator.advance(_:to:)` says so.
package protocol Clock: Sendable {
    var now: Instant { get }
    /// Returns once `now` has reached `instant`; throws `CancellationError` when the task is cancelled.
    func sleep(until instant: Instant) async throws
}

/// Which clock a trigger's cron reads.
package enum ClockName: String, Sendable, Codable, CaseIterable {
    case wall, replay
}
