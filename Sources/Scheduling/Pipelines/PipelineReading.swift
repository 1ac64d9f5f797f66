/// One pass over one file: what was understood so far, and every problem on the way.
///
/// A part that is wrong is reported and left out, and the reading goes on; `PipelineCompiler` gives a pipeline away
/// only when nothing was reported as an error.
struct PipelineReading {
    let compiler: PipelineCompiler
    let source: String
    let file: String
    let now: Instant?
    let lines: SourceLines
    private(set) var diagnostics: [Diagnostic] = []

    var zone: ZoneRules
    /// Resolved, and those that could not be: both are names that exist.
    var variables: [String: String] = [:]
    var variableNames: [String] = []
    var params: [ParamSpec] = []
    var paramNames: [String] = []
    var usedParams: Set<String> = []
    /// Every task's name in the order of the file, also of tasks with errors.
    var taskNames: [String] = []
    var needs: [String: [String]] = [:]

    init(compiler: PipelineCompiler, source: String, file: String, now: Instant?) {
        (self.compiler, self.source, self.file, self.now) = (compiler, source, file, now)
        lines = SourceLines(source)
        zone = compiler.machineZone
    }

    mutating func report(
        _ code: DiagnosticCode, at position: SourcePosition, _ message: String, suggestion: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(
                file: file, line: position.line, column: position.column, code: code, message: message,
                suggestion: suggestion))
    }

    mutating func pipeline() -> Pipeline? {
        let root: YAMLNode
        do {
            guard let read = try YAMLReader.read(source) else {
                report(
                    .missingKey, at: SourcePosition(line: 1, column: 1),
                    "the file is empty; a pipeline has at least `pipeline` and `tasks`")
                return nil
            }
            root = read
        } catch {
            report(error.kind.code, at: error.position, error.sentence)
            return nil
        }
        guard let keys = map(root, "the file", PipelineKeys.pipeline, place: "the pipeline") else { return nil }
        let id = pipelineID(keys, root)
        readZone(keys["timezone"])
        readVariables(keys["variables"])
        readParams(keys["params"])
        let triggers = self.triggers(keys["triggers"])
        let tasks = self.tasks(keys["tasks"], defaults: keys["defaults"], root)
        let description = keys["description"].flatMap { text($0.value, "description") } ?? ""
        let tags = keys["tags"].flatMap { texts($0.value, "tags") }?.map(\.text) ?? []
        let maxActiveRuns = keys["max_active_runs"].flatMap { wholeNumber($0.value, "max_active_runs", least: 1) } ?? 1
        warnAboutUnusedParams(keys["params"])
        guard let id else { return nil }
        return Pipeline(
            id: id, description: description, tags: tags, timeZoneID: zone.identifier, variables: variables,
            params: params,
            triggers: triggers, maxActiveRuns: maxActiveRuns, tasks: tasks, version: ContentHash.sha256(source),
            source: source, file: file)
    }

    private mutating func pipelineID(_ keys: [String: YAMLPair], _ root: YAMLNode) -> String? {
        guard let pair = keys["pipeline"] else {
            if keys["pipelines"] == nil, !diagnostics.contains(where: { $0.suggestion == "pipeline" }) {
                report(
                    .missingKey, at: root.position, "the pipeline has no id; write `pipeline: name` as its first line")
            }
            return nil
        }
        guard let id = text(pair.value, "pipeline") else { return nil }
        if PipelineNames.isPipelineID(id) { return id }
        let nearest = PipelineNames.pipelineID(from: id)
        report(
            .pipelineID, at: pair.value.position,
            "pipeline id \"\(id)\" \(Self.idProblem(id)); use a-z 0-9 _ -" + (nearest.map { "   (try \($0))" } ?? ""),
            suggestion: nearest)
        return nil
    }

    private static func idProblem(_ id: String) -> String {
        if id.isEmpty { return "is empty" }
        if id.contains(" ") { return "has a space" }
        if let wrong = id.first(where: { !($0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_" || $0 == "-")) }) {
            return wrong.isASCII && wrong.isUppercase ? "has a capital letter" : "has the character \"\(wrong)\""
        }
        if id.count > 64 { return "has \(id.count) characters, more than 64" }
        return "does not begin with a letter"
    }

    private mutating func readZone(_ pair: YAMLPair?) {
        guard let pair, let name = text(pair.value, "timezone") else { return }
        do {
            zone = try ZoneRules(identifier: name)
        } catch {
            guard case .unknown(_, let nearest) = error else { return }
            report(
                .timeZone, at: pair.value.position, error.errorDescription ?? "unknown time zone", suggestion: nearest)
        }
    }
}

extension YAMLProblem.Kind {
    var code: DiagnosticCode {
        switch self {
        case .syntax: .syntax
        case .tooLarge: .tooLarge
        case .tooDeep, .tooExpanded: .tooDeep
        case .unsupported: .unsupportedYAML
        }
    }
}
