import GRDB

/// The tables, as numbered steps. A step that has been released is never edited: a change is a new step.
enum Schema {
    static let migrations: [(name: String, sql: String)] = [
        ("001 tracking", tracking), ("002 models", models), ("003 scheduling", scheduling), ("004 feedback", feedback),
        ("005 triggers", triggers),
        ("006 feedback runs", feedbackRuns), ("007 search", search), ("008 model history", modelHistory),
    ]

    /// - Throws: `StorageError.newerSchema` when the file holds a step that this program does not know.
    static func migrate(_ pool: DatabasePool, path: String) throws {
        var migrator = DatabaseMigrator()
        for (name, sql) in migrations {
            migrator.registerMigration(name) { try $0.execute(sql: sql) }
        }
        if try pool.read(migrator.hasBeenSuperseded) { throw StorageError.newerSchema(path: path) }
        try migrator.migrate(pool)
        // SQLite opens a file that it may not write to without a word; a write that changes nothing makes it speak.
        try pool.write { try $0.execute(sql: "UPDATE setting SET value = value WHERE key = ''") }
    }

    /// A NaN is stored as value 0 with `is_nan` 1, because SQLite turns a bound NaN into NULL; so it also sorts as MLflow
    /// sorts it. The key of `metric` is the order of a history, and stores the same point once.
    private static let tracking = """
        CREATE TABLE experiment (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, lifecycle TEXT NOT NULL,
            created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE experiment_tag (
            experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (experiment, key)) STRICT, WITHOUT ROWID;
        INSERT INTO experiment (id, name, lifecycle, created_ms, updated_ms) VALUES (0, 'Default', 'active', 0, 0);

        CREATE TABLE run (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, experiment INTEGER NOT NULL REFERENCES experiment,
            name TEXT NOT NULL, user_id TEXT NOT NULL, status TEXT NOT NULL, started_ms INTEGER NOT NULL,
            ended_ms INTEGER, lifecycle TEXT NOT NULL, deleted_with_experiment INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX run_by_start ON run (experiment, started_ms DESC, id);
        CREATE TABLE run_tag (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;
        CREATE INDEX run_tag_by_key ON run_tag (key, value);
        CREATE TABLE param (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;
        CREATE TABLE metric (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, key TEXT NOT NULL, time_ms INTEGER NOT NULL,
            step INTEGER NOT NULL, value REAL NOT NULL, is_nan INTEGER NOT NULL,
            PRIMARY KEY (run, key, time_ms, step, value, is_nan)) STRICT, WITHOUT ROWID;
        CREATE TABLE latest_metric (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, key TEXT NOT NULL, time_ms INTEGER NOT NULL,
            step INTEGER NOT NULL, value REAL NOT NULL, is_nan INTEGER NOT NULL,
            PRIMARY KEY (run, key)) STRICT, WITHOUT ROWID;

        CREATE TABLE dataset (
            number INTEGER PRIMARY KEY, experiment INTEGER NOT NULL REFERENCES experiment, name TEXT NOT NULL,
            digest TEXT NOT NULL, source_type TEXT NOT NULL, source TEXT NOT NULL, schema TEXT, profile TEXT,
            UNIQUE (experiment, name, digest)) STRICT;
        CREATE TABLE dataset_input (
            number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            dataset INTEGER NOT NULL REFERENCES dataset, UNIQUE (run, dataset)) STRICT;
        CREATE INDEX dataset_input_by_dataset ON dataset_input (dataset);
        CREATE TABLE dataset_input_tag (
            input INTEGER NOT NULL REFERENCES dataset_input ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (input, key)) STRICT, WITHOUT ROWID;
        """

