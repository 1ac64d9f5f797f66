/// `when` and `foreach`.
extension PipelineReading {
    mutating func condition(_ node: YAMLNode, _ place: String, _ scope: ReferenceScope) -> Condition? {
        guard let text = scalarText(node, "when of \(place)") else { return nil }
        var condition: Condition
        do {
            condition = try Condition(parsing: text)
        } catch {
            report(.condition, at: position(of: error.offset, in: text, node), "when of \(place): \(error.sentence)")
            return nil
        }
        switch condition.expression {
        case .literal(.bool): break
        case .literal, .list:
            report(
                .condition, at: node.position, "when of \(place) is neither true nor false; compare it with something")
        default: break
        }
        for reference in condition.expression.references {
            let use = NameUse(wording: reference.wording, namespace: reference.namespace, path: reference.path)
            check(use, scope) { $0.position(of: reference.offset, in: text, node) }
        }
        if let inclusion = files[current].inclusion {
            condition.expression = condition.expression.replacing { reference in
                let (namespace, path) = inclusion.meaning(of: reference.namespace, reference.path)
                return .reference(.init(namespace: namespace, path: path, offset: reference.offset))
            }
        }
        return condition
    }

    /// Where a place of a scalar's text stands in the file, as well as can be told: escapes in quotes and folded lines
    /// shift it, and then it is the beginning.
    private func position(of offset: Int, in text: String, _ node: YAMLNode) -> SourcePosition {
        let scalars = Array(text.unicodeScalars)
        let before = scalars[..<min(offset, scalars.count)]
        let start = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let end = scalars[start...].firstIndex(of: "\n") ?? scalars.count
        var line = ""
        line.unicodeScalars.append(contentsOf: scalars[start..<end])
        guard !line.isEmpty,
            let place = files[current].lines.position(of: line, occurrence: 0, from: node.position, to: node.end)
        else { return node.position }
        return SourcePosition(line: place.line, column: place.column + before.count - start)
    }

    // MARK: - foreach

    mutating func forEach(_ node: YAMLNode, _ task: String) -> ForEach? {
        // Its own items are not there yet.
        let scope = ReferenceScope.task(task, hasItem: false)
        guard case .list(let elements) = node.content else {
            guard case .scalar(let text, .string) = node.content else {
                wrongType(node, "foreach of task \(task)", "a list or ${…}")
                return nil
            }
            check(node, scope: scope)
            let template = scan(text, hasItem: true)
            guard template.constant == nil else {
                report(
                    .items, at: node.position,
                    "foreach of task \(task) is a plain text; write a list, or name one such as ${tasks.a.outputs.list}"
                )
                return nil
            }
            if let constant = resolved(template, at: node) { checkItems(constant, node, task) }
            return .template(template)
        }
        guard elements.count <= ForEach.limit else {
            report(
                .items, at: node.position,
                "foreach of task \(task) has \(elements.count) items; at most \(ForEach.limit) are possible")
            return nil
        }
        return .literal(elements.compactMap { item($0, task, scope) })
    }

    /// What variables alone come to is known already.
    private mutating func checkItems(_ text: String, _ node: YAMLNode, _ task: String) {
        do {
            _ = try ForEach.template(Template(text: text)).items(in: RenderScope())
        } catch {
            guard case .items(let problem) = error else { return }
            report(.items, at: node.position, "foreach of task \(task): \(problem)")
        }
    }

    private mutating func item(_ node: YAMLNode, _ task: String, _ scope: ReferenceScope) -> Template? {
        if case .scalar = node.content { return template(node, "an item of foreach of task \(task)", scope) }
        return json(node, task).map { Template(text: $0.text) }
    }

    /// An item with fields, for `${item.field}`: fixed when the file is read.
    private mutating func json(_ node: YAMLNode, _ task: String) -> JSONValue? {
        switch node.content {
        case .list(let elements): return .array(elements.compactMap { json($0, task) })
        case .map:
            let pairs = named(node, "an item of foreach of task \(task)")
            return .object(
                Dictionary(pairs.compactMap { pair in json(pair.value, task).map { (pair.key, $0) } }) { first, _ in
                    first
                })
        case .scalar(_, let scalar):
            switch scalar {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .int(let value): return .int(value)
            case .float(let value): return .double(value)
            case .string: return constant(node, "a field of an item of foreach").map(JSONValue.string)
            }
        }
    }
}
