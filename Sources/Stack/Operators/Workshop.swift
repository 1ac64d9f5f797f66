import Foundation
import Registry
import Scheduling
import Serving
import Storage
import Training
import Transfer

/// What the built-in tasks work with. Data between tasks goes through files in the run's folder, never through this.
struct Workshop: Sendable {
    var store: SQLiteStore
    var artifacts: any ArtifactStore
    var arrivals: Arrivals
    var threads: TrainingThreads
    var dataset: String
    var home: Home
    var trackedRuns: TrackedRuns
    var deployment: Deployment
    var quality: QualityBoard
    var drift: DriftBoard
    var publish: @Sendable (StackEvent) -> Void
    var clock: any Clock
    /// Where URLs in pipelines may lead.
    var addresses: AddressGuard

    var registry: any ModelRegistry { store }
    var tracking: any TrackingStore { store }

    /// The registry with what a run may change in it.
    func registry(for context: TaskContext) -> any ModelRegistry {
        if context.environment == .production { return registry }
        return ResearchRegistry(
            registry, production: ProductionGuard(registry: store, tracking: store, loggedModels: store))
    }

    /// Runs a computation on the training threads; cancelling the task stops it at its next checkpoint.
    func compute<Value: Sendable>(
        _ work: @escaping @Sendable (any Workers, _ isCancelled: @escaping @Sendable () -> Bool) throws -> Value
    ) async throws -> Value {
        let stop = StopSign()
        return try await withTaskCancellationHandler {
            try await threads.perform { workers in try work(workers) { stop.isSet } }
        } onCancel: {
            stop.set()
        }
    }

    /// What has arrived before a moment, with the feedback that was given to a day up to then.
    func arrived(before moment: Instant) async throws -> ArrivedRatings {
        let feedback = try await store.feedback(assignedUpTo: moment, Rating.init)
        return ArrivedRatings(
            log: arrivals.log, rowCount: arrivals.log.rowCount(before: moment.seconds), feedback: feedback)
    }
}

extension TaskContext {
    /// - Throws: `StackError.missingInput`.
    func required(_ key: String) throws -> String {
        guard let value = input(key) else { throw StackError.missingInput(task: taskID, input: key) }
        return value
    }

    /// A folder of this task alone inside the run's; emptied, since a former attempt may have left something half done.
    func taskFolder() throws -> String {
        let folder = "\(workDirectory)/\(taskID)"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    /// The simulated day that the run is about.
    var day: Day { Day(containing: Instant(milliseconds: run.dataInterval.end.milliseconds - 1)) }
}

extension Rating {
    init(_ event: Storage.FeedbackEvent) {
        self.init(
            user: event.user, item: event.item, stars: event.rating.map(Float.init),
            timestampSeconds: event.timestampSeconds, isRetracted: event.type == "delete")
    }
}
