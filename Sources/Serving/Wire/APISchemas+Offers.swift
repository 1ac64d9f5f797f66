extension APISchemas {
    private typealias M = Schema.Member

    /// Examples, and the messages that runs send.
    static let offers: [(name: String, schema: Schema)] = [
        (
            "Examples",
            .object([
                M(
                    "examples",
                    .array(
                        .object([
                            M("name", .string), M("description", .string), M("installed", .boolean),
                            M("files", .array(.object([M("name", .string), M("text", .string)]))),
                        ])))
            ])
        ),
        ("AddedExample", .object([M("name", .string), M("added", .array(.string))])),
        (
            "Notifications",
            .object([
                M(
                    "notifications",
                    .array(
                        .object([
                            M("id", .string), M("state", .choice(["waiting", "sending", "delivered", "given_up"])),
                            M("event", .nullable(.string)), M("to", .string), M("pipeline", .string), M("run", .string),
                            M("task", .nullable(.string)), M("message", .nullable(.string)), M("attempts", .integer),
                            M("error", .nullable(.string)), M("created_at", .time), M("next_at", .nullable(.time)),
                        ])))
            ])
        ),
    ]
}
