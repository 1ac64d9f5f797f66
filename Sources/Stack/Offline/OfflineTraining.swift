import Foundation
import Training

/// Training and recommendation without a server, for `mlstack train` and `recommend --model`.
package struct OfflineTraining: Sendable {
    private let threads = TrainingThreads()

    package init() {}

    /// Trains one algorithm on a ratings file and writes the model's folder.
    /// - Parameter settings: `key=value` as given on the command line; `warm_start` is the folder of a model to start from.
    /// - Returns: one JSON object.
    package func train(
        algorithm: String, ratings: String, settings: [String], output: String,
        onSweep: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        var given = try SettingText.parse(settings)
        let start = try SettingText.takeWarmStart(&given)
        let trainer = try TrainerCatalogue.trainer(named: algorithm, given)
        try OfflineTraining.check(output: output)
        return try await threads.perform { workers in
            let matrix = try InteractionMatrix(readingRatings: ratings, options: ReadOptions(), workers: workers)
            let former = try start.map { try ModelArtifact(reading: $0) }
            let sweeps = SweepLog()
            let began = ContinuousClock.now
            let model = try trainer.fit(
                matrix, continuing: former?.model, workers: workers,
                monitor: FitMonitor(report: {
                    sweeps.add($0)
                    onSweep($0.line)
                }))
            let seconds = (ContinuousClock.now - began).seconds
            let hash = try ModelArtifact.write(
                model,
                facts: ModelFacts(
                    lineage: ["matrix_hash": matrix.contentHash, "code_version": Version.current].merging(
                        former.map { ["warm_start": $0.contentHash] } ?? [:]
                    ) { first, _ in first }),
                to: output)
            let perSweep = sweeps.seconds.isEmpty ? seconds : sweeps.seconds.reduce(0, +) / Double(sweeps.seconds.count)
            return try JSONText.object([
                "algorithm": algorithm, "users": matrix.users.count, "items": matrix.items.count,
                "interactions": matrix.interactionCount, "seconds": seconds, "seconds_per_iteration": perSweep,
                "loss": sweeps.lastLoss ?? NSNull(), "peak_rss_bytes": Memory.peakResidentBytes ?? NSNull(),
                "parameters": trainer.settings.values.mapValues(\.json), "content_hash": hash, "output": output,
            ])
        }
    }

    /// That nothing is replaced but a model: whatever else stands there is somebody's.
    /// - Throws: `StackError.usage`.
    private static func check(output: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: output) else { return }
        let content = try? files.contentsOfDirectory(atPath: output)
        let isModel = [ArtifactFile.checksums, ArtifactFile.description].allSatisfy { content?.contains($0) ?? false }
        if let content, content.isEmpty || isModel { return }
        throw StackError.usage("\(output) is no model of mlstack and is not replaced.", remedy: "name a new folder.")
    }

    /// - Returns: what the model recommends to a user that it was trained on.
    package func recommend(model: String, user: String, k: Int) async throws -> [(item: String, score: Double)] {
        try await threads.perform { _ in
            let model = try ModelArtifact(reading: model).model
            guard let index = model.users.index(of: user) else { throw StackError.unknownUser(user) }
            return model.recommend(for: .user(index), excluding: model.trainingItems(of: index) ?? [], count: k)
                .map { (item: model.items[$0.item], score: Double($0.score)) }
        }
    }
}

/// What the sweeps of one fit reported, on the thread that runs it.
private final class SweepLog: @unchecked Sendable {  // guarded by: the fit's own thread writes and reads
    private(set) var seconds: [Double] = []
    private(set) var lastLoss: Double?

    func add(_ sweep: SweepReport) {
        seconds.append(sweep.seconds)
        lastLoss = sweep.loss ?? lastLoss
    }
}

extension HyperparameterValue {
    var json: Any {
        switch self {
        case .int(let value): value
        case .float(let value): value
        case .bool(let value): value
        case .string(let value): value
        }
    }
}
