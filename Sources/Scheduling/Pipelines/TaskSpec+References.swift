extension TaskSpec {
    /// The paths of every `${models.…}` that the task names, each once: what has to be looked up before it starts.
    package var modelReferences: [[String]] { references(to: "models") }

    /// The names of every `${secrets.…}` of the task, each once: what is to be masked in its log.
    package var secretReferences: [String] { references(to: "secrets").compactMap(\.first) }

    /// Whether anything of it is done with the environment that the stack gives to tasks.
    var readsEnvironment: Bool {
        if case .shell = action { return true }
        return !references(to: "env").isEmpty
    }

    /// In the order of the keys of a task.
    private func references(to namespace: String) -> [[String]] {
        var seen: Set<[String]> = []
        return (templates.flatMap(\.references) + conditionReferences).compactMap { name, path in
            name == namespace && seen.insert(path).inserted ? path : nil
        }
    }

    private var conditionReferences: [(namespace: String, path: [String])] {
        when?.expression.references.map { ($0.namespace, $0.path) } ?? []
    }

    private var templates: [Template] {
        var templates: [Template] = []
        switch action {
        case .shell(let command): templates.append(command)
        case .uses(_, let with):
            for (_, setting) in with.sorted(by: { $0.key < $1.key }) {
                switch setting {
                case .literal: continue
                case .template(let template): templates.append(template)
                case .list(let elements): templates += elements
                }
            }
        }
        templates += environment.sorted { $0.key < $1.key }.map(\.value)
        if let workingDirectory { templates.append(workingDirectory) }
        switch forEach {
        case .literal(let elements): templates += elements
        case .template(let template): templates.append(template)
        case nil: break
        }
        return templates
    }
}

extension Template {
    /// What it names, from left to right.
    package var references: [(namespace: String, path: [String])] {
        pieces.compactMap { piece in
            if case .reference(let namespace, let path, _) = piece { (namespace, path) } else { nil }
        }
    }
}
