import GRDB
package import Registry

/// What a reset of the replay removed.
package struct ResetReport: Sendable, Equatable {
    package var pipelineRuns: Int
    package var trackingRuns: Int
    package var loggedModels: Int
    package var modelVersions: Int
    /// Models that had been made for a version of a pipeline and are left with none.
    package var registeredModels: Int
    /// Feedback events that wait for a day again.
    package var feedback: Int
    /// Folders of the removed runs and logged models: what is left to delete in the artefact store.
    package var artifacts: [ArtifactPath]
}

extension SQLiteStore {
    /// The tag that marks what a pipeline made; its value is the id of the pipeline's run.
    package static let pipelineRunTag = "mlstack.pipeline_run"

    /// Takes the home back to before the first simulated day, in one transaction.
    ///
    /// Removed: runs of pipelines with their tasks; the cursors of all triggers, new
    /// versions of datasets, what was still to be told of such runs; tracking runs with the tag
    /// `mlstack.pipeline_run`; logged models with that tag or made by such a run; versions with that tag, of such a run
    /// or of such a logged model, and with them their aliases and every line of alias history that names them; models
    /// that were made for a version (`createModel`) and have none left. Numbers of versions go on after the highest that is
    /// left, tombstones included, so that a model that is only a pipeline's begins with 1 again.
    ///
    /// Kept: experiments; runs, models, versions, aliases that people made themselves; which pipelines are paused; the texts
    /// of pipeline files; settings that are not named here; feedback events.
    ///
    /// - Parameters:
    ///   - reopeningFeedbackDays: whether all feedback waits for a day again.
    ///   - settings: written in the same transaction (nil removes), so that a clock is never left in a past that is gone.
    /// - Throws: `StorageError`; nothing is removed then.
    package func removeEverythingMadeByPipelines(
        reopeningFeedbackDays: Bool = false, settings: [String: String?] = [:]
    ) async throws -> ResetReport {
        let time = timeMilliseconds
        return try await write { connection in
            let pipelineRuns = try connection.run("DELETE FROM dag_run")
            for table in ["trigger_cursor", "dataset_cursor", "dataset_event", "outbox"] {
                try connection.run("DELETE FROM \(table)")
            }
            let runs = try connection.runsOfPipelines()
            let models = try connection.loggedModelsOfPipelines(runs: runs)
            let versions = try connection.removeVersions(runs: runs, models: models, time: time)
            try connection.run(
                "DELETE FROM logged_model WHERE number IN (SELECT value FROM json_each(?))",
                [Connection.list(models.map(\.number))])
            try connection.run(
                "DELETE FROM run WHERE number IN (SELECT value FROM json_each(?))",
                [Connection.list(runs.map(\.number))])
            try connection.run("DELETE FROM dataset WHERE number NOT IN (SELECT dataset FROM dataset_input)")
            let feedback = reopeningFeedbackDays ? try connection.unassignFeedback(after: nil) : 0
            for (key, value) in settings { try connection.set(value, forKey: key) }
            return ResetReport(
                pipelineRuns: pipelineRuns, trackingRuns: runs.count, loggedModels: models.count,
                modelVersions: versions.removed, registeredModels: versions.emptied, feedback: feedback,
                artifacts: try runs.map { try ArtifactPath("\($0.experiment)/\($0.id)") }
                    + models.map { try ArtifactPath("\($0.experiment)/models/\($0.id)") })
        }
    }
}

private struct MadeByPipeline {
    var number: Int64
    var id: String
    var experiment: Int64
}

extension Connection {
    fileprivate func runsOfPipelines() throws -> [MadeByPipeline] {
        try rows(
            """
            SELECT number, id, experiment FROM run
            WHERE number IN (SELECT run FROM run_tag WHERE key = ?) ORDER BY number
            """, [SQLiteStore.pipelineRunTag]
        ) { MadeByPipeline(number: $0[0], id: $0[1], experiment: $0[2]) }
    }

    fileprivate func loggedModelsOfPipelines(runs: [MadeByPipeline]) throws -> [MadeByPipeline] {
        try rows(
            """
            SELECT number, id, experiment FROM logged_model
            WHERE number IN (SELECT model FROM logged_model_tag WHERE key = ?)
                OR source_run IN (SELECT value FROM json_each(?)) ORDER BY number
            """, [SQLiteStore.pipelineRunTag, try JSONText.encode(runs.map(\.id))]
        ) { MadeByPipeline(number: $0[0], id: $0[1], experiment: $0[2]) }
    }

    fileprivate func removeVersions(
        runs: [MadeByPipeline], models: [MadeByPipeline], time: Int64
    ) throws -> (removed: Int, emptied: Int) {
        let versions = try rows(
            """
            SELECT v.model, v.version FROM model_version v
            WHERE v.run_id IN (SELECT value FROM json_each(?)) OR v.model_id IN (SELECT value FROM json_each(?))
                OR EXISTS (SELECT 1 FROM model_version_tag t
                    WHERE t.model = v.model AND t.version = v.version AND t.key = ?)
            ORDER BY v.model, v.version
            """,
            [
                try JSONText.encode(runs.map(\.id)), try JSONText.encode(models.map(\.id)),
                SQLiteStore.pipelineRunTag,
            ]
        ) { ($0[0] as Int64, $0[1] as Int) }
        for (model, version) in versions {
            try run("DELETE FROM model_version WHERE model = ? AND version = ?", [model, version])
            try run(
                "DELETE FROM model_change WHERE model = ? AND (version = ? OR previous_version = ?)",
                [model, version, version])
        }
        let touched = Set(versions.map(\.0)).sorted()
        for model in touched {
            try run(
                """
                UPDATE registered_model SET updated_ms = ?, next_version = 1 + coalesce(
                    (SELECT max(version) FROM model_version WHERE model = registered_model.number), 0)
                WHERE number = ?
                """, [time, model])
        }
        let empty = """
            FROM registered_model WHERE made_for_version = 1 AND number IN (SELECT value FROM json_each(?))
                AND number NOT IN (SELECT model FROM model_version)
            """
        try run("DELETE FROM model_change WHERE model IN (SELECT number \(empty))", [Self.list(touched)])
        let emptied = try run("DELETE \(empty)", [Self.list(touched)])
        return (versions.count, emptied)
    }
}
