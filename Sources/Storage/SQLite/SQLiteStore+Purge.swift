import GRDB
package import Registry
import Scheduling

extension SQLiteStore: PurgingStore {
    /// The experiment Default stays, also when it was deleted: every client counts on it.
    package func purge(isDryRun: Bool, actor: String) async throws -> PurgePlan {
        let time = now()
        let body: @Sendable (Connection) throws -> PurgePlan = { connection in
            let runs = try connection.deletedRuns()
            let models = try connection.loggedModels(ofDeleted: runs)
            let kept = try connection.needed(runs: runs, models: models)
            let (keptIDs, keptExperiments) = (Set(kept.map(\.id)), Set(kept.map(\.experimentID)))
            let goingRuns = runs.filter { !keptIDs.contains($0.id) }
            let goingModels = models.filter { !keptIDs.contains($0.id) }
            let experiments = try connection.rows(
                "SELECT id, name FROM experiment WHERE lifecycle = 'deleted' AND id <> 0 ORDER BY id"
            ) { PurgePlan.Experiment(id: String($0[0] as Int64), name: $0[1]) }.filter {
                !keptExperiments.contains($0.id)
            }
            let plan = PurgePlan(
                experiments: experiments, runs: goingRuns.count, loggedModels: goingModels.count, kept: kept,
                folders: try experiments.map { try ArtifactPath($0.id) }
                    + goingRuns.map { try ArtifactPath("\($0.experiment)/\($0.id)") }
                    + goingModels.map { try ArtifactPath("\($0.experiment)/models/\($0.id)") })
            if isDryRun { return plan }
            try connection.remove(runs: goingRuns, models: goingModels, experiments: experiments)
            try connection.condemn(plan.folders)
            if !experiments.isEmpty || !goingRuns.isEmpty || !goingModels.isEmpty {
                let names = experiments.prefix(10).map { "\"\($0.name.prefix(60))\"" }.joined(separator: ", ")
                try connection.add(
                    AuditEntry(
                        at: time, actor: actor, action: .purge, pipelineID: "",
                        detail: "\(experiments.count) experiments\(names.isEmpty ? "" : " (\(names))"), "
                            + "\(goingRuns.count) runs, \(goingModels.count) logged models removed for good"))
            }
            return plan
        }
        return isDryRun ? try await registryRead(body) : try await registryWrite(body)
    }
}

/// A run or a logged model that was deleted, by itself or with its experiment.
private struct Deleted {
    var number: Int64
    var id: String
    var experiment: Int64
}

extension Connection {
    fileprivate func deletedRuns() throws -> [Deleted] {
        try rows("SELECT number, id, experiment FROM run WHERE lifecycle = 'deleted' ORDER BY number") {
            Deleted(number: $0[0], id: $0[1], experiment: $0[2])
        }
    }

    /// With those that were deleted by themselves, and those that hold a stored file whose version was deleted. One that is
    /// pending is just being stored.
    fileprivate func loggedModels(ofDeleted runs: [Deleted]) throws -> [Deleted] {
        try rows(
            """
            SELECT number, id, experiment FROM logged_model
            WHERE deleted_ms IS NOT NULL OR source_run IN (SELECT value FROM json_each(?))
                OR experiment IN (SELECT id FROM experiment WHERE lifecycle = 'deleted' AND id <> 0)
                OR number IN (SELECT model FROM logged_model_tag WHERE key = ?) AND status <> ? AND id NOT IN
                    (SELECT model_id FROM model_version WHERE is_deleted = 0 AND model_id IS NOT NULL)
            ORDER BY number
            """, [try JSONText.encode(runs.map(\.id)), StoredFile.markerTag, LoggedModel.pending]
        ) { Deleted(number: $0[0], id: $0[1], experiment: $0[2]) }
    }

    /// What a version that is not deleted was made from, or has its files in.
    fileprivate func needed(runs: [Deleted], models: [Deleted]) throws -> [PurgePlan.Kept] {
        let (runs, models) = (Self.byID(runs), Self.byID(models))
        if runs.isEmpty, models.isEmpty { return [] }
        let versions = try rows(
            """
            SELECT m.name, v.version, v.run_id, v.model_id, v.artifact_uri, l.source_run
            FROM model_version v JOIN registered_model m ON m.number = v.model
                LEFT JOIN logged_model l ON l.id = v.model_id
            WHERE v.is_deleted = 0 ORDER BY m.name, v.version
            """
        ) { row in
            (
                name: row[0] as String, version: row[1] as Int,
                ids: [row[2] as String?, row[3] as String?, row[5] as String?].compactMap { $0 }
                    + (row[4] as String).split(separator: "/").map(String.init)
            )
        }
        var kept: [PurgePlan.Kept] = []
        var seen: Set<String> = []
        for version in versions {
            for id in version.ids {
                guard let found = runs[id] ?? models[id], seen.insert(id).inserted else { continue }
                kept.append(
                    PurgePlan.Kept(
                        kind: runs[id] != nil ? .run : .loggedModel, id: id, experimentID: String(found.experiment),
                        model: version.name, version: version.version))
            }
        }
        return kept
    }

    private static func byID(_ deleted: [Deleted]) -> [String: Deleted] {
        Dictionary(deleted.map { ($0.id, $0) }) { first, _ in first }
    }

    fileprivate func remove(runs: [Deleted], models: [Deleted], experiments: [PurgePlan.Experiment]) throws {
        try run(
            "DELETE FROM logged_model WHERE number IN (SELECT value FROM json_each(?))",
            [Self.list(models.map(\.number))])
        try run(
            "DELETE FROM run WHERE number IN (SELECT value FROM json_each(?))", [Self.list(runs.map(\.number))])
        try run("DELETE FROM dataset WHERE number NOT IN (SELECT dataset FROM dataset_input)")
        try run(
            "DELETE FROM experiment WHERE id IN (SELECT value FROM json_each(?))",
            [Self.list(experiments.compactMap { Int64($0.id) })])
    }
}
