/// Templates of a pipeline file as the Jinja templates of an Airflow task.
struct JinjaText {
    /// Tasks that `foreach` repeats: their outputs are lists.
    let mappedTasks: Set<String>
    let variables: [String: String]
    /// Whether triggers give parameters of their own.
    let hasTriggerParams: Bool
    let taskIDs: Set<String>

    init(_ pipeline: Pipeline) {
        mappedTasks = Set(pipeline.tasks.filter { $0.forEach != nil }.map(\.id))
        variables = pipeline.variables
        hasTriggerParams = pipeline.triggers.contains { !$0.params.isEmpty }
        taskIDs = Set(pipeline.tasks.map(\.id))
    }

    /// A shell command: each value becomes plain data, whatever quotes stand around it.
    func command(_ template: Template) -> String {
        var scanner = ShellScanner()
        return render(template) { text in
            scanner.read(text)
        } value: { namespace, path, raw in
            defer { scanner.skipValue() }
            let filter: String? =
                switch scanner.place {
                case _ where raw: "text"
                case .word: "word"
                case .singleQuotes: "in_single_quotes"
                case .doubleQuotes: "in_double_quotes"
                case .comment: "in_comment"
                case .refused: nil
                }
            // The reader of the file refuses such a place; should one come by all the same, the task fails.
            guard let filter else { return "{{ none | text }}" }
            if namespace == "variables", let value = variables[path.joined(separator: ".")] {
                return Self.escaped(raw ? value : ShellQuoting.quote(value, at: scanner.place) ?? "")
            }
            return "{{ \(expression(namespace, path)) | \(filter) }}"
        }
    }

    /// Any other text: values stand as they are.
    func text(_ template: Template) -> String {
        render(template) { _ in
        } value: { namespace, path, _ in
            if namespace == "variables", let value = variables[path.joined(separator: ".")] {
                return Self.escaped(value)
            }
            return "{{ \(expression(namespace, path)) | text }}"
        }
    }

    private func render(
        _ template: Template, text: (String) -> Void, value: (String, [String], Bool) -> String
    ) -> String {
        var result = ""
        for piece in template.pieces {
            switch piece {
            case .text(let plain):
                result += Self.escaped(plain)
                text(plain)
            case .reference(let namespace, let path, let raw): result += value(namespace, path, raw)
            }
        }
        return result
    }

    /// What a place is filled with, in Jinja's words.
    func expression(_ namespace: String, _ path: [String]) -> String {
        let name = path.joined(separator: ".")
        switch namespace {
        case "variables": return Self.literal(variables[name] ?? "")
        case "params":
            let params = hasTriggerParams ? "given_params(params, dag_run, triggering_asset_events)" : "params"
            return "\(params)[\(Self.literal(name))]"
        case "run" where name == "id": return "dag_run.run_id"
        case "run": return "run_value(dag_run, \(Self.literal(name)))"
        case "tasks" where path.count == 3:
            let mapped = mappedTasks.contains(path[0]) ? ", mapped=true" : ""
            return "output(ti, \(Self.literal(path[0])), \(Self.literal(path[2]))\(mapped))"
        case "event": return "event(dag_run, triggering_asset_events, \(Self.literals(path)))"
        case "secrets": return "secret(\(Self.literal(name)))"
        case "env": return "environ.get(\(Self.literal(name)))"
        case "item": return path.isEmpty ? "task.item" : "field(task.item, \(Self.literals(path)))"
        default: return "none"
        }
    }

    private static func literals(_ texts: [String]) -> String { texts.map(literal).joined(separator: ", ") }

    /// Jinja reads a text as Python does; braces are escaped so that nothing in it can end a `{{ … }}`.
    static func literal(_ text: String) -> String {
        var literal = "'"
        for scalar in text.unicodeScalars {
            if (0x20..<0x7f).contains(scalar.value), !"'\\{}%#".unicodeScalars.contains(scalar) {
                literal.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                literal += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return literal + "'"
    }

    /// Text in which nothing means anything to Jinja, whatever comes after it.
    static func escaped(_ text: String) -> String {
        var result = ""
        var scalars = text.unicodeScalars.makeIterator()
        var current = scalars.next()
        while let scalar = current {
            let next = scalars.next()
            if scalar == "{", next.map({ "{%#".unicodeScalars.contains($0) }) ?? true {
                result += "{{ '{' }}"
            } else {
                result.unicodeScalars.append(scalar)
            }
            current = next
        }
        return result
    }
}
