import Foundation
import Training

/// Datasets without a server, for `mlstack data`.
package struct DatasetWork: Sendable {
    let threads = TrainingThreads()

    package init() {}

    package func generate(
        ratings: Int, days: Int, seed: UInt64, output: String, progress: @escaping @Sendable (Double) -> Void
    ) async throws {
        try await Queues.files.perform {
            try SyntheticDataset(ratings: ratings, days: days, seed: seed).write(to: output, progress: progress)
        }
    }

    /// Every dataset that a name finds, with its path.
    package func list(home: Home) throws -> [(name: String, path: String)] {
        DatasetLocator(home: home).found().map { ($0.name, $0.path ?? "generated when first used") }
    }

    /// Reads a dataset through and reports on it.
    package func report(_ nameOrPath: String, home: Home, maxProblems: Int) async throws -> DatasetFindings {
        try await threads.perform { workers in
            let found = try DatasetLocator(home: home).locate(nameOrPath)
            let source = try DatasetSource(recognising: found.path)
            return DatasetFindings(
                path: found.path,
                report: try DatasetReport(validating: source, maxProblems: maxProblems, workers: workers))
        }
    }
}
