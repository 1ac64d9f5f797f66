/// What a task does: `run`, or `uses` and `with`.
extension PipelineReading {
    /// nil without a report when the task says nothing of what it does; see `reportIdle`.
    mutating func action(_ task: WrittenTask, _ keys: [String: YAMLPair], _ scope: ReferenceScope) -> TaskSpec.Action? {
        let place = "task \(task.id)"
        switch (keys["run"], keys["uses"]) {
        case (_?, let uses?):
            report(.action, at: uses.keyPosition, "\(place) has both `run` and `uses`; a task does one thing")
            return nil
        case (let run?, nil):
            if let with = keys["with"] {
                report(
                    .action, at: with.keyPosition,
                    "`with` belongs to `uses`; \(place) has `run`, whose values go into `env`")
            }
            return shellTemplate(run.value, scope).map { .shell($0) }
        case (nil, let uses?):
            for name in ["env", "workdir"] {
                guard let pair = keys[name] else { continue }
                report(.action, at: pair.keyPosition, "`\(name)` has no effect on a built-in task; \(place) has `uses`")
            }
            return builtIn(uses, keys["with"], task.id, scope)
        case (nil, nil):
            return nil
        }
    }

    /// A task that does nothing is told so only once nothing else is wrong with it: whoever wrote `use:` for
    /// `uses:`, or is in the middle of a task, learns nothing from it.
    mutating func reportIdle(_ task: WrittenTask, _ keys: [String: YAMLPair]) {
        guard keys["run"] == nil, keys["uses"] == nil else { return }
        let hasOtherErrors = diagnostics.contains { diagnostic in
            let place = SourcePosition(line: diagnostic.line, column: diagnostic.column)
            return diagnostic.severity == .error && diagnostic.file == files[current].name
                && place >= task.pair.keyPosition && place < task.pair.value.end
        }
        if hasOtherErrors { return }
        report(
            .action, at: task.pair.keyPosition, "task \(task.id) does nothing; write `run: command` or `uses: operator`"
        )
    }

    private mutating func builtIn(
        _ uses: YAMLPair, _ with: YAMLPair?, _ task: String, _ scope: ReferenceScope
    ) -> TaskSpec.Action? {
        guard let name = text(uses.value, "uses of task \(task)") else { return nil }
        guard let found = compiler.operators[name] else {
            let nearest = nearest(to: name, among: compiler.operatorNames)
            let expected =
                nearest == nil
                ? " There are \(compiler.operatorNames.joined(separator: ", "))." : Spelling.question(nearest)
            report(
                .unknownOperator, at: uses.value.position, "unknown operator \"\(name)\".\(expected)",
                suggestion: nearest)
            return nil
        }
        let specs = found.settings
        var settings: [String: SettingTemplate] = [:]
        var given: [String: YAMLPair] = [:]
        if let with, !with.value.isNull {
            for pair in named(with.value, "with of task \(task)") {
                given[pair.key] = pair
                guard let spec = specs.first(where: { $0.name == pair.key }) else {
                    unknownSetting(pair, specs, name)
                    continue
                }
                if let value = setting(pair.value, spec, scope) { settings[pair.key] = value }
            }
        }
        let position = with?.keyPosition ?? uses.value.position
        for spec in specs where spec.defaultValue == nil && !spec.isOptional && given[spec.name] == nil {
            report(
                .missingSetting, at: position,
                "task \(task): \(name) needs with.\(spec.name) (\(spec.kindInWords)): \(spec.help)")
        }
        let constants = variables
        let known = Settings(readingOf: settings, given: Set(given.keys), specs: specs) { template in
            try? template.render(RenderScope(variables: constants), quoting: .plain)
        }
        for problem in found.problems(in: known) {
            report(
                problem.code, at: given[problem.setting]?.position(of: problem.place) ?? position,
                problem.sentence, suggestion: problem.nearest)
        }
        return .uses(operator: name, with: settings)
    }

    private mutating func unknownSetting(_ pair: YAMLPair, _ specs: [SettingSpec], _ name: String) {
        let names = specs.map(\.name)
        let nearest = nearest(to: pair.key, among: names)
        let expected: String
        if nearest != nil {
            expected = Spelling.question(nearest)
        } else {
            expected = names.isEmpty ? " It takes none." : " Expected: \(names.joined(separator: ", "))."
        }
        report(
            .unknownSetting, at: pair.keyPosition, "\(name) has no setting \"\(pair.key)\".\(expected)",
            suggestion: nearest)
    }

    private mutating func setting(_ node: YAMLNode, _ spec: SettingSpec, _ scope: ReferenceScope) -> SettingTemplate? {
        if spec.kind == .list { return listSetting(node, spec, scope) }
        guard case .scalar(let text, let scalar) = node.content else {
            settingProblem(
                node, spec, .init(code: .settingType, sentence: "it is \(node.inWords); \(spec.kindInWords) expected"))
            return nil
        }
        guard TemplateScan(text, hasItem: true).lookalikes.isEmpty else {
            // One word about it is enough: as text it would be of the wrong kind, or no name.
            check(node, scope: scope)
            return nil
        }
        let template = scan(text, hasItem: true)
        if let plain = template.constant {
            // $${ stands for ${ here too.
            if case .string = scalar { return literal(.string(plain), node, spec) }
            return literal(scalar, node, spec)
        }
        check(node, scope: scope)
        guard let text = resolved(template, at: node) else { return .template(template) }
        // Variables are known already, so their type can be checked now.
        do {
            return .literal(try spec.value(ofText: text))
        } catch {
            guard case .wrongSetting(_, let problem) = error else { return nil }
            settingProblem(node, spec, .init(code: .settingType, sentence: problem))
            return nil
        }
    }

    private mutating func literal(_ scalar: YAMLScalar, _ node: YAMLNode, _ spec: SettingSpec) -> SettingTemplate? {
        switch spec.value(of: scalar) {
        case .success(let value): return .literal(value)
        case .failure(let problem):
            settingProblem(node, spec, problem)
            return nil
        }
    }

    private mutating func listSetting(_ node: YAMLNode, _ spec: SettingSpec, _ scope: ReferenceScope)
        -> SettingTemplate?
    {
        guard case .list(let elements) = node.content else {
            settingProblem(
                node, spec, .init(code: .settingType, sentence: "it is \(node.inWords); a list of texts expected"))
            return nil
        }
        var templates: [Template] = []
        var hasLookalikes = false
        for element in elements {
            guard case .scalar(let text, .string) = element.content else {
                settingProblem(
                    element, spec,
                    .init(code: .settingType, sentence: "an element is \(element.inWords); a text expected"))
                return nil
            }
            check(element, scope: scope)
            templates.append(scan(text, hasItem: true))
            if !TemplateScan(text, hasItem: true).lookalikes.isEmpty { hasLookalikes = true }
        }
        if hasLookalikes { return nil }
        let texts = templates.compactMap { resolved($0, at: node) }
        return texts.count == templates.count ? .literal(.list(texts)) : .list(templates)
    }

    private mutating func settingProblem(_ node: YAMLNode, _ spec: SettingSpec, _ problem: SettingSpec.Problem) {
        report(problem.code, at: node.position, "with.\(spec.name): \(problem.sentence)", suggestion: problem.nearest)
    }
}

extension YAMLPair {
    fileprivate func position(of place: SettingProblem.Place) -> SourcePosition {
        switch (place, value.content) {
        case (.name, _): keyPosition
        case (.element(let index), .list(let elements)) where elements.indices.contains(index):
            elements[index].position
        case (.value, _), (.element, _): value.position
        }
    }
}
