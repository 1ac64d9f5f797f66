/// One pass over one file and those that it includes: what was understood so far, and every problem on the way.
///
/// A part that is wrong is reported and left out, and the reading goes on; `PipelineCompiler` gives a pipeline away
/// only when nothing was reported as an error.
struct PipelineReading {
    /// What anybody reads; the rest is the same mistake again, or no pipeline.
    static let diagnosticLimit = 500
    /// After so many, looking for the nearest name is of no use to anybody, and costs time.
    private static let spellingLimit = 100

    let compiler: PipelineCompiler
    let source: String
    let now: Instant?
    let includes: IncludeReader
    private(set) var diagnostics: [Diagnostic] = []
    private var placesReported: Set<Diagnostic> = []

    /// The pipeline's file, then those that it includes.
    var files: [SourceFile]
    /// The file that is being read, among `files`.
    var current = 0
    var includedTexts: [String: String] = [:]

    var id: String?
    var zone: ZoneRules
    /// Resolved, and those that could not be: both are names that exist.
    var variables: [String: String] = [:]
    var variableNames: [String] = []
    var variableNameSet: Set<String> = []
    var params: [ParamSpec] = []
    var paramNames: [String] = []
    var usedParams: Set<String> = []
    /// Every task's name in the order of the files, also of tasks with errors.
    var taskNames: [String] = []
    var graph = NeedGraph(tasks: [], needs: [:])

    init(compiler: PipelineCompiler, source: String, file: String, now: Instant?, includes: IncludeReader) {
        (self.compiler, self.source, self.now, self.includes) = (compiler, source, now, includes)
        // A file that will not be read needs no lines.
        files = [SourceFile(name: file, text: source.utf8.count <= YAMLReader.sizeLimit ? source : "")]
        zone = compiler.machineZone
    }

    /// Nothing more is told.
    var isFull: Bool { diagnostics.count >= Self.diagnosticLimit }

    mutating func report(
        _ code: DiagnosticCode, at position: SourcePosition, _ message: String, suggestion: String? = nil
    ) {
        guard !isFull else { return }
        let diagnostic = Diagnostic(
            file: files[current].name, line: position.line, column: position.column, code: code, message: message,
            suggestion: suggestion)
        // An alias stands for its mistakes each time it is used.
        if placesReported.insert(diagnostic).inserted { diagnostics.append(diagnostic) }
    }

    /// "Did you mean …?", while it is worth the time.
    func nearest(to word: String, among names: [String]) -> String? {
        diagnostics.count < Self.spellingLimit ? Spelling.nearest(to: word, among: names) : nil
    }

    mutating func within<Result>(_ file: Int, _ body: (inout PipelineReading) -> Result) -> Result {
        let outer = current
        current = file
        defer { current = outer }
        return body(&self)
    }

    mutating func root(of text: String, _ emptiness: String) -> YAMLNode? {
        do {
            if let root = try YAMLReader.read(text) { return root }
            report(.missingKey, at: SourcePosition(line: 1, column: 1), emptiness)
        } catch {
            report(error.kind.code, at: error.position, error.sentence)
        }
        return nil
    }

    mutating func pipeline() -> Pipeline? {
        let emptiness = "the file is empty; a pipeline has at least `pipeline` and `tasks`"
        guard let root = root(of: source, emptiness),
            let keys = map(root, "the file", PipelineKeys.pipeline, place: "the pipeline")
        else { return nil }
        id = pipelineID(keys, root)
        readZone(keys["timezone"])
        readVariables(keys["variables"])
        readParams(keys["params"])
        let inclusions = readIncludes(keys["include"])
        let triggers = self.triggers(keys["triggers"])
        let tasks = self.tasks(keys, inclusions, root)
        var pipeline = Pipeline(
            id: id ?? "", description: keys["description"].flatMap { text($0.value, "description") } ?? "",
            tags: keys["tags"].flatMap { texts($0.value, "tags") }?.map(\.text) ?? [], timeZoneID: zone.identifier,
            variables: variables, params: params, triggers: triggers, maxActiveRuns: 1, tasks: tasks, version: "",
            source: source, includes: includedTexts, file: files[0].name)
        readLimits(keys, into: &pipeline)
        pipeline.notifications = notifications(keys["notify"], hasDeadline: keys["deadline"] != nil)
        warnAboutUnusedParams(keys["params"])
        if diagnostics.contains(where: { $0.severity == .error }) { return nil }
        pipeline.version = pipeline.text.version
        return pipeline
    }

    private mutating func readLimits(_ keys: [String: YAMLPair], into pipeline: inout Pipeline) {
        if let pair = keys["max_active_runs"], let count = wholeNumber(pair.value, "max_active_runs", least: 1) {
            pipeline.maxActiveRuns = count
        }
        if let pair = keys["max_active_tasks"] {
            pipeline.maxActiveTasks = wholeNumber(pair.value, "max_active_tasks", least: 1)
        }
        if let pair = keys["overlap"], let overlap = choice(pair.value, "overlap", .choice, as: Overlap.self) {
            pipeline.overlap = overlap
        }
        if let pair = keys["deadline"] { pipeline.deadline = positiveDuration(pair.value, "deadline") }
        if let pair = keys["environment"],
            let environment = choice(pair.value, "environment", .choice, as: PipelineEnvironment.self)
        {
            pipeline.environment = environment
        }
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
