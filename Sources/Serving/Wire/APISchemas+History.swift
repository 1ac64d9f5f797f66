/// Many runs at once, and the texts of pipelines.
extension APISchemas {
    private typealias M = Schema.Member

    private static let states = ["queued", "running", "success", "failed", "cancelled"]

    static let history: [(name: String, schema: Schema)] = [
        (
            "RunGrid",
            .object([
                M("tasks", .array(.string)), M("letters", .map(.string)),
                M(
                    "runs",
                    .array(
                        .object([
                            M("id", .string), M("state", .choice(states)), M("cause", .string),
                            M("logical_date", .time), M("created_at", .time), M("started_at", .nullable(.time)),
                            M("ended_at", .nullable(.time)), M("states", .string),
                        ]))),
            ])
        ),
        (
            "RunCalendar",
            .object([
                M("timezone", .string), M("year", .integer),
                M("days", .array(.object([M("date", .date), M("run", .string)] + states.map { M($0, .integer) }))),
            ])
        ),
        (
            "RunRelatives",
            .object([
                M("parent", .nullable(.named("RunReference"))), M("children", .array(.named("RunReference"))),
                M("tracked_run", .nullable(.object([M("experiment_id", .string), M("run_id", .string)]))),
            ])
        ),
        (
            "RunReference",
            .object([M("id", .string), M("pipeline", .string), M("state", .choice(states))])
        ),
        (
            "PipelineFile",
            .object([
                M("pipeline", .string), M("file", .string), M("version", .string), M("current", .boolean),
                M("source", .string), M("includes", .map(.string)), M("problems", .array(.string)),
                M(
                    "diagnostics",
                    .array(
                        .object([
                            M("file", .string), M("line", .integer), M("column", .integer), M("code", .string),
                            M("severity", .choice(["error", "warning"])), M("message", .string),
                            M("suggestion", .nullable(.string)),
                        ]))),
            ])
        ),
        (
            "PipelineVersions",
            .object([
                M(
                    "versions",
                    .array(
                        .object([
                            M("version", .string), M("current", .boolean), M("runs", .integer),
                            M("first_used_at", .nullable(.time)), M("last_used_at", .nullable(.time)),
                        ])))
            ])
        ),
    ]
}
