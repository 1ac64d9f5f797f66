import Logging

extension APISchemas {
    private typealias M = Schema.Member

    private static func choice<Name: RawRepresentable & CaseIterable>(of type: Name.Type) -> Schema
    where Name.RawValue == String { .choice(type.allCases.map(\.rawValue)) }

    private static let columns = [
        "waiting_writes", "active_runs", "queued_runs", "running_tasks", "waiting_tasks", "training_jobs",
    ]

    /// Of the program itself.
    static let system: [(name: String, schema: Schema)] = [
        (
            "System",
            .object([
                M("program", .string), M("started_at", .time), M("home", .string),
                M("memory_bytes", .nullable(.integer)), M("cpu_seconds", .nullable(.number)),
                M("last_load_error", .nullable(.named("LoadError"))), M("peak_memory_bytes", .nullable(.integer)),
                M("versions", versions), M("subsystems", .array(.named("Subsystem"))), M("disk", .nullable(disk)),
                M("settings", .array(setting)), M("examination", .nullable(.named("Examination"))),
            ])
        ),
        (
            "Subsystem",
            .object([
                M("name", choice(of: Subsystem.Name.self)), M("state", choice(of: Subsystem.State.self)),
                M("detail", .nullable(.string)),
                M(
                    "queues",
                    .array(
                        .object([
                            M("kind", choice(of: Subsystem.Queue.Kind.self)), M("name", .nullable(.string)),
                            M("used", .integer), M("limit", .nullable(.integer)), M("waiting", .integer),
                        ]))),
            ])
        ),
        (
            "Examination",
            .object([
                M("at", .time),
                M(
                    "findings",
                    .array(
                        .object([
                            M("subject", .string), M("ok", .boolean), M("text", .string),
                            M("remedy", .nullable(.string)),
                        ]))),
            ])
        ),
        (
            "SystemSamples",
            .object(
                [
                    M("interval_seconds", .integer), M("at_ms", .array(.integer)),
                    M("memory_bytes", .array(.nullable(.integer))), M("cpu", .array(.nullable(.number))),
                    M("feedback_per_second", .array(.number)), M("families", .array(family)),
                ] + columns.map { M($0, .array(.integer)) })
        ),
        (
            "SystemLog",
            .object([
                M("first_id", .integer), M("last_id", .integer),
                M(
                    "lines",
                    .array(
                        .object([
                            M("id", .integer), M("at", .time), M("level", choice(of: Logger.Level.self)),
                            M("message", .string), M("facts", .map(.string)),
                        ]))),
            ])
        ),
    ]

    private static let versions = Schema.object([
        M("swift", .string), M("sqlite", .string), M("platform", .string), M("build", .choice(["debug", "release"])),
        M("cores", .integer), M("process_id", .integer),
    ])

    private static let disk = Schema.object([
        M("measured_at", .time), M("free_bytes", .nullable(.integer)), M("capacity_bytes", .nullable(.integer)),
        M(
            "places",
            .array(
                .object([M("name", .string), M("path", .string), M("bytes", .integer), M("files", .integer)]))),
    ])

    private static let setting = Schema.object([
        M("name", .string), M("value", .nullable(.string)), M("origin", choice(of: SettingFacts.Origin.self)),
        M("spelling", .string),
    ])

    private static let family = Schema.object([
        M("name", .string), M("requests_per_second", .array(.number)), M("p50_ms", .array(.nullable(.number))),
        M("p99_ms", .array(.nullable(.number))),
    ])
}
