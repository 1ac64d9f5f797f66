/// The line between a fit and whoever waits for it: progress out, the wish to stop in.
package struct FitMonitor: Sendable {
    /// Asked between sweeps; when true the fit throws `CancellationError`.
    package var isCancelled: @Sendable () -> Bool
    /// Called after each sweep from the thread that runs the fit.
    package var report: @Sendable (SweepReport) -> Void

    package init(
        isCancelled: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (SweepReport) -> Void = { _ in }
    ) {
        (self.isCancelled, self.report) = (isCancelled, report)
    }
}

/// How far a fit has come.
package struct SweepReport: Sendable, Equatable {
    /// From 1.
    package var sweep: Int
    package var sweeps: Int
    /// The objective, divided by the number of interactions; nil when the trainer did not compute it in this sweep.
    package var loss: Double?
    package var seconds: Double
    package init(sweep: Int, sweeps: Int, loss: Double?, seconds: Double) {
        (self.sweep, self.sweeps, self.loss, self.seconds) = (sweep, sweeps, loss, seconds)
    }
}
