import Hummingbird
import Scheduling

/// Pipelines, their runs, and orders to both.
struct PipelineRoutes: RouteFamily {
    let surroundings: Surroundings
    private var orchestrator: any Orchestrator { surroundings.ports.orchestrator }

    private static let lastRuns = 10
    private static let root = "/api/v1/pipelines"

    func register(in table: inout RouteTable) {
        let root = PipelineRoutes.root
        table.get(root, RouteDocumentation("Every pipeline", tag: "pipelines", answers: "Pipelines"), handler: list)
        table.get(
            "\(root)/{pipeline}",
            RouteDocumentation("One pipeline", tag: "pipelines", answers: "PipelineDetail", failures: [404]),
            handler: one)
        table.get(
            "\(root)/{pipeline}/runs",
            RouteDocumentation(
                "Runs of a pipeline, newest first", tag: "pipelines",
                query: [
                    .init("limit", .integer, "How many, 1 to 1000; 25 when absent."),
                    .init("before", .string, "The run after which to go on."),
                ], answers: "Runs", failures: [404, 422]),
            handler: runs)
        table.post(
            "\(root)/{pipeline}/runs",
            RouteDocumentation(
                "Starts a run", tag: "pipelines", body: .init("RunStart"), answers: "RunDetail", status: 201,
                failures: [400, 404, 415, 422]),
            handler: start)
        table.get(
            "\(root)/{pipeline}/runs/{run}",
            RouteDocumentation("One run with its tasks", tag: "pipelines", answers: "RunDetail", failures: [404]),
            handler: run)
        table.get(
            "/api/v1/runs/{run}",
            RouteDocumentation(
                "One run with its tasks, found by its id alone", tag: "pipelines", answers: "RunDetail",
                failures: [404])
        ) { call in
            try QueryFields(call).finish()
            return Self.answer(try await orchestrator.run(id: call.parameter("run")), status: 200)
        }
        table.post(
            "\(root)/{pipeline}/runs/{run}/cancel",
            RouteDocumentation(
                "Cancels a run", tag: "pipelines", answers: "RunDetail", status: 202, failures: [404, 409]),
            handler: cancel)
        for (word, paused) in [("pause", true), ("resume", false)] {
            table.post(
                "\(root)/{pipeline}/\(word)",
                RouteDocumentation(
                    paused ? "Stops the schedule" : "Lets the schedule go on", tag: "pipelines",
                    answers: "PipelineDetail",
                    failures: [404])
            ) { call in
                try await call.fields(optional: true).finish()
                try await orchestrator.setPaused(paused, pipelineID: call.parameter("pipeline"), actor: call.actor)
                return try await detail(call.parameter("pipeline"))
            }
        }
    }

    // MARK: Pipelines

    private func list(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let summaries = try await orchestrator.pipelines()
        var rows: [(PipelineSummary, [DAGRun])] = []
        var failures: [String: RunFailure] = [:]
        if let history = surroundings.ports.history {
            // Hundreds of pipelines are one wait for the store.
            let runs = try await history.latestRuns(of: summaries.map(\.id), limit: PipelineRoutes.lastRuns)
            rows = summaries.map { ($0, runs[$0.id] ?? []) }
            failures = try await history.failures(of: PipelineRoutes.failed(runs.values.joined()))
        } else {
            for summary in summaries { rows.append((summary, try await lastRuns(of: summary.id))) }
        }
        return .json(capacity: 4096) { json in
            json.member(
                "pipelines",
                array: { json in
                    for (summary, runs) in rows { json.object { $0.pipeline(summary, runs, failures) } }
                })
        }
    }

    private func one(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        return try await detail(call.parameter("pipeline"))
    }

    private func detail(_ id: String) async throws -> Response {
        let detail = try await orchestrator.pipeline(id: id)
        let runs = try await lastRuns(of: id)
        let failures = try await surroundings.ports.history?.failures(of: PipelineRoutes.failed(runs)) ?? [:]
        return .json(capacity: 8192) { $0.pipeline(detail, runs, failures) }
    }

    private static func failed(_ runs: some Sequence<DAGRun>) -> [String] {
        runs.filter { $0.state == .failed }.map(\.id)
    }

    private func lastRuns(of id: String) async throws -> [DAGRun] {
        try await orchestrator.runs(of: id, limit: PipelineRoutes.lastRuns, before: nil)
    }

    // MARK: Runs

    private func runs(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let limit = try fields.int("limit", in: 1...1000) ?? 25
        let before = fields.string("before")
        try fields.finish()
        let id = call.parameter("pipeline")
        // Asked for its refusal: an unknown pipeline is no pipeline without runs.
        _ = try await orchestrator.pipeline(id: id)
        let runs = try await orchestrator.runs(of: id, limit: limit, before: before)
        return .json(capacity: 128 + 512 * runs.count) { json in
            json.member("runs", objects: runs) { $0.run($1) }
        }
    }

    private func start(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields(optional: true)
        let params = try fields.texts("params")
        let date = try fields.string("logical_date")
        try fields.finish()
        let id = call.parameter("pipeline")
        var start = RunStart(pipelineID: id, params: params, actor: call.actor)
        if let date {
            let zone = try ZoneRules(identifier: try await orchestrator.pipeline(id: id).summary.timeZoneID)
            start.logicalDate = try RunOrderRoutes.moment(date, "logical_date", zone)
        }
        let run = try await orchestrator.start(start)
        return try await answer(run.id, of: call.parameter("pipeline"), status: 201)
    }

    private func run(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        return try await answer(call.parameter("run"), of: call.parameter("pipeline"), status: 200)
    }

    private func cancel(_ call: HTTPCall) async throws -> Response {
        try await call.fields(optional: true).finish()
        let (pipeline, run) = (call.parameter("pipeline"), call.parameter("run"))
        _ = try await orchestrator.run(id: run, of: pipeline)
        try await orchestrator.cancel(runID: run, actor: call.actor)
        return try await answer(run, of: pipeline, status: 202)
    }

    private func answer(_ run: String, of pipeline: String, status: Int) async throws -> Response {
        Self.answer(try await orchestrator.run(id: run, of: pipeline), status: status)
    }

    private static func answer(_ stored: StoredRun, status: Int) -> Response {
        .json(status: .init(code: status), capacity: 1024 + 512 * stored.tasks.count) { $0.storedRun(stored) }
    }
}

extension Orchestrator {
    /// A run, if it is one of the pipeline's.
    /// - Throws: `ServingFailure` (404) when it is another's.
    func run(id: String, of pipeline: String) async throws -> StoredRun {
        let stored = try await run(id: id)
        guard stored.run.pipelineID == pipeline else {
            throw ServingFailure.notFound(
                "the pipeline \(pipeline.prefix(100)) has no run \(id.prefix(100)).",
                remedy: "list its runs: GET /api/v1/pipelines/\(pipeline.prefix(100))/runs.")
        }
        return stored
    }
}
