/// What answers are made of: items, recommendations, feedback, predictions.
extension APISchemas {
    private typealias M = Schema.Member

    private static let itemMembers = [
        M("item", .string), M("title", .nullable(.string)), M("year", .nullable(.integer)),
        M("genres", .array(.string)),
    ]

    private static let selection = [
        M("k", .integer), M("model", .string), M("exclude_seen", .boolean), M("genre", .string), M("explain", .boolean),
    ]

    static let answering: [(name: String, schema: Schema)] = [
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
}
