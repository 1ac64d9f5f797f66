import Hummingbird
import Scheduling

/// Many runs of a pipeline at once: by tasks, by days, by the run that started them.
struct RunHistoryRoutes: RouteFamily {
    let surroundings: Surroundings
    private var orchestrator: any Orchestrator { surroundings.ports.orchestrator }

    private static let root = "/api/v1/pipelines/{pipeline}"

    func register(in table: inout RouteTable) {
        let root = RunHistoryRoutes.root
        table.get(
            "\(root)/grid",
            RouteDocumentation(
                "The states of all tasks of many runs, newest run first: a letter for each task", tag: "pipelines",
                query: [
                    .init("limit", .integer, "How many runs, 1 to 1000; 100 when absent."),
                    .init("before", .string, "The run after which to go on."),
                ], answers: "RunGrid", failures: [404, 422]),
            handler: grid)
        table.get(
            "\(root)/calendar",
            RouteDocumentation(
                "How the runs of each day of a year stand, by their logical dates in the pipeline's zone",
                tag: "pipelines",
                query: [.init("year", .integer, "Of four digits; the year of the newest run when absent.")],
                answers: "RunCalendar", failures: [404, 422]),
            handler: calendar)
        table.get(
            "\(root)/runs/{run}/relatives",
            RouteDocumentation(
                "The run that started a run, those that it started, and where what it logged is kept",
                tag: "pipelines", answers: "RunRelatives", failures: [404]),
            handler: relatives)
    }

    private func grid(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let limit = try fields.int("limit", in: 1...1000) ?? 100
        let before = fields.string("before")
        try fields.finish()
        let id = call.parameter("pipeline")
        let current = try await orchestrator.pipeline(id: id).tasks.map(\.id)
        let grid = try await surroundings.history.grid(of: id, limit: limit, before: before)
        let tasks = current + grid.tasks.filter { !Set(current).contains($0) }
        return .json(capacity: 512 + (256 + tasks.count) * grid.rows.count) { json in
            json.member("tasks", tasks)
            json.member("letters", TaskLetter.legend)
            json.member("runs", objects: grid.rows) { $0.gridRow($1, tasks) }
        }
    }

    private func calendar(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let given = try fields.int("year", in: 1...9998)
        try fields.finish()
        let id = call.parameter("pipeline")
        let zone = try ZoneRules(identifier: try await orchestrator.pipeline(id: id).summary.timeZoneID)
        let newest = try await orchestrator.runs(of: id, limit: 1, before: nil).first?.logicalDate
        let year = given ?? (newest ?? surroundings.clock.now).day(in: zone).year
        let results = try await surroundings.history.results(
            of: id, from: try Instant(text: RunHistoryRoutes.newYear(year), in: zone),
            to: try Instant(text: RunHistoryRoutes.newYear(year + 1), in: zone))
        // They come in order, so that each day is a stretch of them.
        var days: [(date: CivilDate, latest: String, counts: [DAGRunState: Int])] = []
        for result in results {
            let date = result.logicalDate.day(in: zone)
            if days.last?.date != date { days.append((date, result.id, [:])) }
            days[days.count - 1].latest = result.id
            days[days.count - 1].counts[result.state, default: 0] += 1
        }
        return .json(capacity: 128 + 128 * days.count) { json in
            json.member("timezone", zone.identifier)
            json.member("year", year)
            json.member("days", objects: days) { json, day in
                json.member("date", day.date.text)
                json.member("run", day.latest)
                for state in DAGRunState.allCases {
                    json.key(named: state.rawValue)
                    json.int(day.counts[state] ?? 0)
                }
            }
        }
    }

    private static func newYear(_ year: Int) -> String { CivilDate(year: year, month: 1, day: 1).text }

    private func relatives(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let run = try await orchestrator.run(id: call.parameter("run"), of: call.parameter("pipeline")).run
        let relatives = try await surroundings.history.relatives(of: run)
        return .json(capacity: 256 + 128 * relatives.children.count) { json in
            json.key("parent")
            if let parent = relatives.parent { json.object { $0.relative(parent) } } else { json.null() }
            json.member("children", objects: relatives.children) { $0.relative($1) }
            json.key("tracked_run")
            guard let tracked = relatives.tracked else { return json.null() }
            json.object { json in
                json.member("experiment_id", tracked.experimentID)
                json.member("run_id", tracked.runID)
            }
        }
    }
}

extension Surroundings {
    /// - Throws: `ServingFailure` (503) where runs are not kept by this program.
    var history: any RunHistory {
        get throws {
            if let history = ports.history { return history }
            throw ServingFailure(
                status: 503, code: "no_history", message: "this server does not keep the history of runs.",
                remedy: "ask for single runs: GET /api/v1/pipelines/{pipeline}/runs.")
        }
    }
}

/// A task's state as one letter: a thousand runs of twenty tasks are 20 KB.
private enum TaskLetter {
    static func of(_ state: TaskState) -> Character {
        switch state {
        case .none: "n"
        case .scheduled: "c"
        case .queued: "q"
        case .running: "r"
        case .success: "s"
        case .failed: "f"
        case .skipped: "k"
        case .removed: "x"
        case .cancelled: "d"
        case .upForRetry: "y"
        case .upstreamFailed: "u"
        }
    }

    static let legend = Dictionary(
        TaskState.allCases.map { (String(of($0)), $0.rawValue) }, uniquingKeysWith: { first, _ in first })
}

extension JSONWriter {
    fileprivate mutating func relative(_ run: DAGRun) {
        member("id", run.id)
        member("pipeline", run.pipelineID)
        member("state", run.state.rawValue)
    }

    /// A run with a letter for each of `tasks`, `-` for one that it does not have.
    fileprivate mutating func gridRow(_ row: RunGrid.Row, _ tasks: [String]) {
        member("id", row.id)
        member("state", row.state.rawValue)
        member("cause", row.cause.rawValue)
        member("logical_date", row.logicalDate)
        member("created_at", row.createdAt)
        member("started_at", row.startedAt)
        member("ended_at", row.endedAt)
        let letters = row.states.map(TaskLetter.of)
        if row.tasks == tasks { return member("states", String(letters)) }
        let known = Dictionary(zip(row.tasks, letters)) { first, _ in first }
        member("states", String(tasks.map { known[$0] ?? "-" }))
    }
}

extension Instant {
    /// The day that a zone's calendar shows.
    fileprivate func day(in zone: ZoneRules) -> CivilDate {
        let local = Double(seconds) + Double(zone.offsetSeconds(at: self))
        return CivilDate(daysSince1970: Int((local / 86_400).rounded(.down)))
    }
}

extension CivilDate {
    /// `YYYY-MM-DD`
    fileprivate var text: String { Instant(seconds: Int64(daysSince1970) * 86_400).date }
}
