extension Answers {
    package struct Pipelines: Decodable, Sendable { package let pipelines: [Pipeline] }
    package struct Pipeline: Decodable, Sendable {
        package struct Next: Decodable, Sendable { package let clock, at: String }
        package struct LastRun: Decodable, Sendable { package let id, state: String }
        package struct Task: Decodable, Sendable {
            package let id, type: String
            package let needs: [String]
        }
        package let id, description, file, timezone, environment: String
        package let paused: Bool
        package let schedules, problems: [String]
        package let next: [Next]
        package let lastRuns: [LastRun]
        package let tasks: [Task]?
        package let source: String?
    }
    package struct Runs: Decodable, Sendable { package let runs: [Run] }
    package struct Run: Decodable, Sendable {
        package let id, pipeline, cause, logicalDate, state: String
        package let message, startedAt, endedAt: String?
        package let tasks: [Task]?

        package var hasEnded: Bool { state != "queued" && state != "running" }
    }
    package struct Task: Decodable, Sendable {
        package let id, state: String
        package let attempt: Int
        package let message, item, mappedFrom: String?
        package let scheduledAt, queuedAt, startedAt, endedAt: String?
        package let measures: Measures?
    }
    package struct Measures: Decodable, Sendable {
        package let scope: String
        package let cpuSeconds: Double
        package let peakMemoryBytes, readBytes, writtenBytes: Int64?
        package let exitCode, signal: Int?
    }
    package struct Cleared: Decodable, Sendable {
        package let run, state: String
        package let cleared: [String]
    }
    package struct Backfill: Decodable, Sendable {
        package let runs, dates: [String]
        package let existing: Int
        package let dryRun: Bool
    }
    package struct Audit: Decodable, Sendable {
        package struct Entry: Decodable, Sendable {
            package let at, actor, action, pipeline, detail: String
            package let run, task: String?
        }
        package let entries: [Entry]
    }
    package struct Notifications: Decodable, Sendable {
        package struct Entry: Decodable, Sendable {
            package let id, state, to, pipeline, run, createdAt: String
            package let event, task, message, error, nextAt: String?
            package let attempts: Int
        }
        package let notifications: [Entry]
    }
    package struct Examples: Decodable, Sendable {
        package struct Entry: Decodable, Sendable {
            package let name, description: String
            package let installed: Bool
        }
        package let examples: [Entry]
    }
    package struct Installation: Codable, Sendable {
        package let pipeline, file, change, diff: String
        package let replaces: String?
        package let removes: [String]
        package let warnings: [String]
    }
}
