import Registry

/// All that is known of a version.
struct ModelVersionStory: Sendable {
    var version: ModelVersion
    var run: Run?
    var logged: LoggedModel?
    var datasets: [DatasetInput]
    var files: VersionFiles
    /// Newest first.
    var changes: [ModelChange]

    static let contentHashTag = "mlstack.content_hash"

    /// The content hash of what the training began with.
    var warmStart: String? { ModelFacts.text("warm_start", of: version, run) ?? logged?.tags["mlstack.warm_start"] }

    /// Those of the model itself when it was logged with some; a run may have tried several.
    var params: [Param] {
        if let own = logged?.params, !own.isEmpty { return own }
        return run?.params ?? []
    }
}

extension JSONWriter {
    /// - Parameter parent: the version that the training began with, if it is still there.
    mutating func versionStory(_ story: ModelVersionStory, parent: Int?) {
        modelVersion(story.version, trainedBy: story.run)
        size(of: story.files)
        member("name", story.version.name)
        member("updated_at", timeMilliseconds: story.version.lastUpdateTimeMilliseconds)
        member("source", story.version.source)
        member("params", Dictionary(story.params.map { ($0.key, $0.value) }) { $1 })
        key("run")
        if let run = story.run { object { $0.origin(run) } } else { null() }
        key("logged_model")
        if let logged = story.logged { object { $0.origin(logged) } } else { null() }
        member(
            "datasets",
            array: { json in
                for dataset in story.datasets {
                    json.object { json in
                        json.member("name", dataset.name)
                        json.member("digest", dataset.digest)
                        json.member("context", dataset.tags["mlflow.data.context"])
                        json.member("profile", dataset.profile)
                    }
                }
            })
        key("warm_start")
        if let hash = story.warmStart {
            object { json in
                json.member("content_hash", hash)
                json.member("version", parent)
            }
        } else {
            null()
        }
        member(
            "files",
            array: { json in
                for file in story.files.files {
                    json.object { json in
                        json.member("path", file.path)
                        json.member("bytes", file.bytes)
                        json.member("url", file.url)
                    }
                }
            })
        member("changes", array: { json in for change in story.changes { json.object { $0.modelChange(change) } } })
    }

    private mutating func origin(_ run: Run) {
        member("id", run.id)
        member("experiment_id", run.experimentID)
        member("name", run.name)
        member("status", run.status.rawValue)
        member("user", run.userID)
        member("started_at", timeMilliseconds: run.startTimeMilliseconds)
        member("ended_at", timeMilliseconds: run.endTimeMilliseconds)
        member("tags", run.tags)
    }

    private mutating func origin(_ model: LoggedModel) {
        member("id", model.id)
        member("experiment_id", model.experimentID)
        member("name", model.name)
        member("type", model.modelType)
        member("status", model.status)
        member("tags", model.tags)
    }
}

extension VersionFiles.File {
    /// Where it is to be had.
    fileprivate var url: String {
        "/api/2.0/mlflow-artifacts/artifacts/" + place.components.map(PercentEncoding.encode).joined(separator: "/")
    }
}
