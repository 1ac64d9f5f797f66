/// Registered models and their versions.
extension APISchemas {
    private typealias M = Schema.Member

    private static let modelVersion = [
        M("version", .integer), M("stage", .string), M("aliases", .array(.string)), M("created_at", .time),
        M("simulated_date", .nullable(.string)), M("algorithm", .nullable(.string)),
        M("metrics", .map(.nullable(.number))), M("run_id", .nullable(.string)),
        M("experiment_id", .nullable(.string)), M("model_id", .nullable(.string)),
        M("pipeline", .nullable(.string)), M("pipeline_run", .nullable(.string)),
        M("description", .string), M("tags", .map(.string)),
    ]
    /// Null bytes: the files are not here.
    private static let versionSize = [M("bytes", .nullable(.integer)), M("servable", .boolean)]

    static let models: [(name: String, schema: Schema)] = [
        (
            "Models",
            .object([
                M(
                    "models",
                    .array(
                        .object([
                            M("name", .string), M("description", .string), M("created_at", .time),
                            M("updated_at", .time), M("aliases", .map(.integer)), M("served", .boolean),
                            M("versions", .integer),
                            M(
                                "newest",
                                .nullable(
                                    .object(
                                        [M("version", .integer), M("created_at", .time)],
                                        optional: [M("servable", .boolean)]))),
                        ])))
            ])
        ),
        (
            "Model",
            .object([
                M("name", .string), M("description", .string), M("created_at", .time), M("updated_at", .time),
                M("aliases", .map(.integer)), M("served", .boolean), M("tags", .map(.string)),
                M("serving", .nullable(.object([M("version", .integer)]))),
                // Where production would go.
                M("rollback", .nullable(.object([M("version", .integer)]))),
                M("versions", .array(.named("ModelVersion"))), M("history", .array(.named("AliasChange"))),
            ])
        ),
        ("ModelVersion", .object(modelVersion, optional: versionSize)),
        (
            "ModelVersionStory",
            .object(
                modelVersion + versionSize + [
                    M("name", .string), M("updated_at", .time), M("source", .string), M("params", .map(.string)),
                    M(
                        "run",
                        .nullable(
                            .object([
                                M("id", .string), M("experiment_id", .string), M("name", .string),
                                M("status", .string), M("user", .string), M("started_at", .time),
                                M("ended_at", .nullable(.time)), M("tags", .map(.string)),
                            ]))),
                    M(
                        "logged_model",
                        .nullable(
                            .object([
                                M("id", .string), M("experiment_id", .string), M("name", .string), M("type", .string),
                                M("status", .string), M("tags", .map(.string)),
                            ]))),
                    M(
                        "datasets",
                        .array(
                            .object([
                                M("name", .string), M("digest", .string), M("context", .nullable(.string)),
                                M("profile", .nullable(.string)),
                            ]))),
                    M(
                        "warm_start",
                        .nullable(.object([M("content_hash", .string), M("version", .nullable(.integer))]))),
                    M(
                        "files",
                        .array(.object([M("path", .string), M("bytes", .integer), M("url", .string)]))),
                    M("changes", .array(.named("ModelChange"))),
                ])
        ),
        ("StageRequest", .object([M("stage", .string)])),
        (
            "AliasChange",
            .object([
                M("alias", .string), M("version", .nullable(.integer)), M("previous_version", .nullable(.integer)),
                M("at", .time), M("actor", .string), M("reason", .string),
            ])
        ),
        ("ModelHistory", .object([M("name", .string), M("changes", .array(.named("ModelChange")))])),
        (
            "ModelChange",
            .object(
                [M("kind", .string), M("at", .time), M("actor", .string), M("reason", .string)],
                optional: [
                    M("alias", .string), M("version", .nullable(.integer)), M("previous_version", .nullable(.integer)),
                    M("stage", .string), M("previous_stage", .string), M("name", .string), M("previous_name", .string),
                ])
        ),
        (
            "PromoteRequest",
            .object([M("version", .integer)], optional: [M("alias", .string), M("reason", .string)])
        ),
        ("RollbackRequest", .object([], optional: [M("alias", .string)])),
    ]
}
