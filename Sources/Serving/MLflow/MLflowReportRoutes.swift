import Hummingbird
import Registry

/// What MLflow's own pages ask for their charts and tables.
struct MLflowReportRoutes: RouteFamily {
    let tracking: any TrackingStore

    private static let runsAtOnce = 100
    private static let stepsAtOnce = 2_500
    private static let pointsAtOnce = 25_000
    private static let experimentsAtOnce = 20

    func register(in table: inout RouteTable) {
        table.mlflow(.get, "metrics/get-history-bulk-interval", handler: sample)
        table.mlflow(.get, "metrics/get-history-bulk", prefixes: ["/ajax-api"], handler: histories)
        table.mlflow(.post, "experiments/search-datasets", prefixes: ["/ajax-api"], handler: datasets)
    }

    private func sample(_ fields: MLflowFields) async throws -> Response {
        let runs = try fields.strings("run_ids")
        if runs.isEmpty { throw fields.missing("run_ids") }
        try Self.check(runs.count, "run_ids", atMost: Self.runsAtOnce, of: "GetMetricHistoryBulkInterval")
        let key = try fields.required("metric_key")
        let count = try fields.int("max_results") ?? Int64(Self.stepsAtOnce)
        guard (1...Int64(Self.stepsAtOnce)).contains(count) else {
            throw RegistryError.invalid("max_results must be between 1 and \(Self.stepsAtOnce). It is \(count).")
        }
        let points = try await tracking.sampledHistory(
            HistorySample(runIDs: runs, key: key, steps: try Self.steps(fields), maxSteps: Int(count)))
        return .json(capacity: 120 * (points.count + 1)) { $0.present("metrics", points) { $0.mlflow($1) } }
    }

    private static func steps(_ fields: MLflowFields) throws -> ClosedRange<Int64>? {
        switch (try fields.int("start_step"), try fields.int("end_step")) {
        case (nil, nil): return nil
        case (.some(let start), .some(let end)):
            guard start <= end else {
                throw RegistryError.invalid(
                    "end_step must be greater than start_step. Found start_step=\(start) and end_step=\(end).")
            }
            return start...end
        default:
            throw RegistryError.invalid("If either start step or end step are specified, both must be specified.")
        }
    }

    /// Every point of the runs, one after the other, up to a number of them.
    private func histories(_ fields: MLflowFields) async throws -> Response {
        let runs = try fields.strings("run_id")
        if runs.isEmpty {
            throw RegistryError.invalid("GetMetricHistoryBulk request must specify at least one run_id.")
        }
        try Self.check(runs.count, "run_ids", atMost: Self.runsAtOnce, of: "GetMetricHistoryBulk")
        guard let key = try fields.string("metric_key"), !key.isEmpty else {
            throw RegistryError.invalid("GetMetricHistoryBulk request must specify a metric_key.")
        }
        let asked = try fields.int("max_results") ?? Int64(Self.pointsAtOnce)
        guard asked > 0 else { throw RegistryError.invalid("max_results must be a positive integer. It is \(asked).") }
        var points: [RunMetric] = []
        for run in runs {
            let rest = min(Int(clamping: asked), Self.pointsAtOnce) - points.count
            if rest == 0 { break }
            points += try await history(of: run, key: key, atMost: rest)
        }
        // Unlike elsewhere the list is there when it is empty.
        return .json(capacity: 120 * (points.count + 1)) { json in
            json.member("metrics", objects: points) { $0.mlflow($1) }
        }
    }

    private func history(of run: String, key: String, atMost count: Int) async throws -> [RunMetric] {
        do {
            return try await tracking.metricHistory(runID: run, key: key, maxResults: count, pageToken: nil).items
                .map { RunMetric(runID: run, metric: $0) }
        } catch RegistryError.notFound {
            return []
        }
    }

    private func datasets(_ fields: MLflowFields) async throws -> Response {
        let experiments = try fields.strings("experiment_ids")
        if experiments.isEmpty {
            throw RegistryError.invalid("SearchDatasets request must specify at least one experiment_id.")
        }
        try Self.check(experiments.count, "experiment_ids", atMost: Self.experimentsAtOnce, of: "SearchDatasets")
        let summaries = try await tracking.datasetSummaries(experimentIDs: experiments)
        return .json(capacity: 128 * (summaries.count + 1)) { json in
            json.present("dataset_summaries", summaries) { json, summary in
                json.member("experiment_id", summary.experimentID)
                json.member("name", summary.name)
                json.member("digest", summary.digest)
                json.present("context", summary.context)
            }
        }
    }

    private static func check(_ count: Int, _ what: String, atMost limit: Int, of request: String) throws {
        if count <= limit { return }
        throw RegistryError.invalid("\(request) request cannot specify more than \(limit) \(what). Received \(count).")
    }
}

extension JSONWriter {
    fileprivate mutating func mlflow(_ point: RunMetric) {
        mlflow(point.metric)
        member("run_id", point.runID)
    }
}
