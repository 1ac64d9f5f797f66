/// What the API answers, as the commands read it. The shapes are those of `/openapi.json`.
package enum Answers {
    package struct Replay: Decodable, Sendable {
        package let dataset, now, firstDay, lastDay, start, state: String
        package let until: String?
        package let dayLengthSeconds: Double
        package let day, daysTotal, ratingsArrived, ratingsTotal: Int
    }
    package struct Serving: Decodable, Sendable {
        package struct Model: Decodable, Sendable {
            package let name: String
            package let version: Int
            package let algorithm: String?
            package let loadedAt: String?
        }
        package struct Latency: Decodable, Sendable { package let p50Ms, p99Ms: Double? }
        package struct LoadError: Decodable, Sendable {
            package let version: Int
            package let message, remedy, at: String
        }
        package let ready: Bool
        package let model: Model?
        package let lastLoadError: LoadError?
        package let swaps: Int
        package let latency: Latency?
    }
    package struct Status: Decodable, Sendable {
        package struct Pipelines: Decodable, Sendable { package let running, queued: Int }
        package struct Problem: Decodable, Sendable { package let subject, message, remedy: String }
        package let problems: [Problem]?
        package let version, home: String
        package let uptimeSeconds: Double
        package let memoryBytes: Int
        package let replay: Replay
        package let serving: Serving
        package let pipelines: Pipelines
    }
    package struct Models: Decodable, Sendable {
        package struct Entry: Decodable, Sendable {
            package let name: String
            package let aliases: [String: Int]
            package let versions: Int
        }
        package let models: [Entry]
    }
    package struct Model: Decodable, Sendable {
        package struct Version: Decodable, Sendable {
            package let version: Int
            package let stage: String
            package let aliases: [String]
            package let createdAt: String
            package let simulatedDate, algorithm: String?
            package let metrics: [String: Double?]
        }
        package let name: String
        package let versions: [Version]
    }
    package struct ModelHistory: Decodable, Sendable {
        package struct Change: Decodable, Sendable {
            package let kind, at, actor, reason: String
            package let alias, stage, previousStage, name, previousName: String?
            package let version, previousVersion: Int?
        }
        package let name: String
        package let changes: [Change]
    }
    package struct Reproduction: Decodable, Sendable {
        package let name: String
        package let version: Int
        package let equal: Bool
        package let contentHash, reproducedHash: String
        package let differingFiles: [String]
        package let seconds: Double
    }
    package struct Recommendations: Decodable, Sendable {
        package struct Item: Decodable, Sendable {
            package let item: String
            package let title: String?
            package let genres: [String]?
            package let score: Double
        }
        package struct Model: Decodable, Sendable {
            package let name: String
            package let version: Int
        }
        package let user: String
        package let known: Bool
        package let model: Model
        package let items: [Item]
    }
    package struct Datasets: Decodable, Sendable {
        package struct Entry: Decodable, Sendable {
            package let name, firstDay, lastDay, contentHash, source: String
            package let active: Bool
            package let ratings, users, items: Int
        }
        package let datasets: [Entry]
    }
}
