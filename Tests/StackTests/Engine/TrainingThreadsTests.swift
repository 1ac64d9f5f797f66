import Dispatch
import TestKit
import Testing
import Training

@testable import Stack

/// What the program's own training threads promise for every algorithm of the catalogue, found there and not named here.
struct TrainingThreadsTests {
    /// So that the slow ones take no longer than the others.
    private static let smaller: [String: [String: HyperparameterValue]] = [
        "bpr": ["iterations": .int(5)], "recvae": ["hidden": .int(32), "latent": .int(16), "epochs": .int(2)],
    ]

    @Test(arguments: TrainerCatalogue.all.map { $0.name })
    func `one thread and two make the same bytes`(algorithm: String) async throws {
        try await StorageFixture.withFolder { folder in
            try SyntheticDataset(ratings: 12_000, days: 30, seed: 3).write(to: folder + "/data")
            let trainer = try TrainerCatalogue.trainer(named: algorithm, Self.smaller[algorithm] ?? [:])
            var digests: [ArtifactDigest] = []
            for count in 1...2 {
                let threads = TrainingThreads(count: count, queue: DispatchQueue(label: "test.trainer.\(count)"))
                let digest = try await threads.perform { workers in
                    let matrix = try InteractionMatrix(
                        readingRatings: folder + "/data", options: ReadOptions(), workers: workers)
                    let model = try trainer.fit(matrix, workers: workers, monitor: FitMonitor())
                    // From where it ended, once more: a warm start is a fit too.
                    let again = try trainer.fit(matrix, continuing: model, workers: workers, monitor: FitMonitor())
                    return try [model, again].map { try ModelArtifact.digest(of: $0, facts: ModelFacts()) }
                }
                digests += digest
            }
            #expect(digests[0] == digests[2])
            #expect(digests[1] == digests[3])
        }
    }
}
