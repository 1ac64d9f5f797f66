import Foundation
import Serving
import Training

/// How long a list takes in process, on one core, without HTTP: for `mlstack benchmark recommend`.
package struct RankingMeasurement: Sendable {
    package init() {}

    /// - Returns: one JSON object of microseconds: the mean over different users, and over one user asked again and again
    ///   through the cache that serving has.
    package func run(items: Int, factors: Int, k: Int, rounds: Int) async throws -> String {
        try await TrainingThreads().perform { _ in
            let users = 1000
            let model = try RandomModel.als(users: users, items: items, factors: factors, seenPerUser: 200, seed: 7)
            func lists(_ count: Int) -> Double {
                let clock = ContinuousClock()
                let began = clock.now
                for round in 0..<count {
                    let user = round * 7919 % users
                    _ = model.recommend(for: .user(user), excluding: model.trainingItems(of: user) ?? [], count: k)
                }
                return (clock.now - began).seconds / Double(count) * 1e6
            }
            _ = lists(rounds / 10 + 1)
            return try JSONText.object([
                "items": items, "factors": factors, "k": k, "rounds": rounds, "microseconds": lists(rounds),
                "repeated_microseconds": RepeatedAnswer.seconds(rounds: rounds * 10) * 1e6,
            ])
        }
    }
}

/// How long reading takes, without a log on disk: for `mlstack benchmark load`.
package struct LoadingMeasurement: Sendable {
    package init() {}

    /// - Returns: one JSON object of seconds.
    /// - Throws: `DataError`.
    package func run(path: String) async throws -> String {
        try await TrainingThreads().perform { workers in
            let load = try LoadMeasurement(loading: path, workers: workers)
            return try JSONText.object([
                "ratings": load.ratings, "parse_seconds": load.parseSeconds, "sort_seconds": load.sortSeconds,
                "index_seconds": load.indexSeconds,
                "seconds": load.parseSeconds + load.sortSeconds + load.indexSeconds,
                "peak_rss_bytes": Memory.peakResidentBytes ?? NSNull(),
            ])
        }
    }
}
