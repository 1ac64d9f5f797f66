import Registry

extension JSONWriter {
    /// The members of a version in the list of a model's versions.
    /// - Parameter run: what trained it; nil when it came without a run.
    mutating func modelVersion(_ version: ModelVersion, trainedBy run: Run?) {
        member("version", version.version)
        member("stage", version.stage)
        member("aliases", version.aliases.sorted())
        member("created_at", timeMilliseconds: version.creationTimeMilliseconds)
        member("simulated_date", ModelFacts.text("simulated_date", of: version, run))
        member("algorithm", ModelFacts.text("algorithm", of: version, run))
        member(
            "metrics",
            object: { json in
                for metric in (run?.metrics ?? []).sorted(by: { $0.key < $1.key }) {
                    json.key(named: metric.key)
                    json.double(metric.value)
                }
            })
        member("run_id", version.runID)
        member("experiment_id", run?.experimentID)
        member("model_id", version.modelID)
        member("pipeline", ModelFacts.text("pipeline", of: version, run))
        member("pipeline_run", ModelFacts.text("pipeline_run", of: version, run))
        member("description", version.description)
        member("tags", version.tags)
    }

    /// A line of a model's history: only the members that its kind has.
    mutating func modelChange(_ change: ModelChange) {
        member("kind", change.kind.rawValue)
        switch change.kind {
        case .alias:
            member("alias", change.alias)
            member("version", change.version)
            member("previous_version", change.previousVersion)
        case .stage:
            member("version", change.version)
            member("stage", change.present)
            member("previous_stage", change.former)
        case .versionDeleted: member("version", change.version)
        case .renamed:
            member("name", change.present)
            member("previous_name", change.former)
        case .modelDeleted: break
        }
        member("at", timeMilliseconds: change.timeMilliseconds)
        member("actor", change.actor)
        member("reason", change.reason)
    }

    mutating func aliasChange(_ change: AliasChange) {
        member("alias", change.alias)
        member("version", change.version)
        member("previous_version", change.previousVersion)
        member("at", timeMilliseconds: change.timeMilliseconds)
        member("actor", change.actor)
        member("reason", change.reason)
    }
}

/// Where a version's facts are found.
enum ModelFacts {
    /// From the version's tags, else the run's tags, else its params; with or without the program's prefix.
    static func text(_ name: String, of version: ModelVersion, _ run: Run?) -> String? {
        for key in [name, "mlstack.\(name)"] {
            if let text = version.tags[key] ?? run?.tags[key] { return text }
            if let param = run?.params.first(where: { $0.key == key }) { return param.value }
        }
        return nil
    }
}
