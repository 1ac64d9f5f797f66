import GRDB
import Registry

/// Where the fields of a search stand in the tables.
///
/// All SQL of searches is made of the constants here; what a caller writes, keys included, is only ever bound.
struct SearchSource {
    struct Column {
        var sql: String
        var isNullable = false
        /// Where it is ordered by something else than it is compared by.
        var order: String?
    }

    /// The rows of one entity that belong to a record, told apart by their `key`.
    struct Rows {
        var table: String
        /// The columns that name the record, and what they are there.
        var links: [(column: String, record: String)]
        /// Metrics: a NaN is `is_nan`, with 0 as its value.
        var hasNaN = false
        /// Points rather than one row for each key; ordered by the latest.
        var isHistory = false
        /// Which of the rows count at all, over `x`.
        var restriction: (sql: String, arguments: [DatabaseValue])?

        /// `x.run = run.number AND x.key = ?`
        func condition(_ alias: String) -> String {
            let linked = links.map { "\(alias).\($0.column) = \($0.record)" }
            return (linked + ["\(alias).key = ?"]).joined(separator: " AND ")
        }
    }

    /// `run`, or a join.
    var table: String
    /// What names a record.
    var key: String
    var attributes: [String: Column]
    var rows: [SearchField.Entity: Rows]

    func column(_ field: SearchField) throws -> Column {
        guard let column = attributes[field.key] else { throw Self.unknown(field) }
        return column
    }

    func rows(_ field: SearchField) throws -> Rows {
        guard let rows = rows[field.entity] else { throw Self.unknown(field) }
        return rows
    }

    static func unknown(_ field: SearchField) -> RegistryError {
        .invalid("Invalid search: nothing is known of the \(field.entity.rawValue) '\(field.key.prefix(100))' here.")
    }
}

extension SearchSource {
    static let runs = SearchSource(
        table: "run", key: "run.number",
        attributes: [
            "run_id": Column(sql: "run.id"), "run_name": Column(sql: "run.name"), "status": Column(sql: "run.status"),
            "user_id": Column(sql: "run.user_id"), "start_time": Column(sql: "run.started_ms"),
            "end_time": Column(sql: "run.ended_ms", isNullable: true),
            "artifact_uri": Column(sql: "'mlflow-artifacts:/' || run.experiment || '/' || run.id || '/artifacts'"),
        ],
        rows: [
            .metric: Rows(table: "latest_metric", links: [("run", "run.number")], hasNaN: true),
            .param: Rows(table: "param", links: [("run", "run.number")]),
            .tag: Rows(table: "run_tag", links: [("run", "run.number")]),
        ])

    static let experiments = SearchSource(
        table: "experiment", key: "experiment.id",
        attributes: [
            "name": Column(sql: "experiment.name"),
            "experiment_id": Column(sql: "CAST(experiment.id AS TEXT)", order: "experiment.id"),
            "creation_time": Column(sql: "experiment.created_ms"),
            "last_update_time": Column(sql: "experiment.updated_ms"),
        ],
        rows: [.tag: Rows(table: "experiment_tag", links: [("experiment", "experiment.id")])])

    static let registeredModels = SearchSource(
        table: "registered_model m", key: "m.number",
        attributes: [
            "name": Column(sql: "m.name"), "last_updated_timestamp": Column(sql: "m.updated_ms"),
        ],
        rows: [.tag: Rows(table: "registered_model_tag", links: [("model", "m.number")])])

    static let modelVersions = SearchSource(
        table: "model_version v JOIN registered_model m ON m.number = v.model", key: "v.model, v.version, m.name",
        attributes: [
            "name": Column(sql: "m.name"), "source_path": Column(sql: "v.source"),
            // A version without a run is one whose run is called ''.
            "run_id": Column(sql: "coalesce(v.run_id, '')"), "version_number": Column(sql: "v.version"),
            "creation_timestamp": Column(sql: "v.created_ms"),
            "last_updated_timestamp": Column(sql: "v.updated_ms"),
        ],
        rows: [
            .tag: Rows(table: "model_version_tag", links: [("model", "v.model"), ("version", "v.version")])
        ])

    /// - Parameter datasets: unless empty, only points measured on one of them count.
    static func loggedModels(datasets: [LoggedModelQuery.Dataset]) -> SearchSource {
        let points = Rows(
            table: "logged_model_metric", links: [("model", "m.number")], hasNaN: true, isHistory: true,
            restriction: datasets.isEmpty ? nil : restriction(to: datasets))
        return SearchSource(
            table: "logged_model m", key: "m.number",
            attributes: [
                "name": Column(sql: "m.name"), "model_id": Column(sql: "m.id"),
                "model_type": Column(sql: "m.model_type"), "experiment_id": Column(sql: "m.experiment"),
                "status": Column(sql: "m.status"), "source_run_id": Column(sql: "m.source_run", isNullable: true),
                "creation_timestamp_ms": Column(sql: "m.created_ms"),
                "last_updated_timestamp_ms": Column(sql: "m.updated_ms"),
            ],
            rows: [
                .metric: points, .param: Rows(table: "logged_model_param", links: [("model", "m.number")]),
                .tag: Rows(table: "logged_model_tag", links: [("model", "m.number")]),
            ])
    }

    private static func restriction(to datasets: [LoggedModelQuery.Dataset]) -> (String, [DatabaseValue]) {
        var arguments: [DatabaseValue] = []
        let parts = datasets.map { dataset in
            arguments.append(dataset.name.databaseValue)
            guard let digest = dataset.digest else { return "x.dataset_name = ?" }
            arguments.append(digest.databaseValue)
            return "x.dataset_name = ? AND x.dataset_digest = ?"
        }
        return ("(\(parts.joined(separator: " OR ")))", arguments)
    }
}
