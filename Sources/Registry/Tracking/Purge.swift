/// Removing for good what was deleted before.
///
/// What MLflow deletes it only hides, and its name stays taken. This removes deleted experiments with their runs, deleted
/// runs of others, the logged models of both, deleted logged models, and what holds stored files whose versions were
/// deleted; and it frees the names. What a version of a registered model was made
/// from stays: the version would have no files, or nobody could tell any more where it came from.
package struct PurgePlan: Sendable, Equatable {
    package struct Experiment: Sendable, Equatable {
        package var id: String
        package var name: String
        package init(id: String, name: String) { (self.id, self.name) = (id, name) }
    }

    /// What stays, because a version needs it.
    package struct Kept: Sendable, Equatable {
        package enum Kind: String, Sendable { case run, loggedModel = "logged_model" }
        package var kind: Kind
        package var id: String
        package var experimentID: String
        package var model: String
        package var version: Int
        package init(kind: Kind, id: String, experimentID: String, model: String, version: Int) {
            (self.kind, self.id, self.experimentID) = (kind, id, experimentID)
            (self.model, self.version) = (model, version)
        }
    }

    package var experiments: [Experiment]
    package var runs: Int
    package var loggedModels: Int
    package var kept: [Kept]
    /// Folders of artefacts that nothing names any more.
    package var folders: [ArtifactPath]

    package init(
        experiments: [Experiment], runs: Int, loggedModels: Int, kept: [Kept], folders: [ArtifactPath]
    ) {
        (self.experiments, self.runs, self.loggedModels) = (experiments, runs, loggedModels)
        (self.kept, self.folders) = (kept, folders)
    }
}

/// Whoever can remove records for good.
package protocol PurgingStore: Sendable {
    /// All in one transaction. The folders are left for the caller to remove afterwards: a crash in between leaves files
    /// that nothing names, never a record without its files.
    /// - Parameter isDryRun: nothing is changed.
    /// - Throws: `RegistryError.storage`.
    func purge(isDryRun: Bool, actor: String) async throws -> PurgePlan
}
