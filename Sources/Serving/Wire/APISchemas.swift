/// The shapes of everything that the API takes and gives, by name.
package enum APISchemas {
    package static let all: [(name: String, schema: Schema)] =
        common + answering + watching + history + models + registry + experiments + offers + data + system

    private typealias M = Schema.Member
    /// Null while the alias `production` names what answers.
    private static let loadError = M("last_load_error", .nullable(.named("LoadError")))

    private static let common: [(name: String, schema: Schema)] = [
        (
            "Failure",
            .object([M("error", .object([M("code", .string), M("message", .string), M("remedy", .string)]))])
        ),
        (
            "Health",
            .object(
                [M("status", .choice(["ok", "ready"]))], optional: [M("model", .named("ModelReference")), loadError])
        ),
        (
            "LoadError",
            .object([
                M("model", .string), M("version", .integer), M("message", .string), M("remedy", .string),
                M("at", .time),
            ])
        ),
        ("ModelReference", .object([M("name", .string), M("version", .integer), M("alias", .nullable(.string))])),
        // As Slack sends it, with more than is read here.
        ("SlackCommand", .object([M("text", .string)], optional: [M("user_name", .string), M("user_id", .string)])),
        (
            "SlackAnswer",
            .object([M("response_type", .choice(["ephemeral", "in_channel"])), M("text", .string)])
        ),
    ]

    private static let itemMembers = [
        M("item", .string), M("title", .nullable(.string)), M("year", .nullable(.integer)),
        M("genres", .array(.string)),
    ]

    private static let answering: [(name: String, schema: Schema)] = [
        ("Item", .object(itemMembers)),
        ("Reason", .object([M("item", .string), M("title", .nullable(.string)), M("weight", .number)])),
        (
            "ScoredItem",
            .object(itemMembers + [M("score", .number)], optional: [M("because", .array(.named("Reason")))])
        ),
        (
            "Recommendations",
            .object(
                [
                    M("user", .nullable(.string)), M("known", .boolean), M("model", .named("ModelReference")),
                    M("items", .array(.named("ScoredItem"))),
                ], optional: [M("ignored_items", .array(.string)), M("explained", .boolean)])
        ),
        (
            "FoldInRequest",
            .object(
                [M("history", .array(.object([M("item", .string)], optional: [M("rating", .number)])))],
                optional: selection + [M("version", .integer)])
        ),
        ("BatchRequest", .object([M("users", .array(.string))], optional: selection)),
        (
            "BatchRecommendations",
            .object([
                M("model", .named("ModelReference")),
                M(
                    "results",
                    .array(
                        .object(
                            [M("user", .string), M("known", .boolean), M("items", .array(.named("ScoredItem")))],
                            optional: [M("explained", .boolean)]))),
            ])
        ),
        ("Items", .object([M("items", .array(.named("Item")))])),
        ("Genres", .object([M("genres", .array(.string))])),
        ("ItemDetail", .object(itemMembers + [M("ratings", .integer), M("mean_rating", .nullable(.number))])),
        (
            "SimilarItems",
            .object([
                M("item", .string), M("title", .nullable(.string)), M("model", .named("ModelReference")),
                M("items", .array(.named("ScoredItem"))),
            ])
        ),
        ("Users", .object([M("users", .array(.object([M("user", .string), M("ratings", .integer)])))])),
        (
            "User",
            .object([
                M("user", .string), M("known", .boolean), M("ratings", .integer),
                M("history", .array(.object(itemMembers + [M("rating", .nullable(.number)), M("timestamp", .time)]))),
            ])
        ),
        (
            "FeedbackEvent",
            .object(
                [M("user", .string), M("item", .string)],
                optional: [M("rating", .number), M("timestamp", .integer), M("type", .string), M("id", .string)])
        ),
        ("FeedbackReceipt", .object([M("accepted", .integer), M("duplicates", .integer)])),
        (
            "InvocationRequest",
            .object(
                [],
                optional: [
                    M(
                        "dataframe_split",
                        .object([M("columns", .array(.string)), M("data", .array(.array(.any)))], open: true)),
                    M("dataframe_records", .array(.object([], open: true))), M("inputs", .any), M("instances", .any),
                    M("params", .object([], optional: [M("k", .integer)])),
                ])
        ),
        ("Predictions", .object([M("predictions", .array(.array(.string)))])),
        ("MLflowFailure", .object([M("error_code", .string), M("message", .string)])),
    ]

    private static let selection = [
        M("k", .integer), M("model", .string), M("exclude_seen", .boolean), M("genre", .string), M("explain", .boolean),
    ]

    private static let rankings = ["production", "popularity", "decayed_popularity"].map { M($0, .nullable(.number)) }
    private static let qualityMeans = [M("mean", .object(rankings)), M("standard_error", .object(rankings))]

    private static let watching: [(name: String, schema: Schema)] = [
        (
            "Serving",
            .object([
                M("ready", .boolean),
                M(
                    "model",
                    .nullable(
                        .object([
                            M("name", .string), M("version", .integer), M("alias", .string), M("algorithm", .string),
                            M("users", .integer), M("items", .integer), M("loaded_at", .time),
                            M("run_id", .nullable(.string)), M("simulated_date", .nullable(.string)),
                        ]))),
                loadError, M("shadow", .nullable(.named("Shadow"))), M("swaps", .integer),
                M("requests", .object([M("recommendations", .integer)])),
                M("latency", .object([M("p50_ms", .nullable(.number)), M("p99_ms", .nullable(.number))])),
            ])
        ),
        (
            "Shadow",
            .object([
                M("model", .nullable(.named("ModelReference"))), M("problem", .nullable(.string)), M("share", .number),
                M("against", .nullable(.integer)), M("answers", .integer), M("dropped", .integer),
                M("mean_overlap", .nullable(.number)),
            ])
        ),
        ("ReloadRequest", .object([], optional: [M("model", .string), M("alias", .string)])),
        (
            "Replay",
            .object([
                M("dataset", .string), M("now", .time), M("first_day", .date), M("last_day", .date), M("start", .date),
                M("until", .nullable(.date)), M("state", .choice(["playing", "paused", "working", "finished"])),
                M("day_length_seconds", .number), M("day", .integer), M("days_total", .integer),
                M("ratings_arrived", .integer), M("ratings_total", .integer), M("next_day_at", .nullable(.time)),
                M("day_progress", .number),
                M("error", .nullable(.object([M("message", .string), M("remedy", .string)]))),
            ])
        ),
        (
            "ReplayOrder",
            .object(
                [M("action", .choice(["play", "pause", "step", "goto", "reset", "speed"]))],
                optional: [M("days", .integer), M("date", .date), M("day_length_seconds", .number)])
        ),
        (
            "Quality",
            .object(
                [
                    M("model", .string), M("metric", .string), M("running_days", .integer),
                    M("points", .array(.named("QualityPoint"))),
                ] + qualityMeans + [M("known", .object(qualityMeans)), M("new", .object(qualityMeans))])
        ),
        (
            "QualityPoint",
            .object(
                [M("date", .date)] + rankings + [
                    M("running", .map(.object([M("mean", .number), M("standard_error", .nullable(.number))])))
                ], open: true)
        ),
        (
            "Drift",
            .object([
                M(
                    "points",
                    .array(
                        .object(
                            [
                                M("date", .date),
                                M(
                                    "alerts",
                                    .array(
                                        .object([M("measure", .string), M("value", .number), M("limit", .number)]))),
                            ], open: true)))
            ])
        ),
        (
            "Datasets",
            .object([
                M(
                    "datasets",
                    .array(
                        .object([
                            M("name", .string), M("active", .boolean), M("ratings", .integer), M("users", .integer),
                            M("items", .integer), M("first_day", .date), M("last_day", .date),
                            M("content_hash", .string),
                            M("source", .string),
                        ])))
            ])
        ),
        (
            "Status",
            .object([
                M("version", .string), M("home", .string), M("uptime_seconds", .number), M("url", .nullable(.string)),
                M("memory_bytes", .nullable(.integer)), M("replay", .named("Replay")), M("serving", .named("Serving")),
                M("pipelines", .object([M("running", .integer), M("queued", .integer)])),
                M("problems", .array(.object([M("subject", .string), M("message", .string), M("remedy", .string)]))),
                M("started_at", .time),
            ])
        ),
    ]

    private static let runMembers = [
        M("id", .string), M("pipeline", .string), M("version", .string),
        M("cause", .choice(["schedule", "manual", "pipeline", "dataset", "webhook", "backfill", "after"])),
        M("clock", .choice(["wall", "replay"])), M("logical_date", .time),
        M("data_interval", .object([M("start", .time), M("end", .time)])), M("params", .map(.string)),
        M("state", .choice(["queued", "running", "success", "failed", "cancelled"])), M("message", .nullable(.string)),
        M("parent_run", .nullable(.string)), M("event", .map(.string)), M("created_at", .time),
        M("started_at", .nullable(.time)),
        M("ended_at", .nullable(.time)),
    ]

    private static let pipelineMembers = [
        M("id", .string), M("description", .string), M("tags", .array(.string)), M("file", .string),
        M("version", .string),
        M("timezone", .string), M("paused", .boolean), M("environment", .choice(["research", "production"])),
        M("schedules", .array(.string)),
        M("triggers", .array(.object([M("words", .string), M("clock", .nullable(.choice(["wall", "replay"])))]))),
        M("next", .array(.object([M("clock", .choice(["wall", "replay"])), M("at", .time)]))),
        M("problems", .array(.string)),
        M(
            "last_runs",
            .array(
                .object([
                    M("id", .string), M("state", .string), M("cause", .string), M("logical_date", .time),
                    M("created_at", .time), M("started_at", .nullable(.time)), M("ended_at", .nullable(.time)),
                    M("message", .nullable(.string)),
                    M(
                        "failed_task",
                        .nullable(
                            .object([M("id", .string), M("attempt", .integer), M("message", .nullable(.string))]))),
                ]))),
    ]

    private static let registry: [(name: String, schema: Schema)] = [
        ("Run", .object(runMembers)),
        ("Runs", .object([M("runs", .array(.named("Run")))])),
        ("RunDetail", .object(runMembers + [M("tasks", .array(.named("Task")))])),
        (
            "RunStart",
            .object([], optional: [M("params", .object([], open: true)), M("logical_date", .nullable(.string))])
        ),
        (
            "ClearRequest",
            .object(
                [],
                optional: [
                    M("tasks", .array(.string)), M("downstream", .boolean), M("only_failed", .boolean),
                    M("dry_run", .boolean),
                ])
        ),
        ("Cleared", .object([M("run", .string), M("state", .string), M("cleared", .array(.string))])),
        ("MarkRequest", .object([M("state", .choice(["success", "failed"]))], optional: [M("task", .string)])),
        (
            "BackfillRequest",
            .object(
                [M("from", .string), M("to", .string)],
                optional: [M("dry_run", .boolean), M("params", .object([], open: true))])
        ),
        (
            "Backfill",
            .object([
                M("runs", .array(.string)), M("dates", .array(.string)), M("existing", .integer),
                M("dry_run", .boolean),
            ])
        ),
        (
            "InstallationRequest",
            .object(
                [M("file", .string), M("source", .string)],
                optional: [M("replaces", .nullable(.string)), M("dry_run", .boolean)])
        ),
        (
            "Installation",
            .object([
                M("pipeline", .string), M("file", .string), M("change", .choice(["new", "changed", "none"])),
                M("diff", .string), M("replaces", .nullable(.string)), M("removes", .array(.string)),
                M("warnings", .array(.string)),
            ])
        ),
        ("CausedRuns", .object([M("runs", .array(.named("Run")))])),
        ("HookEvent", .object([], open: true)),
        ("DatasetEvent", .object([], optional: [M("new_rows", .integer), M("id", .string)])),
        (
            "Audit",
            .object([
                M(
                    "entries",
                    .array(
                        .object([
                            M("at", .time), M("actor", .string), M("action", .string), M("pipeline", .string),
                            M("run", .nullable(.string)), M("task", .nullable(.string)), M("detail", .string),
                        ])))
            ])
        ),
        (
            "Task",
            .object([
                M("id", .string), M("state", .string), M("attempt", .integer), M("failures", .integer),
                M("outputs", .map(.string)), M("message", .nullable(.string)), M("scheduled_at", .nullable(.time)),
                M("started_at", .nullable(.time)), M("ended_at", .nullable(.time)), M("retry_at", .nullable(.time)),
                M("item", .nullable(.string)), M("mapped_from", .nullable(.string)), M("queued_at", .nullable(.time)),
                M(
                    "measures",
                    .nullable(
                        .object([
                            M("scope", .choice(["process_tree", "program"])), M("cpu_seconds", .number),
                            M("peak_memory_bytes", .nullable(.integer)), M("read_bytes", .nullable(.integer)),
                            M("written_bytes", .nullable(.integer)), M("exit_code", .nullable(.integer)),
                            M("signal", .nullable(.integer)),
                        ]))),
            ])
        ),
        ("Pipeline", .object(pipelineMembers)),
        ("Pipelines", .object([M("pipelines", .array(.named("Pipeline")))])),
        (
            "PipelineDetail",
            .object(
                pipelineMembers + [
                    M(
                        "params",
                        .array(
                            .object([
                                M("name", .string), M("type", .string), M("default", .nullable(.string)),
                                M("min", .nullable(.number)), M("max", .nullable(.number)),
                                M("values", .array(.string)),
                                M("help", .string),
                            ]))),
                    M(
                        "tasks",
                        .array(
                            .object([
                                M("id", .string), M("type", .string), M("needs", .array(.string)),
                                M("trigger_rule", .string),
                                M("level", .integer),
                            ]))),
                    M("source", .string),
                ])
        ),
        (
            "Reproduction",
            .object([
                M("name", .string), M("version", .integer), M("algorithm", .string), M("equal", .boolean),
                M("content_hash", .string), M("reproduced_hash", .string), M("differing_files", .array(.string)),
                M("seconds", .number),
            ])
        ),
        ("FileContent", .any),
        (
            "StoredFile",
            .object([
                M("name", .string), M("version", .integer), M("file", .string), M("bytes", .integer),
                M("sha256", .string), M("compression", .nullable(.string)), M("score", .nullable(.number)),
                M("metric", .nullable(.string)), M("tags", .map(.string)),
            ])
        ),
    ]
}
