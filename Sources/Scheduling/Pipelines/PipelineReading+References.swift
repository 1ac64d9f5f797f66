/// What `${…}` and conditions may name, and where.
extension PipelineReading {
    enum ReferenceScope {
        /// Fixed when the file is read: variables alone. With what it is, for messages.
        case constants(String)
        /// Fixed when a trigger fires: variables, and the event if there is one.
        case trigger(hasEvent: Bool)
        /// Of a message about a run: what is known of the run without its tasks.
        case message
        /// Of an included file: what a task could name; the tasks themselves are looked at where it is used.
        case argument
        case task(String, hasItem: Bool)
    }

    /// Something that is named.
    struct NameUse {
        /// For messages.
        var wording: String
        var namespace: String
        var path: [String]
        var name: String { path.joined(separator: ".") }
    }

    /// The template of a scalar's text, with what an included file's params stand for in their place; what can't be
    /// read in it is reported by `check`.
    func scan(_ text: String, hasItem: Bool = false) -> Template {
        let pieces = TemplateScan(text, hasItem: hasItem).pieces
        guard let inclusion = files[current].inclusion else { return Template(pieces: pieces) }
        return Template(
            pieces: pieces.map { piece in
                guard case .reference(let namespace, let path, let raw) = piece else { return piece }
                let (meant, target) = inclusion.meaning(of: namespace, path)
                return .reference(namespace: meant, path: target, raw: raw)
            })
    }

    /// Reports every place of a scalar that names nothing.
    mutating func check(_ node: YAMLNode, scope: ReferenceScope, isShell: Bool = false) {
        guard case .scalar(let text, _) = node.content else { return }
        // Elsewhere than in a shell nobody else means anything by ${item}.
        let hasItem = if case .task(_, let hasItem) = scope { hasItem || !isShell } else { false }
        let scan = TemplateScan(text, hasItem: hasItem)
        for lookalike in scan.lookalikes where !isFull { report(lookalike, in: node, isShell: isShell) }
        for reference in scan.references {
            if isFull { return }
            if let problem = reference.problem {
                report(
                    .malformedReference, at: position(of: reference, in: node),
                    "\(reference.wording): \(problem.problem)")
                continue
            }
            let use = NameUse(wording: reference.wording, namespace: reference.namespace, path: reference.path)
            check(use, scope) { reading in reading.position(of: reference, in: node) }
        }
    }

    /// - Parameter isShell: the text is a command, where the shell may have its own use for `${…}`.
    private mutating func report(_ lookalike: TemplateLookalike, in node: YAMLNode, isShell: Bool) {
        let position = position(of: lookalike.wording, lookalike.occurrence, in: node)
        let wording = lookalike.wording
        if isShell {
            report(
                .doubtfulReference, at: position,
                "\(wording) is left to the shell. Did you mean \(lookalike.meant)?", suggestion: lookalike.meant)
        } else {
            report(
                .unknownReference, at: position,
                "\(wording) names nothing. Did you mean \(lookalike.meant)? ($\(wording) for the text itself)",
                suggestion: lookalike.meant)
        }
    }

    func position(of reference: TemplateScan.Reference, in node: YAMLNode) -> SourcePosition {
        position(of: reference.wording, reference.occurrence, in: node)
    }

    private func position(of wording: String, _ occurrence: Int, in node: YAMLNode) -> SourcePosition {
        files[current].lines.position(of: wording, occurrence: occurrence, from: node.position, to: node.end)
            ?? node.position
    }

    /// - Parameter position: found only when there is something to say, for it is a search through the file.
    mutating func check(_ use: NameUse, _ scope: ReferenceScope, at position: (PipelineReading) -> SourcePosition) {
        guard let problem = problem(of: use, scope), !isFull else { return }
        report(problem.code, at: position(self), "\(use.wording): \(problem.sentence)", suggestion: problem.suggestion)
    }

    private struct Problem {
        var code: DiagnosticCode
        var sentence: String
        var suggestion: String?
        init(_ code: DiagnosticCode, _ sentence: String, suggestion: String? = nil) {
            (self.code, self.sentence, self.suggestion) = (code, sentence, suggestion)
        }
    }