    /// A deleted version stays as a tombstone, so that its number is not used again.
    private static let models = """
        CREATE TABLE logged_model (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, experiment INTEGER NOT NULL REFERENCES experiment,
            name TEXT NOT NULL, model_type TEXT NOT NULL, source_run TEXT, status TEXT NOT NULL,
            created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT;
        CREATE INDEX logged_model_by_experiment ON logged_model (experiment, created_ms);
        CREATE INDEX logged_model_by_run ON logged_model (source_run, name);
        CREATE TABLE logged_model_param (
            model INTEGER NOT NULL REFERENCES logged_model ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (model, key)) STRICT, WITHOUT ROWID;
        CREATE TABLE logged_model_tag (
            model INTEGER NOT NULL REFERENCES logged_model ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (model, key)) STRICT, WITHOUT ROWID;
        CREATE TABLE run_output (
            number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            model INTEGER NOT NULL REFERENCES logged_model ON DELETE CASCADE, UNIQUE (run, model)) STRICT;
        CREATE INDEX run_output_by_model ON run_output (model);

        CREATE TABLE registered_model (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL,
            created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, next_version INTEGER NOT NULL DEFAULT 1,
            made_for_version INTEGER NOT NULL) STRICT;
        CREATE TABLE registered_model_tag (
            model INTEGER NOT NULL REFERENCES registered_model ON DELETE CASCADE, key TEXT NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (model, key)) STRICT, WITHOUT ROWID;
        CREATE TABLE model_version (
            model INTEGER NOT NULL REFERENCES registered_model ON DELETE CASCADE, version INTEGER NOT NULL,
            description TEXT NOT NULL, source TEXT NOT NULL, artifact_uri TEXT NOT NULL, run_id TEXT, model_id TEXT,
            stage TEXT NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, request_key TEXT,
            is_deleted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (model, version)) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX model_version_by_key ON model_version (model, request_key) WHERE request_key IS NOT NULL;
        CREATE INDEX model_version_by_run ON model_version (run_id) WHERE run_id IS NOT NULL;
        CREATE INDEX model_version_by_time ON model_version (created_ms);
        CREATE TABLE model_version_tag (
            model INTEGER NOT NULL, version INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (model, version, key),
            FOREIGN KEY (model, version) REFERENCES model_version ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        CREATE TABLE alias (
            model INTEGER NOT NULL, alias TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (model, alias),
            FOREIGN KEY (model, version) REFERENCES model_version ON DELETE CASCADE) STRICT, WITHOUT ROWID;
        CREATE INDEX alias_by_version ON alias (model, version);
        CREATE TABLE alias_change (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            model INTEGER NOT NULL REFERENCES registered_model ON DELETE CASCADE, alias TEXT NOT NULL,
            version INTEGER, previous_version INTEGER, time_ms INTEGER NOT NULL, actor TEXT NOT NULL,
            reason TEXT NOT NULL) STRICT;
        CREATE INDEX alias_change_by_alias ON alias_change (model, alias, sequence);
        """

    /// `sequence` is the order of creation; wall clocks may go back.
    private static let scheduling = """
        CREATE TABLE dag_run (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL,
            pipeline_version TEXT NOT NULL, cause TEXT NOT NULL, clock TEXT NOT NULL, logical_ms INTEGER NOT NULL,
            interval_start_ms INTEGER NOT NULL, interval_end_ms INTEGER NOT NULL, params TEXT NOT NULL,
            state TEXT NOT NULL, message TEXT, parent_run TEXT, created_ms INTEGER NOT NULL, started_ms INTEGER,
            ended_ms INTEGER) STRICT;
        CREATE INDEX dag_run_by_pipeline ON dag_run (pipeline, sequence);
        CREATE INDEX dag_run_unfinished ON dag_run (sequence) WHERE state IN ('queued', 'running');
        CREATE TABLE dag_task (
            run TEXT NOT NULL REFERENCES dag_run (id) ON DELETE CASCADE, position INTEGER NOT NULL, task TEXT NOT NULL,
            state TEXT NOT NULL, attempt INTEGER NOT NULL, failures INTEGER NOT NULL, outputs TEXT NOT NULL,
            message TEXT, scheduled_ms INTEGER, started_ms INTEGER, ended_ms INTEGER, retry_ms INTEGER, process TEXT,
            PRIMARY KEY (run, task)) STRICT, WITHOUT ROWID;
        CREATE TABLE trigger_cursor (
            pipeline TEXT NOT NULL, trigger_index INTEGER NOT NULL, fired_ms INTEGER NOT NULL,
            PRIMARY KEY (pipeline, trigger_index)) STRICT, WITHOUT ROWID;
        CREATE TABLE paused_pipeline (pipeline TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE pipeline_source (version TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT;
        """

    /// A day in `feedback_day` is closed: what came after it was closed belongs to a later one.
    private static let feedback = """
        CREATE TABLE setting (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE feedback_day (day_ms INTEGER PRIMARY KEY, closed_ms INTEGER NOT NULL) STRICT;
        CREATE TABLE feedback (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, user TEXT NOT NULL, item TEXT NOT NULL,
            rating REAL, timestamp_s INTEGER NOT NULL, received_ms INTEGER NOT NULL, type TEXT NOT NULL,
            day_ms INTEGER REFERENCES feedback_day) STRICT;
        CREATE INDEX feedback_by_day ON feedback (day_ms, sequence);
        """

