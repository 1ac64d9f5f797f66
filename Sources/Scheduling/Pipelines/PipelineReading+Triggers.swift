/// `triggers`.
extension PipelineReading {
    /// Each says what kind of trigger it is.
    private static let kinds = ["cron", "every", "dataset", "after", "webhook"]

    mutating func triggers(_ pair: YAMLPair?) -> [Trigger] {
        guard let pair, !pair.value.isNull, let elements = list(pair.value, "triggers") else { return [] }
        var triggers = elements.enumerated().compactMap { trigger($0.element, number: $0.offset + 1) }
        var times: [String: Int] = [:]
        for index in triggers.indices {
            let key = triggers[index].key
            times[key, default: 0] += 1
            if let time = times[key], time > 1 { triggers[index].key = "\(key)#\(time)" }
        }
        return triggers
    }

    private mutating func trigger(_ node: YAMLNode, number: Int) -> Trigger? {
        let place = "trigger \(number)"
        let before = diagnostics.count
        guard let keys = map(node, place, PipelineKeys.trigger, place: place) else { return nil }
        let written = Self.kinds.compactMap { keys[$0] }
        guard let kindPair = written.first else {
            // A slip of the key has been reported.
            if diagnostics.count == before {
                report(
                    .triggerKind, at: node.position,
                    "\(place) says not when; write cron: \"@daily\", every: 10m, dataset: name, after: pipeline or webhook: name"
                )
            }
            return nil
        }
        if written.count > 1 {
            let names = written.map { "`\($0.key)`" }.joined(separator: " and ")
            report(
                .triggerKind, at: written[1].keyPosition, "\(place) has \(names); a trigger is one of them, write two")
            return nil
        }
        let isTimetable = kindPair.key == "cron" || kindPair.key == "every"
        refuse(isTimetable ? ["min_new_rows", "debounce"] : ["clock"], of: keys, beside: kindPair.key, place)
        let clock = keys["clock"].flatMap { choice($0.value, "clock", .choice, as: ClockName.self) } ?? .wall
        let catchup = keys["catchup"].flatMap { choice($0.value, "catchup", .choice, as: Catchup.self) } ?? .none
        let start = keys["start"].flatMap { time($0.value, "\(place).start") }
        let end = keys["end"].flatMap { time($0.value, "\(place).end") }
        if let start, let end, end < start, let pair = keys["end"] {
            report(.time, at: pair.value.position, "\(place) ends before it starts")
        }
        let params = triggerParams(keys["params"], place, hasEvent: !isTimetable, at: node.position)
        guard let kind = kind(kindPair, keys, place) else { return nil }
        let trigger = Trigger(
            kind: kind, clock: clock, start: start, end: end, catchup: catchup, params: params)
        warn(about: trigger, at: kindPair.value.position, keys)
        return trigger
    }

    private mutating func time(_ node: YAMLNode, _ what: String) -> Instant? {
        guard let text = scalarText(node, what) else { return nil }
        do {
            return try Instant(text: text, in: zone)
        } catch {
            report(.time, at: node.position, "\(what): \(error.errorDescription ?? "not a time")")
            return nil
        }
    }

    /// The parameters of the runs that the trigger starts, checked as if a person had given them.
    private mutating func triggerParams(
        _ pair: YAMLPair?, _ place: String, hasEvent: Bool, at position: SourcePosition
    ) -> [String: Template] {
        var given: [String: String] = [:]
        var later: [String: Template] = [:]
        var nodes: [String: YAMLPair] = [:]
        if let pair {
            for param in named(pair.value, "\(place).params") {
                guard let text = scalarText(param.value, "\(place).params.\(param.key)") else { continue }
                check(param.value, scope: .trigger(hasEvent: hasEvent))
                nodes[param.key] = param
                let template = scan(text)
                // A value that could not be resolved is filled in when it fires, or was reported; it is not checked now.
                if let text = resolved(template, at: param.value) {
                    given[param.key] = text
                } else if paramNames.contains(param.key) {
                    later[param.key] = template
                } else {
                    given[param.key] = ""
                }
            }
        }
        let waiting = Set(later.keys)
        do {
            let specs = params.filter { !waiting.contains($0.name) }
            let checked = try ParamSpec.check(given, against: specs, in: zone)
            return checked.filter { given[$0.key] != nil }.mapValues(Template.init(text:)).merging(later) { $1 }
        } catch {
            for problem in error.problems {
                // A parameter with an error of its own is not known here; it was reported where it stands.
                let isBroken = paramNames.contains(problem.param) && !params.contains { $0.name == problem.param }
                guard !isBroken else { continue }
                guard let node = nodes[problem.param] else {
                    // The default is broken, or the parameter has none.
                    guard params.first(where: { $0.name == problem.param })?.defaultValue == nil else { continue }
                    report(
                        .triggerParam, at: position,
                        "\(place): \(problem.sentence), so the trigger must give it in params")
                    continue
                }
                let isUnknown = !paramNames.contains(problem.param)
                report(
                    isUnknown ? .triggerParam : .paramValue, at: isUnknown ? node.keyPosition : node.value.position,
                    problem.sentence, suggestion: problem.nearest)
            }
            return [:]
        }
    }
}
