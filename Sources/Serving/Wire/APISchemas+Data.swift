extension APISchemas {
    private typealias M = Schema.Member

    /// Of the ratings themselves.
    static let data: [(name: String, schema: Schema)] = [
        ("DataFiles", .array(.object([M("path", .string), M("bytes", .nullable(.integer))]))),
        ("DatasetLicence", .object([M("name", .string), M("terms", .array(.string))])),
        (
            "Data",
            .object([
                M("dataset", .string), M("form", .choice(["csv", "doubleColon", "tabs"])), M("ratings", .integer),
                M("users", .integer), M("items", .integer), M("days", .integer), M("content_hash", .string),
                M("source_files", .named("DataFiles")), M("log_folder", .string), M("log_files", .named("DataFiles")),
                M("licence", .nullable(.named("DatasetLicence"))), M("readme", .nullable(.string)),
            ])
        ),
        (
            "DataDays",
            .object(
                [M("first_day", .date)]
                    + ["ratings", "users", "new_users", "items", "new_items"].map { M($0, .array(.integer)) }
                    + [M("rating_mean", .array(.nullable(.number)))])
        ),
        (
            "RejectedData",
            .object([
                M("rejected", .integer), M("total", .integer), M("path", .nullable(.string)),
                M("lines", .array(.object([M("line", .integer), M("problem", .string), M("text", .string)]))),
            ])
        ),
        (
            "AvailableDatasets",
            .object([
                M(
                    "datasets",
                    .array(
                        .object([
                            M("name", .string), M("path", .nullable(.string)), M("ratings", .nullable(.integer)),
                            M("megabytes", .nullable(.integer)), M("licence", .nullable(.named("DatasetLicence"))),
                            M("can_be_fetched", .boolean),
                        ])))
            ])
        ),
        (
            "FeedbackQueue",
            .object([
                M("stored", .integer), M("waiting", .integer), M("arriving", .integer), M("arriving_limit", .integer),
                M("accepted", .integer), M("duplicates", .integer), M("last_received_at", .nullable(.time)),
                M("closed_days", .integer),
                M(
                    "days",
                    .array(.object([M("date", .date), M("closed_at", .time), M("events", .integer)]))),
            ])
        ),
    ]
}
