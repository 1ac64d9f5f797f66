/// `tasks` and `defaults`.
extension PipelineReading {
    /// What every task begins with.
    private struct Defaults {
        /// No retry; but a task that says only `max` gets sensible pauses.
        var retry = RetryPolicy(max: 0, delay: .seconds(10), backoff: 2, maxDelay: .seconds(600), jitter: 0)
        var timeout: Duration?
    }

    private struct Need {
        var task: String
        var position: SourcePosition
    }

    mutating func tasks(_ pair: YAMLPair?, defaults: YAMLPair?, _ root: YAMLNode) -> [TaskSpec] {
        let defaults = self.defaults(defaults)
        guard let pair else {
            if !diagnostics.contains(where: { $0.suggestion == "tasks" }) {
                report(.missingKey, at: root.position, "the pipeline has no `tasks`")
            }
            return []
        }
        guard let pairs = pairs(pair.value, "tasks") else { return [] }
        if pairs.isEmpty { report(.missingKey, at: pair.value.position, "the pipeline has no task") }
        let tasks = withoutDuplicates(pairs)
        taskNames = tasks.map(\.key)
        var keysOfTask: [String: [String: YAMLPair]] = [:]
        for task in tasks {
            let place = "task \(task.key)"
            if let keys = map(task.value, place, PipelineKeys.task, place: place) { keysOfTask[task.key] = keys }
        }
        readNeeds(keysOfTask)
        return tasks.compactMap { task in
            guard isIdentifier(task, "task"), let keys = keysOfTask[task.key] else { return nil }
            return spec(task, keys, defaults)
        }
    }

    private mutating func withoutDuplicates(_ pairs: [YAMLPair]) -> [YAMLPair] {
        var first: [String: SourcePosition] = [:]
        return pairs.filter { pair in
            guard let place = first[pair.key] else {
                first[pair.key] = pair.keyPosition
                return true
            }
            report(
                .duplicateTask, at: pair.keyPosition,
                "task \"\(pair.key)\" is defined twice; first at \(place.line):\(place.column)")
            return false
        }
    }

    // MARK: - The graph

    private mutating func readNeeds(_ keysOfTask: [String: [String: YAMLPair]]) {
        var written: [String: [Need]] = [:]
        for task in taskNames {
            guard let pair = keysOfTask[task]?["needs"], let names = texts(pair.value, "needs of task \(task)") else {
                continue
            }
            for (name, position) in names {
                guard taskNames.contains(name) else {
                    let nearest = Spelling.nearest(to: name, among: taskNames.filter { $0 != task })
                    report(
                        .unknownTask, at: position,
                        "task \(task) needs \"\(name)\", which does not exist." + Spelling.question(nearest),
                        suggestion: nearest)
                    continue
                }
                // Twice the same need means no more than once.
                if written[task]?.contains(where: { $0.task == name }) != true {
                    written[task, default: []].append(Need(task: name, position: position))
                }
            }
        }
        needs = Dictionary(uniqueKeysWithValues: taskNames.map { task in (task, (written[task] ?? []).map(\.task)) })
        reportCycles(written)
    }

    private mutating func reportCycles(_ written: [String: [Need]]) {
        var left = needs
        while let cycle = DAG.cycle(tasks: taskNames, needs: left) {
            let places = zip(cycle, cycle.dropFirst()).compactMap { task, need in
                written[task]?.first { $0.task == need }?.position
            }
            guard let place = places.first else { return }
            let others = places.dropFirst().map { "\($0.line):\($0.column)" }.joined(separator: ", ")
            let rest =
                switch places.count {
                case 1: ""
                case 2: "   (the other half is at \(others))"
                default: "   (the other parts are at \(others))"
                }
            report(.cycle, at: place, "cycle: \(cycle.joined(separator: " -> "))\(rest)")
            left[cycle[0]]?.removeAll { $0 == cycle[1] }
        }
    }

    // MARK: - One task