    /// A cursor was kept by the trigger's place in the file, which another trigger takes when the file is edited; now by
    /// what the trigger says. Old cursors cannot be told apart, so they are dropped: their triggers begin with now.
    private static let triggers = """
        ALTER TABLE dag_run ADD COLUMN event TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE dag_task ADD COLUMN queued_ms INTEGER;
        ALTER TABLE dag_task ADD COLUMN measures TEXT;
        ALTER TABLE dag_task ADD COLUMN item TEXT;
        ALTER TABLE dag_task ADD COLUMN mapped_from TEXT;
        CREATE INDEX dag_run_scheduled ON dag_run (pipeline, logical_ms) WHERE cause IN ('schedule', 'backfill');
        DROP TABLE trigger_cursor;
        CREATE TABLE trigger_cursor (
            pipeline TEXT NOT NULL, trigger_key TEXT NOT NULL, fired_ms INTEGER NOT NULL,
            PRIMARY KEY (pipeline, trigger_key)) STRICT, WITHOUT ROWID;
        CREATE TABLE dataset_event (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            clock TEXT NOT NULL, at_ms INTEGER NOT NULL, new_rows INTEGER, run TEXT, task TEXT) STRICT;
        CREATE INDEX dataset_event_by_name ON dataset_event (name, sequence);
        CREATE TABLE dataset_cursor (
            pipeline TEXT NOT NULL, trigger_key TEXT NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (pipeline, trigger_key)) STRICT, WITHOUT ROWID;
        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, notification TEXT NOT NULL,
            state TEXT NOT NULL, attempts INTEGER NOT NULL, next_ms INTEGER NOT NULL, error TEXT,
            is_resent INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE INDEX outbox_waiting ON outbox (next_ms) WHERE state = 'waiting';
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, actor TEXT NOT NULL,
            action TEXT NOT NULL, pipeline TEXT NOT NULL, run TEXT, task TEXT, detail TEXT NOT NULL) STRICT;
        CREATE INDEX audit_by_pipeline ON audit (pipeline, sequence);
        """

    /// Where the feedback of a user (subject 0) or an item (1) stands, in sorted runs: see `SQLiteStore+FeedbackRuns`.
    /// `run` is the `last_sequence` of one.
    private static let feedbackRuns = """
        CREATE TABLE feedback_run (last_sequence INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE feedback_posting (
            run INTEGER NOT NULL, subject INTEGER NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (run, subject, id, sequence)) STRICT, WITHOUT ROWID;
        """

    /// The metrics of logged models, a point of a run kept once; and what searches of models leave out, which are few.
    private static let search = """
        CREATE TABLE logged_model_metric (
            model INTEGER NOT NULL REFERENCES logged_model ON DELETE CASCADE, key TEXT NOT NULL,
            time_ms INTEGER NOT NULL, step INTEGER NOT NULL, run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            value REAL NOT NULL, is_nan INTEGER NOT NULL, dataset_name TEXT, dataset_digest TEXT,
            PRIMARY KEY (model, key, time_ms, step, run)) STRICT, WITHOUT ROWID;
        CREATE INDEX logged_model_metric_by_run ON logged_model_metric (run);
        CREATE INDEX registered_model_tag_prompt ON registered_model_tag (model)
            WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true';
        CREATE INDEX model_version_tag_prompt ON model_version_tag (model)
            WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true';
        """

    /// What `alias_change` held, and every other change of a model. `name` is what the model is called today, or was called
    /// last: its history outlives it. `former` and `present` are stages or names.
    private static let modelHistory = """
        CREATE TABLE model_change (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            model INTEGER REFERENCES registered_model ON DELETE SET NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
            alias TEXT, version INTEGER, previous_version INTEGER, former TEXT, present TEXT,
            time_ms INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
        INSERT INTO model_change
            (sequence, model, name, kind, alias, version, previous_version, time_ms, actor, reason)
            SELECT c.sequence, c.model, m.name, 'alias', c.alias, c.version, c.previous_version, c.time_ms, c.actor, c.reason
            FROM alias_change c JOIN registered_model m ON m.number = c.model;
        DROP TABLE alias_change;
        CREATE INDEX model_change_by_alias ON model_change (model, alias, sequence);
        CREATE INDEX model_change_by_name ON model_change (name, sequence);
        ALTER TABLE logged_model ADD COLUMN deleted_ms INTEGER;
        ALTER TABLE model_version ADD COLUMN run_link TEXT NOT NULL DEFAULT '';
        """
}
