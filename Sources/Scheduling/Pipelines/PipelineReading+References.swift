/// What `${…}` may name, and where.
extension PipelineReading {
    enum ReferenceScope {
        /// Fixed when the file is read: variables alone. With what it is, for messages.
        case constants(String)
        case task(String)
        /// `run:` of a task, where the shell may have its own use for `${…}`.
        case command(String)
    }

    /// The template of a scalar's text; what can't be read in it is reported by `check`.
    func scan(_ text: String, _ node: YAMLNode) -> Template { Template(pieces: TemplateScan(text).pieces) }

    /// Reports every place of a scalar that names nothing.
    mutating func check(_ node: YAMLNode, scope: ReferenceScope) {
        guard case .scalar(let text, _) = node.content else { return }
        let scan = TemplateScan(text)
        for lookalike in scan.lookalikes { report(lookalike, in: node, scope) }
        for reference in scan.references {
            let position = position(of: reference, in: node)
            if let problem = reference.problem {
                report(.malformedReference, at: position, "\(reference.wording): \(problem.problem)")
            } else {
                check(reference, at: position, scope)
            }
        }
    }

    private mutating func report(_ lookalike: TemplateLookalike, in node: YAMLNode, _ scope: ReferenceScope) {
        let position = position(of: lookalike.wording, lookalike.occurrence, in: node)
        let wording = lookalike.wording
        if case .command = scope {
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
        lines.position(of: wording, occurrence: occurrence, from: node.position, to: node.end) ?? node.position
    }

    private mutating func check(
        _ reference: TemplateScan.Reference, at position: SourcePosition, _ scope: ReferenceScope
    ) {
        let name = reference.path.joined(separator: ".")
        let wording = reference.wording
        if PipelineKeys.laterNamespaces.contains(reference.namespace) {
            report(
                .notYet, at: position,
                "\(wording): `\(reference.namespace)` is part of the format, but this version of mlstack does not run it yet; remove it"
            )
            return
        }
        if reference.namespace == "variables" {
            if !variableNames.contains(name) { unknown("variable", name, among: variableNames, wording, at: position) }
            return
        }
        switch scope {
        case .constants(let what):
            report(
                .variableReference, at: position,
                "\(wording): \(what) is fixed when the file is read, and can name only variables")
        case .task(let task), .command(let task):
            switch reference.namespace {
            case "params":
                usedParams.insert(name)
                if !paramNames.contains(name) { unknown("param", name, among: paramNames, wording, at: position) }
            case "run":
                if !RenderScope.runPaths.contains(name) {
                    unknown("value of a run", name, among: RenderScope.runPaths, wording, at: position)
                }
            case "tasks": checkTask(reference, task, at: position)
            default: break
            }
        }
    }

    private mutating func checkTask(_ reference: TemplateScan.Reference, _ task: String, at position: SourcePosition) {
        let (path, wording) = (reference.path, reference.wording)
        guard taskNames.contains(path[0]) else {
            unknown("task", path[0], among: taskNames, wording, at: position)
            return
        }
        guard path.count == 3, path[1] == "outputs" else {
            report(.unknownReference, at: position, "\(wording): no such value; write ${tasks.\(path[0]).outputs.name}")
            return
        }
        guard !DAG.reach(from: task, by: needs, order: taskNames).contains(path[0]) else { return }
        let reason =
            path[0] == task
            ? "a task can't read its own outputs" : "task \(path[0]) is not upstream of \(task); add it to its needs"
        report(.notUpstream, at: position, "\(wording): \(reason)")
    }

    private mutating func unknown(
        _ kind: String, _ name: String, among names: [String], _ wording: String, at position: SourcePosition
    ) {
        let nearest = Spelling.nearest(to: name, among: names)
        let rest: String
        if nearest != nil {
            rest = Spelling.question(nearest)
        } else if names.isEmpty {
            rest = " This file defines none."
        } else {
            rest = " There \(names.count == 1 ? "is" : "are") \(names.joined(separator: ", "))."
        }
        report(.unknownReference, at: position, "\(wording): no such \(kind).\(rest)", suggestion: nearest)
    }

    /// The template of a value of a task, checked.
    mutating func template(_ node: YAMLNode, _ what: String, task: String) -> Template? {
        guard let text = scalarText(node, what) else { return nil }
        check(node, scope: .task(task))
        return scan(text, node)
    }

    /// The template of `run:`: also refuses the places where a value could become a command.
    mutating func shellTemplate(_ node: YAMLNode, task: String) -> Template? {
        guard let text = text(node, "run of task \(task)") else { return nil }
        check(node, scope: .command(task))
        let scan = TemplateScan(text)
        let template = Template(pieces: scan.pieces)
        for (number, reason) in template.refusedPlaces() {
            let reference = scan.references[number]
            report(
                .unsafePlace, at: position(of: reference, in: node),
                "\(reference.wording) can't be put in safely \(reason); give it through env: and write \"$NAME\" here")
        }
        return template
    }
}
