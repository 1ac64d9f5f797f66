/// Where the files of a version are said to be, taken apart.
///
/// `models:` and `runs:` are resolved against the store, `mlflow-artifacts:` must lie inside a run's or a logged model's
/// folder, and any other scheme is text that the server keeps and never opens.
package enum ModelSource: Sendable, Equatable {
    /// `models:/m-…`
    case loggedModel(id: String)
    /// `models:/name/3`
    case version(name: String, version: Int)
    /// `models:/name@alias`
    case alias(name: String, alias: String)
    /// `models:/name/Production`, and `models:/name/latest` with no stage: the newest version.
    case newest(name: String, stage: Stage?)
    /// `runs:/run/path`
    case run(id: String, path: ArtifactPath)
    /// `mlflow-artifacts:/path`
    case artifact(ArtifactPath)
    /// `s3:`, `gs:`, `https:` and the like: nothing that is ever opened.
    case opaque(String)

    /// What MLflow's client gives as the source of a prompt, which has no files.
    private static let ofPrompts = "dummy-source"

    /// - Throws: `.invalid` for a path of this machine, for `..` and NUL however often they are percent-encoded, and
    ///   for a `models:` or `runs:` URI that names nothing.
    package init(parsing source: String) throws(RegistryError) {
        if source.isEmpty { throw .invalid("Missing value for required parameter 'source'") }
        // Bounds the work of decoding again and again, too.
        try Limits.check(source, named: "source", atMost: Limits.modelSource)
        try Self.checkEscapes(source)
        guard let colon = source.firstIndex(of: ":") else {
            guard source == Self.ofPrompts else { throw Self.refusal(source, "it is no URI") }
            self = .opaque(source)
            return
        }
        let rest = source[source.index(after: colon)...]
        switch source[..<colon].lowercased() {
        case "models": self = try Self.models(Self.path(rest, of: source), of: source)
        case "runs":
            let path = try Self.path(rest, of: source)
            let parts = path.split(separator: "/", maxSplits: 1)
            guard parts.count == 2 else { throw Self.refusal(source, "write it as runs:/<run id>/<path>") }
            self = .run(id: String(parts[0]), path: try ArtifactPath(String(parts[1])))
        case "mlflow-artifacts": self = .artifact(try ArtifactPath(String(Self.path(rest, of: source))))
        case "file", "": throw Self.refusal(source, "it is a path of this machine; log the model to a run first")
        default:
            // A drive letter is no scheme.
            guard source.distance(from: source.startIndex, to: colon) > 1 else {
                throw Self.refusal(source, "it is a path of this machine; log the model to a run first")
            }
            self = .opaque(source)
        }
    }

    private static func models(_ path: Substring, of source: String) throws(RegistryError) -> ModelSource {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let version = Int(parts[1]), version > 0, !parts[0].isEmpty {
            return .version(name: String(parts[0]), version: version)
        }
        if parts.count == 2, !parts[0].isEmpty {
            if parts[1] == "latest" { return .newest(name: String(parts[0]), stage: nil) }
            if let stage = try? Stage(parsing: String(parts[1])) {
                return .newest(name: String(parts[0]), stage: stage)
            }
        }
        if parts.count == 1 {
            if path.hasPrefix("m-"), !path.contains("@") { return .loggedModel(id: String(path)) }
            if let at = path.lastIndex(of: "@"), at != path.startIndex, path.index(after: at) != path.endIndex {
                return .alias(name: String(path[..<at]), alias: String(path[path.index(after: at)...]))
            }
        }
        throw refusal(source, "write it as models:/m-<id>, models:/<name>/<version> or models:/<name>@<alias>")
    }

    /// What follows `scheme:/`; a host (`scheme://host/…`) would name another server.
    private static func path(_ rest: Substring, of source: String) throws(RegistryError) -> Substring {
        guard rest.hasPrefix("/"), !rest.hasPrefix("//") else {
            throw refusal(source, "after the scheme comes one slash and a path, without a host")
        }
        return rest.dropFirst()
    }

    private static func checkEscapes(_ source: String) throws(RegistryError) {
        var text = Array(source.utf8)
        // Each round shortens the text or ends the loop.
        while true {
            if text.contains(0) || PercentEscapes.components(of: text).contains(Array("..".utf8)) {
                throw refusal(source, "it holds `..` or a zero byte")
            }
            let decoded = PercentEscapes.decoded(text)
            if decoded == text { return }
            text = decoded
        }
    }

    private static func refusal(_ source: String, _ why: String) -> RegistryError {
        .invalid("Invalid model version source: '\(source)': \(why).")
    }
}
