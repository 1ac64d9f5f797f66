/// What makes a trigger fire.
extension PipelineReading {
    mutating func kind(_ pair: YAMLPair, _ keys: [String: YAMLPair], _ place: String) -> Trigger.Kind? {
        switch pair.key {
        case "cron": schedule(pair.value, place).map { .time(.cron($0)) }
        case "every":
            positiveDuration(pair.value, "\(place).every", least: .seconds(1)).map { .time(.every($0)) }
        case "dataset": dataset(pair.value, keys, place).map(Trigger.Kind.dataset)
        case "after": after(pair.value, place).map(Trigger.Kind.after)
        default: resourceName(pair.value, "\(place).webhook").map(Trigger.Kind.webhook)
        }
    }

    /// Keys that would mean nothing.
    mutating func refuse(_ names: [String], of keys: [String: YAMLPair], beside kind: String, _ place: String) {
        for name in names {
            guard let pair = keys[name] else { continue }
            let owner = name == "clock" ? "cron and every" : "dataset"
            report(.triggerKind, at: pair.keyPosition, "`\(name)` belongs to \(owner); \(place) has \(kind)")
        }
    }

    private mutating func schedule(_ node: YAMLNode, _ place: String) -> CronSchedule? {
        guard let text = text(node, "\(place).cron") else { return nil }
        do {
            return try CronSchedule(parsing: text)
        } catch {
            var suggestion: String?
            switch error.problem {
            case .unknownPreset(_, let nearest), .unknownName(_, _, let nearest): suggestion = nearest
            default: break
            }
            report(.cron, at: node.position, error.errorDescription ?? "not a cron expression", suggestion: suggestion)
            return nil
        }
    }

    // MARK: - Datasets

    /// A name, a list of names that all count, or a mapping.
    private mutating func dataset(_ node: YAMLNode, _ keys: [String: YAMLPair], _ place: String) -> DatasetCondition? {
        let place = "\(place).dataset"
        var condition = DatasetCondition(names: [])
        var options = [keys]
        switch node.content {
        case .scalar:
            condition.names = resourceName(node, place).map { [$0] } ?? []
        case .list: condition.names = datasetNames(node, place)
        case .map:
            guard let inner = map(node, place, PipelineKeys.dataset, place: place) else { return nil }
            let written = ["name", "all", "any"].compactMap { inner[$0] }
            guard let pair = written.first, written.count == 1 else {
                report(
                    .triggerKind, at: node.position,
                    "\(place) has one of `name: a`, `all: [a, b]` and `any: [a, b]`")
                return nil
            }
            if pair.key == "name" {
                condition.names = resourceName(pair.value, "\(place).name").map { [$0] } ?? []
            } else {
                condition.names = datasetNames(pair.value, "\(place).\(pair.key)")
                condition.mode = pair.key == "any" ? .any : .all
            }
            options.append(inner)
        }
        for options in options {
            if let pair = options["min_new_rows"], let rows = wholeNumber(pair.value, "min_new_rows", least: 0) {
                condition.minNewRows = rows
            }
            if let pair = options["debounce"], let debounce = duration(pair.value, "debounce") {
                condition.debounce = debounce
            }
        }
        return condition.names.isEmpty ? nil : condition
    }

    private mutating func datasetNames(_ node: YAMLNode, _ what: String) -> [String] {
        guard let elements = list(node, what) else { return [] }
        if elements.isEmpty { report(.triggerKind, at: node.position, "\(what) is empty; name at least one dataset") }
        var names: [String] = []
        for element in elements {
            guard let name = resourceName(element, "an element of \(what)") else { continue }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    // MARK: - Other pipelines

    private mutating func after(_ node: YAMLNode, _ place: String) -> PipelineCondition? {
        let place = "\(place).after"
        guard case .map = node.content else {
            return pipelineName(node, place).map { PipelineCondition(pipelineID: $0) }
        }
        guard let keys = map(node, place, PipelineKeys.after, place: place) else { return nil }
        guard let pair = keys["pipeline"] else {
            report(
                .triggerKind, at: node.position, "\(place) names no pipeline; write {pipeline: id, states: [success]}")
            return nil
        }
        guard let name = pipelineName(pair.value, "\(place).pipeline") else { return nil }
        guard let statesPair = keys["states"] else { return PipelineCondition(pipelineID: name) }
        var states: [DAGRunState] = []
        for element in list(statesPair.value, "\(place).states") ?? [] {
            guard let state = choice(element, "state of a run", .choice, as: EndState.self) else { continue }
            if !states.contains(state.state) { states.append(state.state) }
        }
        if case .list(let elements) = statesPair.value.content, elements.isEmpty {
            report(.triggerKind, at: statesPair.value.position, "\(place).states is empty; success is usual")
        }
        return PipelineCondition(pipelineID: name, states: states)
    }

    /// How a run can end.
    private enum EndState: String, CaseIterable {
        case success, failed, cancelled
        var state: DAGRunState {
            switch self {
            case .success: .success
            case .failed: .failed
            case .cancelled: .cancelled
            }
        }
    }

    private mutating func pipelineName(_ node: YAMLNode, _ what: String) -> String? {
        guard let name = constant(node, what) else { return nil }
        guard PipelineNames.isPipelineID(name) else {
            let nearest = PipelineNames.pipelineID(from: name)
            report(
                .pipelineID, at: node.position,
                "\(what) \"\(LogLine.escaped(name.prefix(80)))\" is no pipeline id; use a-z 0-9 _ -",
                suggestion: nearest)
            return nil
        }
        if name == id {
            report(.triggerKind, at: node.position, "\(what): the pipeline would start itself without end")
            return nil
        }
        return name
    }
}
