import Registry

/// Registered models and their versions in MLflow's words.
extension JSONWriter {
    /// The members of a registered model.
    mutating func mlflow(_ model: RegisteredModel) {
        member("name", model.name)
        member("creation_timestamp", model.creationTimeMilliseconds)
        member("last_updated_timestamp", model.lastUpdateTimeMilliseconds)
        present("description", model.description)
        present("latest_versions", model.latestVersions) { $0.mlflow($1) }
        mlflowTags(model.tags)
        present("aliases", model.aliases.sorted { $0.key < $1.key }) { json, alias in
            json.member("alias", alias.key)
            json.member("version", String(alias.value))
        }
    }

    /// The members of a version.
    mutating func mlflow(_ version: ModelVersion) {
        member("name", version.name)
        member("version", String(version.version))
        member("creation_timestamp", version.creationTimeMilliseconds)
        member("last_updated_timestamp", version.lastUpdateTimeMilliseconds)
        member("current_stage", version.stage)
        member("description", version.description)
        member("source", version.source)
        member("run_id", version.runID ?? "")
        member("run_link", version.runLink)
        present("model_id", version.modelID)
        // A version is made of files that are there already; nothing is copied in the background.
        member("status", "READY")
        mlflowTags(version.tags)
        if !version.aliases.isEmpty { member("aliases", version.aliases) }
    }
}
