import HTTPTypes
import Hummingbird
import Scheduling

/// Orders about runs and their tasks, causes from outside, and the record of both.
struct RunOrderRoutes: RouteFamily {
    let surroundings: Surroundings
    private var orchestrator: any Orchestrator { surroundings.ports.orchestrator }

    private static let root = "/api/v1/pipelines/{pipeline}"

    func register(in table: inout RouteTable) {
        let root = RunOrderRoutes.root
        table.post(
            "\(root)/runs/{run}/clear",
            RouteDocumentation(
                "Forgets results and runs the tasks again, or says of which tasks that would be", tag: "pipelines",
                body: .init("ClearRequest"),
                answers: "Cleared", status: 202, failures: [404, 409, 422]),
            handler: clear)
        table.post(
            "\(root)/runs/{run}/mark",
            RouteDocumentation(
                "Says what a task or a run has come to, without running anything", tag: "pipelines",
                body: .init("MarkRequest"), answers: "RunDetail", failures: [404, 409, 422]),
            handler: mark)
        table.post(
            "\(root)/backfill",
            RouteDocumentation(
                "Makes the runs of a stretch of the schedule, or says how many that would be", tag: "pipelines",
                body: .init("BackfillRequest"), answers: "Backfill", failures: [404, 422]),
            handler: backfill)
        for path in ["/api/v1/audit", "\(root)/audit"] {
            table.get(
                path,
                RouteDocumentation(
                    "What people ordered, newest first", tag: "pipelines",
                    query: [.init("limit", .integer, "How many, 1 to 1000; 100 when absent.")], answers: "Audit",
                    failures: [404, 422])
            ) { call in
                try await audit(call, of: path == "/api/v1/audit" ? nil : call.parameter("pipeline"))
            }
        }
        table.post(
            "/api/v1/hooks/{hook}",
            RouteDocumentation(
                "Starts what waits for a webhook; the body's members are `${event.…}`", tag: "pipelines",
                body: .init("HookEvent"), answers: "CausedRuns", status: 202, failures: [404, 413, 422]),
            handler: hook)
        table.post(
            "/api/v1/datasets/{dataset}/events",
            RouteDocumentation(
                "Tells of a new version of a dataset", tag: "datasets", body: .init("DatasetEvent"),
                answers: "CausedRuns", status: 202, failures: [422]),
            handler: signal)
    }

    // MARK: - Orders

    private func clear(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields(optional: true)
        let tasks = try fields.array("tasks").map { try $0.map { try Self.text($0, "tasks") } }
        let downstream = try fields.bool("downstream") ?? true
        let onlyFailed = try fields.bool("only_failed") ?? false
        let isDryRun = try fields.bool("dry_run") ?? false
        try fields.finish()
        let run = try await orchestrator.run(id: call.parameter("run"), of: call.parameter("pipeline")).run
        let cleared = try await orchestrator.clear(
            ClearRequest(
                runID: run.id, taskIDs: tasks, downstream: downstream, onlyFailed: onlyFailed,
                isDryRun: isDryRun, actor: call.actor))
        let now = try await orchestrator.run(id: run.id).run
        return .json(status: .accepted, capacity: 512) { json in
            json.member("run", run.id)
            json.member("state", now.state.rawValue)
            json.member("cleared", cleared)
        }
    }

    private func mark(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields()
        let word = try fields.requiredString("state")
        let task = try fields.string("task")
        try fields.finish()
        guard let verdict = MarkVerdict(rawValue: word) else {
            throw ServingFailure.unprocessable(
                "a task cannot be marked \"\(word.prefix(40))\".", remedy: "give success or failed.")
        }
        let run = try await orchestrator.run(id: call.parameter("run"), of: call.parameter("pipeline")).run
        try await orchestrator.mark(runID: run.id, taskID: task, as: verdict, actor: call.actor)
        let stored = try await orchestrator.run(id: run.id)
        return .json(capacity: 1024 + 512 * stored.tasks.count) { $0.storedRun(stored) }
    }

    private func backfill(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields()
        let (from, to) = (try fields.requiredString("from"), try fields.requiredString("to"))
        let isDryRun = try fields.bool("dry_run") ?? false
        let params = try fields.texts("params")
        try fields.finish()
        let id = call.parameter("pipeline")
        let zone = try ZoneRules(identifier: try await orchestrator.pipeline(id: id).summary.timeZoneID)
        let outcome = try await orchestrator.backfill(
            BackfillRequest(
                pipelineID: id, from: try Self.moment(from, "from", zone), to: try Self.moment(to, "to", zone),
                params: params, isDryRun: isDryRun, actor: call.actor))
        return .json(capacity: 256 + 64 * outcome.dates.count) { json in
            json.member("runs", outcome.runIDs)
            json.member("dates", outcome.dates.map { $0.rfc3339(in: zone) })
            json.member("existing", outcome.existing)
            json.member("dry_run", isDryRun)
        }
    }

