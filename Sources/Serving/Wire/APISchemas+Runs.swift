/// Runs and pipelines, and what is ordered of them.
extension APISchemas {
    private typealias M = Schema.Member

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

    static let runs: [(name: String, schema: Schema)] = [
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
    ]
}
