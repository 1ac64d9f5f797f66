extension APISchemas {
    private typealias M = Schema.Member

    /// Of experiments, beside what MLflow's own routes tell.
    static let experiments: [(name: String, schema: Schema)] = [
        ("Experiments", .object([M("experiments", .array(.named("Experiment")))])),
        (
            "Experiment",
            .object([
                M("id", .string), M("name", .string), M("lifecycle_stage", .choice(["active", "deleted"])),
                M("created_at", .time), M("runs", .integer), M("running", .integer), M("failed", .integer),
                M(
                    "last_run",
                    .nullable(
                        .object([
                            M("id", .string), M("name", .string), M("status", .string), M("started_at", .time),
                            M("ended_at", .nullable(.time)), M("user", .string), M("pipeline", .nullable(.string)),
                        ]))),
            ])
        ),
        ("PurgeRequest", .object([], optional: [M("dry_run", .boolean)])),
        (
            "Purge",
            .object([
                M("dry_run", .boolean), M("experiments", .array(.object([M("id", .string), M("name", .string)]))),
                M("runs", .integer), M("logged_models", .integer), M("bytes", .integer),
                M("unremoved_folders", .integer),
                M(
                    "kept",
                    .array(
                        .object([
                            M("kind", .choice(["run", "logged_model"])), M("id", .string), M("experiment", .string),
                            M("model", .string), M("version", .integer),
                        ]))),
            ])
        ),
    ]
}