    private mutating func spec(_ task: YAMLPair, _ keys: [String: YAMLPair], _ defaults: Defaults) -> TaskSpec? {
        let action = action(task, keys)
        let rule = keys["trigger_rule"].flatMap { choice($0.value, "trigger_rule", .triggerRule, as: TriggerRule.self) }
        let retry =
            keys["retry"].map { self.retry($0.value, over: defaults.retry, "task \(task.key)") } ?? defaults.retry
        let timeout = keys["timeout"].map { self.timeout($0.value, "timeout of task \(task.key)") } ?? defaults.timeout
        let environment = self.environment(keys["env"], task.key)
        let directory = keys["workdir"].flatMap { template($0.value, "workdir of task \(task.key)", task: task.key) }
        let isLast = !needs.values.contains { $0.contains(task.key) }
        if rule == .allDone, isLast, needs[task.key]?.isEmpty == false, let place = keys["trigger_rule"]?.value.position
        {
            report(
                .lastTaskAllDone, at: place,
                "last task \(task.key) runs even after a failure: in Airflow that would turn a failed run green; here the run still fails"
            )
        }
        guard let action else {
            reportIdle(task, keys)
            return nil
        }
        return TaskSpec(
            id: task.key, action: action, needs: needs[task.key] ?? [], triggerRule: rule ?? .allSuccess, retry: retry,
            timeout: timeout, environment: environment, workingDirectory: directory, position: task.keyPosition)
    }

    private mutating func environment(_ pair: YAMLPair?, _ task: String) -> [String: Template] {
        guard let pair, !pair.value.isNull else { return [:] }
        var environment: [String: Template] = [:]
        for variable in named(pair.value, "env of task \(task)") {
            guard PipelineNames.isEnvironmentName(variable.key) else {
                report(
                    .name, at: variable.keyPosition,
                    "\"\(variable.key)\" can't name an environment variable; use A-Z a-z 0-9 _")
                continue
            }
            environment[variable.key] = template(variable.value, "env.\(variable.key) of task \(task)", task: task)
        }
        return environment
    }

    // MARK: - Retry, timeout, defaults

    private mutating func defaults(_ pair: YAMLPair?) -> Defaults {
        var defaults = Defaults()
        guard let pair, !pair.value.isNull,
            let keys = map(pair.value, "defaults", PipelineKeys.defaults, place: "defaults")
        else {
            return defaults
        }
        if let retry = keys["retry"] { defaults.retry = self.retry(retry.value, over: defaults.retry, "defaults") }
        if let timeout = keys["timeout"] { defaults.timeout = self.timeout(timeout.value, "timeout in defaults") }
        return defaults
    }

    /// What the mapping says, and the rest as in `base`.
    private mutating func retry(_ node: YAMLNode, over base: RetryPolicy, _ place: String) -> RetryPolicy {
        var policy = base
        guard let keys = map(node, "retry of \(place)", PipelineKeys.retry, place: "retry of \(place)") else {
            return policy
        }
        if let pair = keys["max"], let max = wholeNumber(pair.value, "retry.max", least: 0) { policy.max = max }
        if let pair = keys["delay"], let delay = duration(pair.value, "retry.delay") { policy.delay = delay }
        if let pair = keys["backoff"], let backoff = number(pair.value, "retry.backoff", least: 1) {
            policy.backoff = backoff
        }
        if let pair = keys["max_delay"], let delay = duration(pair.value, "retry.max_delay") { policy.maxDelay = delay }
        if let pair = keys["jitter"], let jitter = percent(pair.value, "retry.jitter") { policy.jitter = jitter }
        // A delay above the cap that nobody wrote is no mistake: the cap follows.
        if keys["max_delay"] == nil { policy.maxDelay = Swift.max(policy.maxDelay, policy.delay) }
        return policy
    }

    private mutating func timeout(_ node: YAMLNode, _ what: String) -> Duration? {
        guard let timeout = duration(node, what) else { return nil }
        guard timeout > .zero else {
            report(.number, at: node.position, "\(what) is 0s; more than nothing expected")
            return nil
        }
        return timeout
    }
}
