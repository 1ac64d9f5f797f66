import Registry

/// Experiments, runs and logged models in MLflow's words. What is empty is left out, as its protobuf does.
extension JSONWriter {
    /// A member that is left out when it has nothing to say.
    mutating func present(_ name: StaticString, _ value: String?) {
        if let value, !value.isEmpty { member(name, value) }
    }

    mutating func present<Element>(
        _ name: StaticString, _ elements: some Collection<Element>, each: (inout JSONWriter, Element) -> Void
    ) {
        if !elements.isEmpty { member(name, objects: elements, each) }
    }

    mutating func mlflowTags(_ tags: [String: String]) {
        present("tags", tags.sorted { $0.key < $1.key }) { json, tag in
            json.member("key", tag.key)
            json.member("value", tag.value)
        }
    }

    mutating func mlflowParams(_ params: [Param]) {
        present("params", params) { json, param in
            json.member("key", param.key)
            json.member("value", param.value)
        }
    }

    mutating func mlflowMetrics(_ metrics: [Metric]) {
        present("metrics", metrics) { $0.mlflow($1) }
    }

    mutating func mlflow(_ metric: Metric) {
        member("key", metric.key)
        // JSON has no NaN.
        if metric.value.isNaN { member("value", "NaN") } else { member("value", metric.value) }
        member("timestamp", metric.timestampMilliseconds)
        member("step", metric.step)
    }

    /// The members of an experiment.
    mutating func mlflow(_ experiment: Experiment) {
        member("experiment_id", experiment.id)
        member("name", experiment.name)
        member("artifact_location", experiment.artifactLocation)
        member("lifecycle_stage", experiment.lifecycleStage.rawValue)
        member("creation_time", experiment.creationTimeMilliseconds)
        member("last_update_time", experiment.lastUpdateTimeMilliseconds)
        member("workspace", "default")
        mlflowTags(experiment.tags)
    }

    /// The members of a run's info. Older clients know its id as `run_uuid`.
    mutating func mlflowInfo(_ run: Run) {
        member("run_id", run.id)
        member("run_uuid", run.id)
        member("run_name", run.name)
        member("experiment_id", run.experimentID)
        present("user_id", run.userID)
        member("status", run.status.rawValue)
        member("start_time", run.startTimeMilliseconds)
        if let end = run.endTimeMilliseconds { member("end_time", end) }
        member("artifact_uri", run.artifactURI)
        member("lifecycle_stage", run.lifecycleStage.rawValue)
    }

    /// The members of a run.
    mutating func mlflow(_ run: Run, _ links: RunLinks) {
        member("info", object: { $0.mlflowInfo(run) })
        member(
            "data",
            object: { json in
                json.mlflowMetrics(run.metrics)
                json.mlflowParams(run.params)
                json.mlflowTags(run.tags)
            })
        member(
            "inputs",
            object: { json in
                json.present("dataset_inputs", links.datasets) { $0.mlflow($1) }
                json.present("model_inputs", links.inputModels) { $0.member("model_id", $1) }
            })
        guard let outputs = links.outputModels else { return }
        member(
            "outputs",
            object: { json in
                json.present("model_outputs", outputs) { json, output in
                    json.member("model_id", output.id)
                    json.member("step", output.step)
                }
            })
    }

    private mutating func mlflow(_ input: DatasetInput) {
        mlflowTags(input.tags)
        member(
            "dataset",
            object: { json in
                json.member("name", input.name)
                json.member("digest", input.digest)
                json.member("source_type", input.sourceType)
                json.member("source", input.source)
                json.present("schema", input.schema)
                json.present("profile", input.profile)
            })
    }

    /// The members of a logged model.
    mutating func mlflow(_ model: LoggedModel) {
        member(
            "info",
            object: { json in
                json.member("model_id", model.id)
                json.member("experiment_id", model.experimentID)
                json.member("name", model.name)
                json.member("creation_timestamp_ms", model.creationTimeMilliseconds)
                json.member("last_updated_timestamp_ms", model.lastUpdateTimeMilliseconds)
                json.member("artifact_uri", model.artifactURI)
                json.member("status", model.status)
                json.member("model_type", model.modelType)
                json.member("source_run_id", model.sourceRunID ?? "")
                json.mlflowTags(model.tags)
            })
        member(
            "data",
            object: { json in
                json.mlflowParams(model.params)
                json.present("metrics", model.metrics) { json, point in
                    json.mlflow(point.metric)
                    json.present("dataset_name", point.datasetName)
                    json.present("dataset_digest", point.datasetDigest)
                    json.member("model_id", point.modelID)
                    json.member("run_id", point.runID)
                }
            })
    }
}
