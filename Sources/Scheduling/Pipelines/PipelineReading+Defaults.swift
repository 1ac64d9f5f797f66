/// What every task begins with.
struct TaskDefaults {
    /// No retry; but a task that says only `max` gets sensible pauses.
    var retry = RetryPolicy(max: 0, delay: .seconds(10), backoff: 2, maxDelay: .seconds(600), jitter: 0)
    var timeout: Duration?
    /// Of shell tasks; read again for each task, for what they may name depends on it.
    var environment: YAMLPair?
    var workingDirectory: YAMLPair?
    var pool = TaskSpec.defaultPool
    var priority = 0
    var triggerRule = TriggerRule.allSuccess
    var triggerRulePosition: SourcePosition?
    var allowFailure = false
    var dependsOnPast = false
}

/// `defaults`, and `retry` wherever it stands.
extension PipelineReading {
    mutating func defaults(_ pair: YAMLPair?) -> TaskDefaults {
        var defaults = TaskDefaults()
        guard let pair, !pair.value.isNull,
            let keys = map(pair.value, "defaults", PipelineKeys.defaults, place: "defaults")
        else {
            return defaults
        }
        if let retry = keys["retry"] { defaults.retry = self.retry(retry.value, over: defaults.retry, "defaults") }
        if let pair = keys["timeout"] { defaults.timeout = positiveDuration(pair.value, "timeout in defaults") }
        (defaults.environment, defaults.workingDirectory) = (keys["env"], keys["workdir"])
        if let pair = keys["pool"], let pool = resourceName(pair.value, "pool in defaults") { defaults.pool = pool }
        if let pair = keys["priority"], let priority = wholeNumber(pair.value, "priority in defaults", least: .min) {
            defaults.priority = priority
        }
        if let pair = keys["trigger_rule"],
            let rule = choice(pair.value, "trigger_rule", .triggerRule, as: TriggerRule.self)
        {
            (defaults.triggerRule, defaults.triggerRulePosition) = (rule, pair.value.position)
        }
        if let pair = keys["allow_failure"], let value = bool(pair.value, "allow_failure in defaults") {
            defaults.allowFailure = value
        }
        if let pair = keys["depends_on_past"], let value = bool(pair.value, "depends_on_past in defaults") {
            defaults.dependsOnPast = value
        }
        return defaults
    }

    /// What the mapping says, and the rest as in `base`.
    mutating func retry(_ node: YAMLNode, over base: RetryPolicy, _ place: String) -> RetryPolicy {
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
}
