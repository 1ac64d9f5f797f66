import Training

/// What one trial came to, as the journal keeps it.
struct SweepResult: Sendable, Codable, Equatable {
    /// `SweepPlan.Trial.key`
    var key: String
    var startedMilliseconds: Int64
    /// Of all trainings of the trial, one for each fold.
    var trainSeconds: Double
    var evaluateSeconds: Double
    /// How many users were ranked; 0 for a trial that failed.
    var cases: Int
    var metrics: [String: Double] = [:]
    var standardErrors: [String: Double] = [:]
    /// The deciding metric's 95 % interval, where it is a mean over users.
    var interval: [Double]?
    /// Each user's value of the deciding metric, to compare trials user by user.
    var perCase: [Double]?
    /// Why it failed.
    var failure: String?
    /// The tracked run.
    var run: String?
}
