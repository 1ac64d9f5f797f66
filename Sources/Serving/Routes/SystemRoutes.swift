import Hummingbird
import Logging
import Scheduling

/// The program itself: its parts, how it did over the last hour, and what it said.
struct SystemRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        guard let system = surroundings.ports.system else { return }
        table.get(
            "/api/v1/system",
            RouteDocumentation(
                "Subsystems and their queues, memory, disk use, versions, settings and where each came from",
                tag: "status", answers: "System")
        ) { call in
            try QueryFields(call).finish()
            let report = try await system.report()
            let facts = surroundings.ports.facts
            let loadError = surroundings.ports.slot.lastLoadError
            return .json(capacity: 8192) { json in
                json.member("program", facts.programVersion)
                json.member("started_at", timeMilliseconds: facts.startedAtMilliseconds)
                json.member("home", facts.home)
                json.member("memory_bytes", ProcessMemory.residentBytes)
                json.member("cpu_seconds", ProcessTime.cpuSeconds)
                json.lastLoadError(loadError)
                json.report(report)
            }
        }
        table.get(
            "/api/v1/system/samples",
            RouteDocumentation(
                "The last hour in columns, one entry every five seconds: requests a second with their latency by family of "
                    + "routes, memory, CPU and queues",
                tag: "status",
                query: [.init("after", .integer, "Only samples after this moment, in milliseconds since 1970.")],
                answers: "SystemSamples", failures: [422])
        ) { call in
            var fields = try QueryFields(call)
            let after = try fields.int("after", in: 0...Int.max) ?? 0
            try fields.finish()
            let samples = surroundings.samples.samples(afterMilliseconds: Int64(after))
            return .json(capacity: 512 + 256 * samples.count) { $0.samples(samples) }
        }
        table.get(
            "/api/v1/system/log",
            RouteDocumentation(
                "The latest lines of the server's own log, oldest first; a few thousand are kept", tag: "status",
                query: [
                    .init("after", .integer, "Only lines after the one with this id."),
                    .init(
                        "level", .string, "This level and graver ones: \(SystemRoutes.levels.joined(separator: ", "))."),
                    .init("query", .string, "Only lines that hold this text."),
                    .init("limit", .integer, "At most so many of the latest, up to 4000; 500 when absent."),
                ], answers: "SystemLog", failures: [422]),
            handler: log(system.log))
        table.post(
            "/api/v1/system/examination",
            RouteDocumentation(
                "Looks for what would stop the stack, as `mlstack doctor` does; the findings stay in /api/v1/system",
                tag: "status", answers: "Examination", failures: [409])
        ) { call in
            try QueryFields(call).finish()
            let examination = try await system.examine()
            return .json { $0.examination(examination) }
        }
    }

    private static let levels = Logger.Level.allCases.map(\.rawValue)
    private static let longestQuery = 200

    private func log(_ ring: LogRing) -> RouteHandler {
        { call in
            var fields = try QueryFields(call)
            var question = LogRing.Question()
            question.after = try fields.int("after", in: 0...Int.max) ?? 0
            question.limit = try fields.int("limit", in: 1...LogRing.capacity) ?? 500
            question.text = fields.string("query") ?? ""
            let level = fields.string("level")
            try fields.finish()
            if let level {
                guard let known = Logger.Level(rawValue: level) else {
                    throw ServingFailure.unprocessable(
                        "there is no level `\(level.prefix(40))`.",
                        remedy: "there are: \(SystemRoutes.levels.joined(separator: ", ")).")
                }
                question.level = known
            }
            if question.text.count > SystemRoutes.longestQuery {
                throw ServingFailure.unprocessable(
                    "the query is longer than \(SystemRoutes.longestQuery) characters.", remedy: "give a part of it.")
            }
            let found = ring.entries(question)
            return .json(capacity: 256 + 192 * found.entries.count) { json in
                json.member("first_id", found.firstID)
                json.member("last_id", found.lastID)
                json.member("lines", objects: found.entries) { $0.logEntry($1) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func logEntry(_ entry: LogRing.Entry) {
        member("id", entry.id)
        member("at", timeMilliseconds: entry.atMilliseconds)
        member("level", entry.level.rawValue)
        member("message", entry.message)
        member("facts", entry.facts)
    }

    fileprivate mutating func samples(_ samples: [TrafficSamples.Sample]) {
        member("interval_seconds", Int(TrafficSamples.interval.components.seconds))
        column("at_ms", samples) { $0.int($1.atMilliseconds) }
        column("memory_bytes", samples) { json, sample in
            if let bytes = sample.residentBytes { json.int(bytes) } else { json.null() }
        }
        column("cpu", samples) { $0.figure($1.cpuShare) }
        column("waiting_writes", samples) { $0.int($1.gauges.waitingWrites) }
        column("active_runs", samples) { $0.int($1.gauges.activeRuns) }
        column("queued_runs", samples) { $0.int($1.gauges.queuedRuns) }
        column("running_tasks", samples) { $0.int($1.gauges.runningTasks) }
        column("waiting_tasks", samples) { $0.int($1.gauges.waitingTasks) }
        column("training_jobs", samples) { $0.int($1.gauges.trainingJobs) }
        column("feedback_per_second", samples) { $0.figure($1.feedbackPerSecond) }
        let names = Set(samples.flatMap(\.families.keys)).sorted()
        member("families", objects: names) { json, name in
            json.member("name", name)
            json.column("requests_per_second", samples) { $0.figure($1.families[name]?.perSecond ?? 0) }
            json.column("p50_ms", samples) { $0.figure($1.families[name]?.p50Milliseconds) }
            json.column("p99_ms", samples) { $0.figure($1.families[name]?.p99Milliseconds) }
        }
    }

    private mutating func column(
        _ name: StaticString, _ samples: [TrafficSamples.Sample],
        _ write: (inout JSONWriter, TrafficSamples.Sample) -> Void
    ) {
        member(name, array: { json in for sample in samples { write(&json, sample) } })
    }

    /// Three places after the point: an hour of samples has thousands of them.
    private mutating func figure(_ value: Double?) {
        if let value { double((value * 1000).rounded() / 1000) } else { null() }
    }
}
