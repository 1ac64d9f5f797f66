/// The shapes of everything that the API takes and gives, by name.
package enum APISchemas {
    package static let all: [(name: String, schema: Schema)] =
        common + answering + watching + history + runs + models + registry + experiments + offers + data + system

    private typealias M = Schema.Member
    /// Null while the alias `production` names what answers.
    static let loadError = Schema.Member("last_load_error", .nullable(.named("LoadError")))

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
}
