/// Files that are versions of models, and models that are trained again.
extension APISchemas {
    private typealias M = Schema.Member

    static let registry: [(name: String, schema: Schema)] = [
        (
            "Reproduction",
            .object([
                M("name", .string), M("version", .integer), M("algorithm", .string), M("equal", .boolean),
                M("content_hash", .string), M("reproduced_hash", .string), M("differing_files", .array(.string)),
                M("seconds", .number),
            ])
        ),
        ("FileContent", .any),
        (
            "StoredFile",
            .object([
                M("name", .string), M("version", .integer), M("file", .string), M("bytes", .integer),
                M("sha256", .string), M("compression", .nullable(.string)), M("score", .nullable(.number)),
                M("metric", .nullable(.string)), M("tags", .map(.string)),
            ])
        ),
    ]
}
