import Foundation
import Registry
import Storage
import Synchronization
import Training

/// `mlstack sweep`: trains and judges one trial after the other and names the best.
///
/// Every trial is a tracked run. What has ended stands in a journal beside the output, and is not run again.
package struct Sweep: Sendable {
    package struct Order: Sendable {
        package var algorithm: String
        /// `key=value`, the same in every trial.
        package var settings: [String] = []
        /// `key=values`, see `SearchSpace`.
        package var tries: [String] = []
        /// nil: the whole grid.
        package var trials: Int?
        package var seed: UInt64 = 0
        package var metric = "ndcg_at_10"
        package var train: [String] = []
        package var test: [String] = []
        package var history: [String] = []
        /// The file for the best settings.
        package var output: String

        package init(algorithm: String, output: String) { (self.algorithm, self.output) = (algorithm, output) }
    }

    /// Where the trials are tracked.
    package struct Place: Sendable {
        var url: String?
        var home: Home
        var token: String?

        /// - Parameter url: of a server; nil: `MLSTACK_URL`, else the one that runs on the home, else the home itself.
        package init(url: String?, home: Home, token: String?) {
            (self.url, self.home, self.token) = (url, home, token)
        }

        func recorder() async throws -> any RunRecorder {
            do {
                return ServerRecorder(client: try StackClient(url: url, home: home, token: token))
            } catch StackError.serverNotFound {
                return try await HomeRecorder(home: home)
            }
        }
    }

    package struct Progress: Sendable {
        /// Of all sweeps and epochs that there will be, 0 to 1.
        package var share: Double
        package var trial: Int
        package var trials: Int
        package var best: Double?
    }

    private let plan: SweepPlan
    private let threads = TrainingThreads()

    /// - Throws: `SearchError`, `TrainingError`, `StackError.usage`: whatever can be told before a file is read.
    package init(_ order: Order) throws { plan = try SweepPlan(order) }

    /// - Parameters:
    ///   - isStopping: asked between sweeps of a fit; a trial that was begun is then given up, those before it are kept.
    ///   - onProgress: called from the training thread.
    ///   - onTrial: called after each trial that was run, with its number.
    /// - Throws: `DataError`, `TrainingError`, `StorageError`, `StackError`; trials that had ended are in the journal.
    package func run(
        in place: Place, isStopping: @escaping @Sendable () -> Bool = { false },
        onProgress: @escaping @Sendable (Progress) -> Void = { _ in },
        onTrial: @Sendable (Int) -> Void = { _ in }
    ) async throws -> SweepOutcome {
        let folds = try await threads.perform { [plan] workers in
            try plan.folds.map { try EvaluationFold(reading: $0, workers: workers) }
        }
        let data = StableHash.hex(folds.map(\.contentHash).joined(separator: " "), digits: 32)
        try checkOutput()
        let journal = try await Queues.files.perform { [plan] in
            try SweepJournal(
                besides: plan.output,
                heading: SweepJournal.Heading(
                    algorithm: plan.space.algorithm, metric: plan.metric.key, data: data,
                    positiveFrom: plan.positiveFrom, program: Version.current))
        }
        let recorder = try await place.recorder()
        let tracking = SweepTracking(recorder: recorder, plan: plan, data: data)
        do {
            let sweep = try await tracking.begin(journal.parent)
            if sweep != journal.parent { try await Queues.files.perform { try journal.add(parent: sweep) } }
            let outcome: SweepOutcome
            do {
                outcome = try await trials(
                    folds, journal, tracking, sweep, isStopping: isStopping, onProgress: onProgress, onTrial: onTrial)
            } catch {
                try await tracking.end(sweep, .failed, best: nil)
                throw error
            }
            try await tracking.end(
                sweep, outcome.isInterrupted ? .killed : outcome.best == nil ? .failed : .finished,
                best: outcome.best?.result)
            try await Queues.files.perform { try outcome.writeBest() }
            try await recorder.close()
            return outcome
        } catch {
            try await recorder.close()
            throw error
        }
    }

    private func trials(
        _ folds: [EvaluationFold], _ journal: SweepJournal, _ tracking: SweepTracking, _ sweep: TrackedSweep,
        isStopping: @escaping @Sendable () -> Bool, onProgress: @escaping @Sendable (Progress) -> Void,
        onTrial: @Sendable (Int) -> Void
    ) async throws -> SweepOutcome {
        var outcome = SweepOutcome(plan: plan, journal: journal, tracked: sweep)
        let cases = folds.map { $0.cases(positiveFrom: plan.positiveFrom) }
        for (place, trial) in plan.trials.enumerated() {
            if outcome.results[place] != nil { continue }
            if isStopping() { break }
            let best = outcome.best?.score
            do {
                var result = try await threads.perform { [plan] workers in
                    try SweepTrial(plan: plan, trial: trial, workers: workers, isStopping: isStopping) { share in
                        onProgress(
                            Progress(
                                share: (Double(place) + share) / Double(plan.trials.count), trial: trial.number,
                                trials: plan.trials.count, best: best))
                    }.run(folds, cases)
                }
                result.run = try await tracking.record(trial, result, in: sweep)
                try await Queues.files.perform { [result] in try journal.add(result) }
                outcome.results[place] = result
                onTrial(trial.number)
            } catch is CancellationError {
                break
            }
        }
        if outcome.best == nil, let failure = outcome.results.lazy.compactMap({ $0?.failure }).first,
            !outcome.isInterrupted
        {
            throw StackError.usage(
                "no trial came to an end; the first failed because \(failure).",
                remedy: "try other settings: --try and --set.")
        }
        return outcome
    }

    /// That nothing is replaced but the best of an earlier part of this sweep: whatever else stands there is somebody's.
    /// - Throws: `StackError.usage`.
    private func checkOutput() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: plan.output) else { return }
        if files.fileExists(atPath: SweepJournal.path(besides: plan.output)) { return }
        throw StackError.usage(
            "\(plan.output) was not written by a sweep and is not replaced.", remedy: "give another --output.")
    }
}
