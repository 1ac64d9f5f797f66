import GRDB
package import Registry

/// What is wrong with a database; empty when nothing is.
package struct IntegrityReport: Sendable, Equatable {
    package var problems: [String]
    package var isSound: Bool { problems.isEmpty }
    /// Those that make the file itself unreadable in part.
    package var damage: [String] { problems.filter { $0.hasPrefix(Integrity.damagedFile) } }
}

extension SQLiteStore {
    /// Checks the file itself, the references in it, and the promises of Registry. Reads the whole file: for `doctor`
    /// and for tests, not for a start.
    ///
    /// - Parameter artifacts: where given, aliased versions must have files there.
    /// - Throws: `StorageError` when the file cannot be read at all.
    package func integrityReport(artifacts: (any ArtifactStore)? = nil) async throws -> IntegrityReport {
        var problems = try await read { connection in
            try Integrity.statements.flatMap { sentence, sql in
                try connection.rows(sql) { "\(sentence): \(try Integrity.describe($0))" }
            } + Integrity.file(connection)
        }
        if let artifacts { problems += try await missingFiles(in: artifacts) }
        return IntegrityReport(problems: problems)
    }

    private func missingFiles(in artifacts: any ArtifactStore) async throws -> [String] {
        let aliased = try await read { connection in
            try connection.versions(
                where: "(v.model, v.version) IN (SELECT model, version FROM alias) ORDER BY v.model, v.version", [])
        }
        var problems: [String] = []
        for version in aliased where version.artifactURI.hasPrefix("mlflow-artifacts:/") {
            let path = try ArtifactPath(artifactURI: version.artifactURI)
            if try await artifacts.list(path).isEmpty, try await artifacts.byteCount(of: path) == nil {
                problems.append("version \(version.version) of \(version.name) has no files at \(path)")
            }
        }
        return problems
    }
}

private enum Integrity {
    static let damagedFile = "damaged file"

    static func file(_ connection: Connection) throws -> [String] {
        let damage = try connection.rows("PRAGMA quick_check") { $0[0] as String }.filter { $0 != "ok" }
        let references = try connection.rows("PRAGMA foreign_key_check") {
            "a row of \($0[0] as String) refers to nothing"
        }
        return damage.map { "\(damagedFile): \($0)" } + references
    }

    /// Every row that a statement finds breaks a promise.
    static let statements: [(sentence: String, sql: String)] = [
        (
            "an alias names a version that is not there",
            """
            SELECT a.model, a.alias, a.version FROM alias a LEFT JOIN model_version v USING (model, version)
            WHERE v.version IS NULL OR v.is_deleted = 1
            """
        ),
        (
            "the version with the alias production is in another stage",
            """
            SELECT v.model, v.version, v.stage FROM alias a JOIN model_version v USING (model, version)
            WHERE a.alias = 'production' AND v.stage <> 'Production'
            """
        ),
        (
            "a version is in the stage Production, and the alias production names none",
            """
            SELECT v.model, v.version FROM model_version v WHERE v.stage = 'Production' AND v.is_deleted = 0
                AND NOT EXISTS (SELECT 1 FROM alias a WHERE a.model = v.model AND a.alias = 'production')
            """
        ),
        (
            "the history of an alias does not end where the alias is",
            """
            SELECT a.model, a.alias, a.version FROM alias a WHERE a.version IS NOT (
                SELECT c.version FROM model_change c WHERE c.model = a.model AND c.alias = a.alias
                ORDER BY c.sequence DESC LIMIT 1)
            """
        ),
        (
            "a number of a version could be used again",
            """
            SELECT m.name, m.next_version FROM registered_model m
            WHERE m.next_version <= (SELECT coalesce(max(version), 0) FROM model_version WHERE model = m.number)
            """
        ),
        (
            "a deleted version still has aliases or tags",
            """
            SELECT v.model, v.version FROM model_version v WHERE v.is_deleted = 1 AND EXISTS (
                SELECT 1 FROM model_version_tag t WHERE t.model = v.model AND t.version = v.version)
            """
        ),
        (
            "a latest metric is not the latest of its history",
            """
            SELECT run, key FROM (
                SELECT run, key, step, time_ms, value, is_nan, row_number() OVER (
                    PARTITION BY run, key ORDER BY step DESC, time_ms DESC, value DESC, is_nan DESC) AS place
                FROM metric)
            WHERE place = 1 AND (run, key, step, time_ms, value, is_nan) NOT IN (
                SELECT run, key, step, time_ms, value, is_nan FROM latest_metric)
            """
        ),
        (
            "a latest metric has no history",
            "SELECT run, key FROM latest_metric EXCEPT SELECT run, key FROM metric"
        ),
        (
            "a run's name and its tag mlflow.runName differ",
            """
            SELECT r.id, r.name FROM run r WHERE r.name IS NOT (
                SELECT t.value FROM run_tag t WHERE t.run = r.number AND t.key = 'mlflow.runName')
                AND EXISTS (SELECT 1 FROM run_tag t WHERE t.run = r.number AND t.key = 'mlflow.runName')
            """
        ),
        (
            "a run went with its experiment and is active all the same",
            """
            SELECT r.id FROM run r
            WHERE r.deleted_with_experiment = 1 AND r.lifecycle = 'active'
            """
        ),
        (
            "the experiment Default is missing",
            "SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM experiment WHERE id = 0)"
        ),
        (
            "a task belongs to a run that is not there",
            "SELECT t.run, t.task FROM dag_task t WHERE t.run NOT IN (SELECT id FROM dag_run)"
        ),
    ]

    static func describe(_ row: Row) throws -> String {
        row.map { column, value in "\(column) \(value.storage.value.map { "\($0)" } ?? "none")" }.joined(
            separator: ", ")
    }
}
