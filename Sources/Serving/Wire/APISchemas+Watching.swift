/// How things stand: serving, the clock, quality, status.
extension APISchemas {
    private typealias M = Schema.Member

    private static let rankings = ["production", "popularity", "decayed_popularity"].map { M($0, .nullable(.number)) }
    private static let qualityMeans = [M("mean", .object(rankings)), M("standard_error", .object(rankings))]

    static let watching: [(name: String, schema: Schema)] = [
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
}
