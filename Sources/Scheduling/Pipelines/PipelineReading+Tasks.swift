/// `tasks`.
extension PipelineReading {
    private enum TaskOrder: String, CaseIterable { case graph, sequential }

    mutating func tasks(_ keys: [String: YAMLPair], _ inclusions: [Int], _ root: YAMLNode) -> [TaskSpec] {
        let defaults = self.defaults(keys["defaults"])
        let order = keys["order"].flatMap { choice($0.value, "order", .choice, as: TaskOrder.self) } ?? .graph
        let tasks = writtenTasks(keys["tasks"], inclusions, root)
        let needs = self.needs(of: tasks, isSequential: order == .sequential)
        graph = NeedGraph(tasks: taskNames, needs: needs)
        return tasks.compactMap { task in
            within(task.file) { reading in
                guard reading.isIdentifier(task.pair, "task"), let keys = task.keys else { return nil }
                if task.id.utf8.count > 64 {
                    reading.report(
                        .name, at: task.pair.keyPosition, "task \(task.id) has more than 64 letters with its prefix")
                }
                return reading.spec(task, keys, needs[task.id] ?? [], defaults)
            }
        }
    }

    private mutating func spec(
        _ task: WrittenTask, _ keys: [String: YAMLPair], _ needs: [String], _ defaults: TaskDefaults
    ) -> TaskSpec? {
        let place = "task \(task.id)"
        let scope = ReferenceScope.task(task.id, hasItem: keys["foreach"] != nil)
        let isShell = keys["run"] != nil
        let action = action(task, keys, scope)
        var spec = TaskSpec(
            id: task.id, action: action ?? .shell(Template(pieces: [])), needs: needs,
            triggerRule: defaults.triggerRule,
            retry: defaults.retry, timeout: defaults.timeout, environment: [:], workingDirectory: nil,
            position: task.pair.keyPosition)
        (spec.pool, spec.priority) = (defaults.pool, defaults.priority)
        (spec.allowFailure, spec.dependsOnPast) = (defaults.allowFailure, defaults.dependsOnPast)
        if let pair = keys["trigger_rule"],
            let rule = choice(pair.value, "trigger_rule", .triggerRule, as: TriggerRule.self)
        {
            spec.triggerRule = rule
        }
        if let pair = keys["retry"] { spec.retry = retry(pair.value, over: defaults.retry, place) }
        if let pair = keys["timeout"] { spec.timeout = positiveDuration(pair.value, "timeout of \(place)") }
        if isShell {
            // Written in the pipeline's own file, wherever the task comes from.
            let shared = within(0) { $0.environment(defaults.environment, "defaults", scope) }
            spec.environment = shared.merging(environment(keys["env"], place, scope)) { $1 }
            spec.workingDirectory = workingDirectory(keys["workdir"], defaults, place, scope)
        }
        readScheduling(keys, into: &spec, place, scope)
        warnAboutHiding(task, keys, spec, defaults)
        guard action != nil else {
            reportIdle(task, keys)
            return nil
        }
        return spec
    }

    private mutating func readScheduling(
        _ keys: [String: YAMLPair], into spec: inout TaskSpec, _ place: String, _ scope: ReferenceScope
    ) {
        if let pair = keys["when"] { spec.when = condition(pair.value, place, scope) }
        if let pair = keys["foreach"] { spec.forEach = forEach(pair.value, spec.id) }
        if let pair = keys["pool"], let pool = resourceName(pair.value, "pool of \(place)") { spec.pool = pool }
        if let pair = keys["priority"], let priority = wholeNumber(pair.value, "priority of \(place)", least: .min) {
            spec.priority = priority
        }
        if let pair = keys["allow_failure"], let value = bool(pair.value, "allow_failure of \(place)") {
            spec.allowFailure = value
        }
        if let pair = keys["depends_on_past"], let value = bool(pair.value, "depends_on_past of \(place)") {
            spec.dependsOnPast = value
        }
        if let pair = keys["produces"] {
            for element in list(pair.value, "produces of \(place)") ?? [] {
                guard let name = resourceName(element, "a dataset in produces of \(place)") else { continue }
                if !spec.produces.contains(name) { spec.produces.append(name) }
            }
        }
    }

    private mutating func warnAboutHiding(
        _ task: WrittenTask, _ keys: [String: YAMLPair], _ spec: TaskSpec, _ defaults: TaskDefaults
    ) {
        guard spec.triggerRule == .allDone, !spec.needs.isEmpty, graph.isLast(task.id) else { return }
        let message =
            "last task \(task.id) runs even after a failure: in Airflow that would turn a failed run green; here the run still fails"
        if let pair = keys["trigger_rule"] {
            report(.lastTaskAllDone, at: pair.value.position, message)
        } else if let position = defaults.triggerRulePosition {
            within(0) { $0.report(.lastTaskAllDone, at: position, message) }
        }
    }

    mutating func environment(_ pair: YAMLPair?, _ place: String, _ scope: ReferenceScope) -> [String: Template] {
        guard let pair, !pair.value.isNull else { return [:] }
        var environment: [String: Template] = [:]
        for variable in named(pair.value, "env of \(place)") {
            guard PipelineNames.isEnvironmentName(variable.key) else {
                report(
                    .name, at: variable.keyPosition,
                    "\"\(variable.key)\" can't name an environment variable; use A-Z a-z 0-9 _")
                continue
            }
            environment[variable.key] = template(variable.value, "env.\(variable.key) of \(place)", scope)
        }
        return environment
    }

    private mutating func workingDirectory(
        _ pair: YAMLPair?, _ defaults: TaskDefaults, _ place: String, _ scope: ReferenceScope
    ) -> Template? {
        if let pair { return template(pair.value, "workdir of \(place)", scope) }
        guard let pair = defaults.workingDirectory else { return nil }
        return within(0) { $0.template(pair.value, "workdir in defaults", scope) }
    }
}
