import Dispatch
import Hummingbird
import Registry

/// `/api/2.0/mlflow/runs/…` as far as runs themselves go, `metrics/get-history` and `artifacts/list`.
struct MLflowRunRoutes: RouteFamily {
    let tracking: any TrackingStore
    let loggedModels: any LoggedModelStore
    let artifacts: any ArtifactStore
    /// Serial; long answers are written on it.
    let queue: DispatchQueue

    /// Runs of an answer that an event loop has no time for.
    private static let many = 200

    func register(in table: inout RouteTable) {
        table.mlflow(.post, "runs/create", handler: create)
        table.mlflow(.get, "runs/get") { fields in
            let run = try await tracking.run(id: try fields.runID())
            let links = try await links(of: run)
            return .json(capacity: 2048) { json in json.member("run", object: { $0.mlflow(run, links) }) }
        }
        table.mlflow(.post, "runs/update", handler: update)
        table.mlflow(.post, "runs/delete") { fields in
            try await tracking.setRunLifecycle(.deleted, id: try fields.runID())
            return .mlflowDone
        }
        table.mlflow(.post, "runs/restore") { fields in
            try await tracking.setRunLifecycle(.active, id: try fields.runID())
            return .mlflowDone
        }
        table.mlflow(.post, "runs/search", handler: search)
        table.mlflow(.get, "metrics/get-history", handler: history)
        table.mlflow(.get, "artifacts/list", handler: files)
    }

    private func create(_ fields: MLflowFields) async throws -> Response {
        let request = RunRequest(
            experimentID: try fields.required("experiment_id"), name: try fields.string("run_name"),
            userID: try fields.string("user_id") ?? "", startTimeMilliseconds: try fields.int("start_time") ?? 0,
            tags: try fields.tags())
        let run = try await tracking.createRun(request)
        return .json(capacity: 1024) { json in json.member("run", object: { $0.mlflow(run, RunLinks()) }) }
    }

    private func update(_ fields: MLflowFields) async throws -> Response {
        let status = try fields.word("status", numbered: [RunStatus.running, .scheduled, .finished, .failed, .killed])
        let run = try await tracking.updateRun(
            id: try fields.runID(), status: status, endTimeMilliseconds: try fields.int("end_time"),
            name: try fields.string("run_name"))
        return .json { json in json.member("run_info", object: { $0.mlflowInfo(run) }) }
    }

    private func search(_ fields: MLflowFields) async throws -> Response {
        let page = try await tracking.searchRuns(
            RunQuery(
                experimentIDs: try fields.strings("experiment_ids", atMost: Limits.searchedExperiments),
                view: try fields.viewType("run_view_type"),
                try fields.search(.runs, maxResults: 1000)))
        let ids = page.items.map(\.id)
        let datasets = try await tracking.datasetInputs(ofRuns: ids)
        let outputs = try await loggedModels.outputs(ofRuns: ids)
        let rows = page.items.map { run in
            (
                run: run,
                links: RunLinks(tags: run.tags, datasets: datasets[run.id] ?? [], outputs: outputs[run.id] ?? [])
            )
        }
        let write = { @Sendable in
            var json = JSONWriter(capacity: 1024 * (rows.count + 1))
            json.object { json in
                json.present("runs", rows) { $0.mlflow($1.run, $1.links) }
                json.present("next_page_token", page.nextPageToken)
            }
            return json.buffer
        }
        if rows.count < Self.many { return .json(write()) }
        return .json(await withCheckedContinuation { done in queue.async { done.resume(returning: write()) } })
    }

    private func links(of run: Run) async throws -> RunLinks {
        RunLinks(
            tags: run.tags, datasets: try await tracking.datasetInputs(of: run.id),
            outputs: try await loggedModels.outputs(of: run.id))
    }

    private func history(_ fields: MLflowFields) async throws -> Response {
        let key = try fields.required("metric_key")
        // Clients from before there were pages name no number and expect every point.
        let page = try await tracking.metricHistory(
            runID: try fields.runID(), key: key, maxResults: try fields.maxResults(standard: Int(Int32.max)),
            pageToken: try fields.string("page_token"))
        return .json(capacity: 80 * page.items.count + 64) { json in
            json.mlflowMetrics(page.items)
            json.present("next_page_token", page.nextPageToken)
        }
    }

    /// Unlike the listing of the artefact routes, with paths from the run's own folder.
    private func files(_ fields: MLflowFields) async throws -> Response {
        let run = try await tracking.run(id: try fields.runID())
        return try await MLflowArtifactRoutes.files(
            in: try fields.string("path") ?? "", below: run.artifactURI, of: artifacts)
    }
}

/// What a run read and made.
///
/// The registry keeps neither the models that a run read nor the step at which it made one, so they are tags of the run.
struct RunLinks: Sendable {
    var datasets: [DatasetInput] = []
    /// Ids of logged models.
    var inputModels: [String] = []
    /// nil: it is new, and there is no list yet.
    var outputModels: [(id: String, step: Int64)]?

    private static let inputTag = "mlstack.input_model."
    private static let stepTag = "mlstack.output_step."

    init() {}

    init(tags: [String: String], datasets: [DatasetInput], outputs: [String]) {
        self.datasets = datasets
        inputModels = tags.keys.filter { $0.hasPrefix(Self.inputTag) }.sorted()
            .map { String($0.dropFirst(Self.inputTag.count)) }
        outputModels = outputs.map { ($0, tags[Self.tag(forStepOf: $0)].flatMap { Int64($0) } ?? 0) }
    }

    static func tag(forInput modelID: String) -> String { inputTag + modelID }
    static func tag(forStepOf modelID: String) -> String { stepTag + modelID }
}

extension MLflowFields {
    func runID() throws(RegistryError) -> String { try required("run_id", or: "run_uuid") }
}