    private mutating func problem(of use: NameUse, _ scope: ReferenceScope) -> Problem? {
        if use.namespace == "variables" { return variableProblem(use) }
        switch (scope, use.namespace) {
        case (.constants(let what), _):
            return Problem(
                .variableReference, "\(what) is fixed when the file is read, and can name only variables")
        case (.trigger(hasEvent: true), "event"): return nil
        case (.trigger(let hasEvent), _):
            return Problem(
                .variableReference,
                hasEvent
                    ? "a trigger's parameter can name only variables and the event"
                    : "a trigger that fires by the clock has no event; its parameter can name only variables")
        case (.message, "tasks"), (.message, "models"), (.message, "item"), (.argument, "item"):
            return Problem(
                .variableReference,
                "`\(use.namespace)` is known only in a task; here stand params, variables, run, event, env, secrets")
        case (_, "params"): return paramProblem(use, scope)
        case (_, "run"):
            if RenderScope.runPaths.contains(use.name) { return nil }
            return unknown("value of a run", use.name, among: RenderScope.runPaths)
        case (_, "secrets"):
            return use.path.count == 1 && PipelineNames.isIdentifier(use.name)
                ? nil : Problem(.unknownReference, "a secret has a name of letters, digits and _")
        case (_, "models"):
            return use.path.count >= 2
                ? nil
                : Problem(
                    .unknownReference, "write what of the model is meant, e.g. ${models.\(use.name).production.version}"
                )
        case (.task(let task, _), "tasks"): return taskProblem(use, task)
        case (.argument, "tasks"): return outputProblem(use)
        case (.task(_, hasItem: false), "item"):
            return Problem(.unknownReference, "only a task with foreach has items")
        default: return nil
        }
    }

    private mutating func variableProblem(_ use: NameUse) -> Problem? {
        if files[current].inclusion != nil {
            return Problem(
                .unknownReference, "an included file sees only its own params; give it the value through `with`")
        }
        return variableNameSet.contains(use.name) ? nil : unknown("variable", use.name, among: variableNames)
    }

    private mutating func paramProblem(_ use: NameUse, _ scope: ReferenceScope) -> Problem? {
        guard let inclusion = files[current].inclusion else {
            usedParams.insert(use.name)
            return paramNames.contains(use.name) ? nil : unknown("param", use.name, among: paramNames)
        }
        guard inclusion.paramNames.contains(use.name) else {
            return unknown("param", use.name, among: inclusion.paramNames)
        }
        guard case .reference("tasks", let path) = inclusion.arguments[use.name], case .task(let task, _) = scope,
            !graph.isUpstream(path[0], of: task)
        else { return nil }
        return Problem(
            .notUpstream,
            "it stands for ${tasks.\(path.joined(separator: "."))}, and task \(path[0]) is not upstream of \(task); add it to the include's needs"
        )
    }

    private mutating func taskProblem(_ use: NameUse, _ task: String) -> Problem? {
        let inclusion = files[current].inclusion
        let names = inclusion?.taskNames ?? taskNames
        let meant = (inclusion?.prefix ?? "") + use.path[0]
        guard inclusion == nil ? graph.contains(meant) : names.contains(use.path[0]) else {
            return unknown("task", use.path[0], among: names)
        }
        if let problem = outputProblem(use) { return problem }
        if graph.isUpstream(meant, of: task) { return nil }
        return Problem(
            .notUpstream,
            meant == task
                ? "a task can't read its own outputs" : "task \(meant) is not upstream of \(task); add it to its needs")
    }

    private func outputProblem(_ use: NameUse) -> Problem? {
        if use.path.count == 3, use.path[1] == "outputs" { return nil }
        return Problem(.unknownReference, "no such value; write ${tasks.\(use.path[0]).outputs.name}")
    }

    private func unknown(_ kind: String, _ name: String, among names: [String]) -> Problem {
        let nearest = nearest(to: name, among: names)
        let rest: String
        if nearest != nil {
            rest = Spelling.question(nearest)
        } else if names.isEmpty {
            rest = " This file defines none."
        } else {
            let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
            rest = " There \(names.count == 1 ? "is" : "are") \(shown)."
        }
        return Problem(.unknownReference, "no such \(kind).\(rest)", suggestion: nearest)
    }

    /// The template of a value of a task, checked.
    mutating func template(_ node: YAMLNode, _ what: String, _ scope: ReferenceScope) -> Template? {
        guard let text = scalarText(node, what) else { return nil }
        check(node, scope: scope)
        return scan(text, hasItem: true)
    }

    /// The template of `run:`: also refuses the places where a value could become a command.
    mutating func shellTemplate(_ node: YAMLNode, _ scope: ReferenceScope) -> Template? {
        guard case .task(let task, let hasItem) = scope, let text = text(node, "run of task \(task)") else {
            return nil
        }
        check(node, scope: scope, isShell: true)
        let template = scan(text, hasItem: hasItem)
        let references = TemplateScan(text, hasItem: hasItem).references
        for (number, reason) in template.refusedPlaces() where !isFull {
            let reference = references[number]
            report(
                .unsafePlace, at: position(of: reference, in: node),
                "\(reference.wording) can't be put in safely \(reason); give it through env: and write \"$NAME\" here")
        }
        return template
    }
}

extension Inclusion {
    /// What a name in an included file stands for outside it.
    func meaning(of namespace: String, _ path: [String]) -> (namespace: String, path: [String]) {
        switch namespace {
        case "params":
            switch arguments[path.joined(separator: ".")] {
            case .constant(let name): ("variables", name.split(separator: ".").map(String.init))
            case .reference(let namespace, let path): (namespace, path)
            case nil: (namespace, path)
            }
        case "tasks": ("tasks", path.isEmpty ? path : [prefix + path[0]] + path.dropFirst())
        default: (namespace, path)
        }
    }
}
