/// `variables` and `params`.
extension PipelineReading {
    // MARK: - Variables

    /// What a variable may come to, and the values of other places that only variables stand in: a few of them, each
    /// made of the one before, would else fill the memory.
    static let constantLimit = 16 << 10
    private static let inputLimit = 1000

    mutating func readVariables(_ pair: YAMLPair?) {
        guard let pair, !pair.value.isNull else { return }
        var written: [String: (node: YAMLNode, template: Template)] = [:]
        for variable in limited(named(pair.value, "variables"), "variables", at: pair.value.position) {
            variableNames.append(variable.key)
            guard isIdentifier(variable, "variable"), let text = scalarText(variable.value, "variable \(variable.key)")
            else {
                continue
            }
            written[variable.key] = (variable.value, scan(text))
        }
        variableNameSet = Set(variableNames)
        let references = written.mapValues { Self.variables(of: $0.template) }
        var open = references
        while let cycle = DAG.cycle(tasks: variableNames, needs: open) {
            let place = written[cycle[0]]?.node.position ?? pair.keyPosition
            report(.variableCycle, at: place, "cycle of variables: \(cycle.joined(separator: " -> "))")
            for name in cycle { open[name] = nil }
        }
        for name in variableNames {
            if let node = written[name]?.node { check(node, scope: .constants("variable \(name)")) }
        }
        // What is left goes in no circle, so each pass resolves at least one, until only errors are left.
        var left = variableNames.filter { open[$0] != nil }
        while let index = left.firstIndex(where: { references[$0, default: []].allSatisfy { variables[$0] != nil } }) {
            let name = left.remove(at: index)
            if let (node, template) = written[name] { variables[name] = resolved(template, at: node) }
        }
    }

    private mutating func limited(_ pairs: [YAMLPair], _ what: String, at position: SourcePosition) -> [YAMLPair] {
        guard pairs.count > Self.inputLimit else { return pairs }
        report(.tooMany, at: position, "\(what) has \(pairs.count) entries; at most \(Self.inputLimit) are read")
        return Array(pairs.prefix(Self.inputLimit))
    }

    private static func variables(of template: Template) -> [String] {
        template.pieces.compactMap { piece in
            if case .reference("variables", let path, _) = piece { path.joined(separator: ".") } else { nil }
        }
    }

    /// The text of a template in which nothing but known variables stands; nil for any other.
    mutating func resolved(_ template: Template, at node: YAMLNode) -> String? {
        var size = 0
        for piece in template.pieces {
            guard case .reference(let namespace, let path, _) = piece else { continue }
            guard namespace == "variables", let value = variables[path.joined(separator: ".")] else { return nil }
            size += value.utf8.count
            guard size <= Self.constantLimit else {
                report(
                    .tooMany, at: node.position,
                    "with its variables filled in this text has more than \(Self.constantLimit) bytes")
                return nil
            }
        }
        return try? template.render(RenderScope(variables: variables), quoting: .plain)
    }

    // MARK: - Params

    mutating func readParams(_ pair: YAMLPair?) { (params, paramNames) = paramSpecs(pair) }

    /// - Returns: those that are right, and the names of all.
    mutating func paramSpecs(_ pair: YAMLPair?) -> (specs: [ParamSpec], names: [String]) {
        guard let pair, !pair.value.isNull else { return ([], []) }
        let written = limited(named(pair.value, "params"), "params", at: pair.value.position)
        let specs = written.compactMap { param in isIdentifier(param, "parameter") ? self.param(param) : nil }
        return (specs, written.map(\.key))
    }

    private mutating func param(_ pair: YAMLPair) -> ParamSpec? {
        let place = "param \(pair.key)"
        guard let keys = map(pair.value, place, PipelineKeys.param, place: place) else { return nil }
        guard let type = keys["type"] else {
            let kinds = ParamSpec.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            report(.missingKey, at: pair.keyPosition, "\(place) has no type; one of \(kinds) expected")
            return nil
        }
        guard let kind = choice(type.value, "type", .paramType, as: ParamSpec.Kind.self) else { return nil }
        var spec = ParamSpec(name: pair.key, kind: kind, defaultValue: nil, min: nil, max: nil, values: [], help: "")
        spec.help = keys["help"].flatMap { text($0.value, "\(place).help") } ?? ""
        readRange(keys, into: &spec, place)
        readValues(keys["values"], into: &spec, place, at: type.value.position)
        if let given = keys["default"], let text = scalarText(given.value, "\(place).default") {
            do {
                spec.defaultValue = try spec.canonical(text, in: zone)
            } catch {
                report(
                    .paramValue, at: given.value.position, "the default of \(error.sentence)", suggestion: error.nearest
                )
                // Known to be meant as optional; otherwise triggers would be told that it is required.
                spec.defaultValue = text
            }
        }
        return spec
    }

    private mutating func readRange(_ keys: [String: YAMLPair], into spec: inout ParamSpec, _ place: String) {
        for name in ["min", "max"] {
            guard let pair = keys[name] else { continue }
            guard spec.kind == .int || spec.kind == .float else {
                report(
                    .paramRange, at: pair.keyPosition, "\(name) is for int and float; \(place) is \(spec.kind.rawValue)"
                )
                continue
            }
            let value = number(pair.value, "\(place).\(name)", least: -Double.greatestFiniteMagnitude)
            if name == "min" { spec.min = value } else { spec.max = value }
        }
        if let min = spec.min, let max = spec.max, min > max, let pair = keys["max"] {
            report(
                .paramRange, at: pair.value.position,
                "\(place).max is \(ParamSpec.number(max)), below its min \(ParamSpec.number(min))")
            (spec.min, spec.max) = (nil, nil)
        }
    }

    private mutating func readValues(
        _ pair: YAMLPair?, into spec: inout ParamSpec, _ place: String, at position: SourcePosition
    ) {
        guard spec.kind == .enum else {
            if let pair {
                report(.paramType, at: pair.keyPosition, "values are for an enum; \(place) is \(spec.kind.rawValue)")
            }
            return
        }
        guard let pair else {
            report(.missingKey, at: position, "\(place) is an enum and has no values; write values: [a, b]")
            return
        }
        guard let elements = list(pair.value, "\(place).values") else { return }
        spec.values = elements.compactMap { scalarText($0, "a value of \(place)") }
        if elements.isEmpty { report(.paramType, at: pair.value.position, "\(place).values is empty") }
    }

    /// Only of a file without errors: the use may stand in what was not understood.
    mutating func warnAboutUnusedParams(_ pair: YAMLPair?) {
        guard let pair, case .map(let pairs) = pair.value.content else { return }
        if diagnostics.contains(where: { $0.severity == .error }) { return }
        for param in pairs where paramNames.contains(param.key) && !usedParams.contains(param.key) {
            report(
                .unusedParam, at: param.keyPosition,
                "param \(param.key) is never used; write ${params.\(param.key)} where it belongs")
        }
    }
}
