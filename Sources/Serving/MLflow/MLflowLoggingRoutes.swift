import Hummingbird
import Registry

/// What a run writes while it lasts: `/api/2.0/mlflow/runs/log-…`, `set-tag`, `delete-tag` and `outputs`.
struct MLflowLoggingRoutes: RouteFamily {
    let tracking: any TrackingStore
    let loggedModels: any LoggedModelStore

    func register(in table: inout RouteTable) {
        table.mlflow(.post, "runs/log-metric") { fields in
            let metric = try fields.metric()
            try await tracking.log(
                RunBatch(metrics: [metric], modelMetrics: try fields.measured(metric)), to: try fields.runID())
            return .mlflowDone
        }
        table.mlflow(.post, "runs/log-parameter") { fields in
            let param = Param(key: try fields.required("key"), value: try fields.string("value") ?? "")
            try await tracking.log(RunBatch(params: [param]), to: try fields.runID())
            return .mlflowDone
        }
        table.mlflow(.post, "runs/log-batch", handler: logBatch)
        table.mlflow(.post, "runs/set-tag") { fields in
            let tag = [try fields.required("key"): try fields.string("value") ?? ""]
            try await tracking.log(RunBatch(tags: tag), to: try fields.runID())
            return .mlflowDone
        }
        table.mlflow(.post, "runs/delete-tag") { fields in
            let key = try fields.required("key")
            try await tracking.deleteTag(key, from: try fields.runID())
            return .mlflowDone
        }
        table.mlflow(.post, "runs/log-inputs", handler: logInputs)
        table.mlflow(.post, "runs/outputs", handler: logOutputs)
        table.mlflow(.post, "runs/log-model") { fields in
            let (run, json) = (try fields.runID(), try fields.required("model_json"))
            try Self.checkModel(json)
            try await tracking.logModel(json, to: run)
            return .mlflowDone
        }
    }

    /// - Throws: `.invalid` for what is no JSON object, or one without the members that clients look for.
    private static func checkModel(_ json: String) throws {
        guard let members = (try? JSONParser.parse(json, atMost: MLflowFields.mostValues))?.object else {
            throw RegistryError.invalid("Malformed model info. \(json.prefix(200)) is not a valid JSON object.")
        }
        let missing = ["artifact_path", "flavors", "run_id", "utc_time_created"].filter { members[$0] == nil }
        guard missing.isEmpty else {
            throw RegistryError.invalid(
                "Model json is missing mandatory fields: \(missing.joined(separator: ", ")).")
        }
    }

    private func logBatch(_ fields: MLflowFields) async throws -> Response {
        let run = try fields.runID()
        // Before a million of them are looked at one by one.
        try RunBatch.checkCounts(
            metrics: try fields.count("metrics"), params: try fields.count("params"), tags: try fields.count("tags"))
        var batch = RunBatch(
            params: try fields.params(), tags: try fields.tags())
        let metrics = try fields.elements("metrics")
        batch.metrics.reserveCapacity(metrics.count)
        for element in metrics {
            let metric = try element.metric()
            batch.metrics.append(metric)
            batch.modelMetrics += try element.measured(metric)
        }
        try await tracking.log(batch, to: run)
        return .mlflowDone
    }

    private func logInputs(_ fields: MLflowFields) async throws -> Response {
        let run = try fields.runID()
        let inputs = try fields.elements("datasets").map { input throws(RegistryError) in try input.datasetInput() }
        var tags: [String: String] = [:]
        for model in try fields.elements("models") {
            let id = try model.required("model_id")
            _ = try await loggedModels.loggedModel(id: id)
            tags[RunLinks.tag(forInput: id)] = ""
        }
        // The one that can be refused goes first.
        try await tracking.logDatasetInputs(inputs, to: run)
        if !tags.isEmpty { try await tracking.log(RunBatch(tags: tags), to: run) }
        return .mlflowDone
    }

    private func logOutputs(_ fields: MLflowFields) async throws -> Response {
        let run = try fields.runID()
        guard fields.has("models") else { throw fields.missing("models") }
        var models: [String] = []
        var tags: [String: String] = [:]
        for model in try fields.elements("models") {
            let (id, step) = (try model.required("model_id"), try model.int("step") ?? 0)
            models.append(id)
            if step != 0 { tags[RunLinks.tag(forStepOf: id)] = String(step) }
        }
        try await loggedModels.addOutputs(modelIDs: models, to: run)
        if !tags.isEmpty { try await tracking.log(RunBatch(tags: tags), to: run) }
        return .mlflowDone
    }
}

extension MLflowFields {
    fileprivate func metric() throws(RegistryError) -> Metric {
        let metric = Metric(
            key: try required("key"), value: try requiredDouble("value"),
            timestampMilliseconds: try requiredInt("timestamp"), step: try int("step") ?? 0)
        guard metric.timestampMilliseconds >= 0 else {
            throw .invalid(
                "Invalid value \(metric.timestampMilliseconds) for parameter 'timestamp' supplied: metric "
                    + "'\(metric.key.prefix(100))'. Timestamp must be a nonnegative long (64-bit integer).")
        }
        return metric
    }

    /// The metric as one of the logged model that it names; empty when it names none.
    fileprivate func measured(_ metric: Metric) throws(RegistryError) -> [ModelMetric] {
        guard let model = try presentString("model_id") else { return [] }
        return [
            ModelMetric(
                modelID: model, metric: metric, datasetName: try presentString("dataset_name"),
                datasetDigest: try presentString("dataset_digest"))
        ]
    }

    fileprivate func datasetInput() throws(RegistryError) -> DatasetInput {
        let dataset = try requiredObject("dataset")
        return DatasetInput(
            name: try dataset.required("name"), digest: try dataset.required("digest"),
            sourceType: try dataset.required("source_type"), source: try dataset.required("source"),
            schema: try dataset.string("schema"), profile: try dataset.string("profile"), tags: try tags())
    }
}
