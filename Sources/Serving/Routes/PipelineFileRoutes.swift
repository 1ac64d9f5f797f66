import Hummingbird
import Scheduling

/// The texts of pipelines: as they are, with what is wrong with them, and as earlier runs had them.
struct PipelineFileRoutes: RouteFamily {
    let surroundings: Surroundings
    private var orchestrator: any Orchestrator { surroundings.ports.orchestrator }

    func register(in table: inout RouteTable) {
        let root = "/api/v1/pipelines/{pipeline}"
        table.get(
            "\(root)/file",
            RouteDocumentation(
                "The pipeline's file with its errors and warnings, or the text of an earlier version", tag: "pipelines",
                query: [.init("version", .string, "The content hash of a version; the file as it is when absent.")],
                answers: "PipelineFile", failures: [404]),
            handler: file)
        table.get(
            "\(root)/versions",
            RouteDocumentation(
                "Which versions of the file runs had, the one that was used last first", tag: "pipelines",
                answers: "PipelineVersions", failures: [404]),
            handler: versions)
    }

    private func file(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let version = fields.string("version")
        try fields.finish()
        let id = call.parameter("pipeline")
        let file = try await orchestrator.file(of: id)
        let running = file.running?.version
        guard let version, version != file.text.version else {
            return .json(capacity: 1024 + file.text.source.utf8.count) { json in
                json.member("pipeline", id)
                json.text(file.text, of: file.path, isCurrent: file.text.version == running)
                json.remarks(file.diagnostics, file.problems)
            }
        }
        // The version that runs may have had no run yet.
        let isCurrent = version == running
        let kept = isCurrent ? file.running : try await surroundings.history.pipelineText(of: id, version: version)
        guard let kept else {
            throw ServingFailure.notFound(
                "no run of \(id.prefix(100)) had the version \(version.prefix(80)).",
                remedy: "list them: GET /api/v1/pipelines/\(id.prefix(100))/versions.")
        }
        return .json(capacity: 1024 + kept.source.utf8.count) { json in
            json.member("pipeline", id)
            json.text(kept, of: file.path, isCurrent: isCurrent)
            json.remarks([], [])
        }
    }

    private func versions(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let id = call.parameter("pipeline")
        let current = try await orchestrator.pipeline(id: id).summary.version
        let used = try await surroundings.history.versions(of: id)
        return .json(capacity: 256 + 256 * used.count) { json in
            json.member(
                "versions",
                array: { json in
                    if !current.isEmpty, !used.contains(where: { $0.version == current }) {
                        json.object { $0.version(current, isCurrent: true, nil) }
                    }
                    for use in used {
                        json.object { $0.version(use.version, isCurrent: use.version == current, use) }
                    }
                })
        }
    }
}

extension JSONWriter {
    fileprivate mutating func version(_ version: String, isCurrent: Bool, _ use: PipelineVersionUse?) {
        member("version", version)
        member("current", isCurrent)
        member("runs", use?.runs ?? 0)
        member("first_used_at", use?.firstUsedAt)
        member("last_used_at", use?.lastUsedAt)
    }

    /// - Parameter isCurrent: whether it is what the next run will have.
    fileprivate mutating func text(_ text: PipelineText, of path: String, isCurrent: Bool) {
        member("file", path)
        member("version", text.version)
        member("current", isCurrent)
        member("source", text.source)
        member("includes", text.includes)
    }

    fileprivate mutating func remarks(_ diagnostics: [Diagnostic], _ problems: [String]) {
        member("problems", problems)
        member("diagnostics", objects: diagnostics) { json, diagnostic in
            json.member("file", diagnostic.file)
            json.member("line", diagnostic.line)
            json.member("column", diagnostic.column)
            json.member("code", diagnostic.code.rawValue)
            json.member("severity", diagnostic.severity.rawValue)
            json.member("message", diagnostic.message)
            json.member("suggestion", diagnostic.suggestion)
        }
    }
}