    /// A date or time in the pipeline's zone.
    static func moment(_ text: String, _ name: String, _ zone: ZoneRules) throws -> Instant {
        do {
            return try Instant(text: text, in: zone)
        } catch {
            throw ServingFailure.unprocessable(
                "`\(name)`: \(error.errorDescription ?? "not a time").",
                remedy: error.recoverySuggestion ?? "write 2015-01-09.")
        }
    }

    private static func text(_ value: JSONValue, _ name: String) throws -> String {
        guard case .string(let text) = value else {
            throw ServingFailure.unprocessable("`\(name)` holds \(value.kind).", remedy: "give a list of strings.")
        }
        return text
    }

    // MARK: - Causes from outside

    private func hook(_ call: HTTPCall) async throws -> Response {
        var event: [String: String] = [:]
        if call.contentType != nil || (call.declaredLength ?? 0) > 0 {
            let value = try await call.json(upTo: TaskOutputLimits.bytes)
            guard case .object = value else {
                throw ServingFailure.unprocessable("the body is \(value.kind).", remedy: "send a JSON object {…}.")
            }
            value.flatten(into: &event)
        }
        return .caused(try await orchestrator.receiveHook(call.parameter("hook"), event: event))
    }

    private func signal(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields(optional: true)
        let rows = try fields.int("new_rows", in: 0...Int.max)
        let id = try fields.string("id")
        if let id, id.isEmpty || id.utf8.count > 250 || id.utf8.contains(where: { $0 < 0x20 }) {
            throw ServingFailure.unprocessable(
                "the id of an event has 1 to 250 bytes and no control characters.", remedy: "shorten it.")
        }
        try fields.finish()
        let name = call.parameter("dataset")
        guard DatasetEvent.isName(name) else {
            throw ServingFailure.unprocessable(
                "\"\(name.prefix(100))\" cannot be the name of a dataset.",
                remedy: "use letters, digits, _ and -, at most 64.")
        }
        let now = surroundings.clock.now
        let event = DatasetEvent(
            id: id.map { "outside/\(name)/\($0)" }
                ?? "outside/\(name)/\(now.milliseconds)/\(UInt64.random(in: 0...UInt64.max))",
            name: name, clock: .wall, at: now, newRows: rows)
        return .caused(try await orchestrator.signal(event))
    }

    // MARK: - The record

    private func audit(_ call: HTTPCall, of pipelineID: String?) async throws -> Response {
        var fields = try QueryFields(call)
        let limit = try fields.int("limit", in: 1...1000) ?? 100
        try fields.finish()
        if let pipelineID { _ = try await orchestrator.pipeline(id: pipelineID) }
        let entries = try await orchestrator.audit(of: pipelineID, limit: limit)
        return .json(capacity: 128 + 256 * entries.count) { json in
            json.member("entries", objects: entries) { $0.audit($1) }
        }
    }
}

extension HTTPCall {
    /// Who asks, as far as they say: our commands and our page name themselves, an MLflow client may carry a user's name
    /// (`MLFLOW_TRACKING_USERNAME`), and nobody is trusted for it.
    var actor: String {
        let named = HTTPField.Name("X-Mlstack-Actor").flatMap { request.headers[$0] }
        guard let given = named ?? Authentication.user(of: request) else { return "api" }
        let text = given.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:@".contains($0)) }
        return text.isEmpty ? "api" : String(text.prefix(64))
    }
}

extension Response {
    /// The runs that something from outside caused.
    fileprivate static func caused(_ runs: [DAGRun]) -> Response {
        .json(status: .accepted, capacity: 128 + 512 * runs.count) { json in
            json.member("runs", objects: runs) { $0.run($1) }
        }
    }
}

extension JSONFields {
    /// An object of plain values, each as text.
    mutating func texts(_ name: String) throws -> [String: String] {
        var texts: [String: String] = [:]
        for (key, value) in try object(name) ?? [:] {
            switch value {
            case .null: continue
            case .array, .object:
                throw ServingFailure.unprocessable(
                    "the parameter `\(key)` is \(value.kind).", remedy: "give a string, a number, true or false.")
            default: texts[key] = value.text
            }
        }
        return texts
    }
}

extension JSONValue {
    /// A plain value as text; empty for the others.
    fileprivate var text: String {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .bool(let flag): String(flag)
        case .null, .array, .object: ""
        }
    }

    /// `{"a": {"b": 1}}` is `a.b` = 1, and the second element of a list `a` is `a.1`.
    fileprivate func flatten(_ path: String = "", into values: inout [String: String]) {
        let prefix = path.isEmpty ? "" : path + "."
        switch self {
        case .object(let members): for (name, value) in members { value.flatten(prefix + name, into: &values) }
        case .array(let elements):
            for (index, value) in elements.enumerated() { value.flatten(prefix + String(index), into: &values) }
        case .null: break
        default: values[path] = text
        }
    }
}
