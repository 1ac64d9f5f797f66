/// `notify`.
extension PipelineReading {
    private static let logLinesLimit = 1000
    private static let usualLogLines = 20

    mutating func notifications(_ pair: YAMLPair?, hasDeadline: Bool) -> [NotificationRule] {
        guard let pair, !pair.value.isNull, let keys = map(pair.value, "notify", PipelineKeys.notify, place: "notify")
        else { return [] }
        if let deadline = keys["deadline"], !hasDeadline {
            report(
                .notification, at: deadline.keyPosition,
                "notify.deadline would never be sent: the pipeline has no `deadline`; write for instance deadline: 20m")
        }
        return NotificationRule.Event.allCases.flatMap { event -> [NotificationRule] in
            guard let pair = keys[event.rawValue], let elements = list(pair.value, "notify.\(event.rawValue)") else {
                return []
            }
            return elements.compactMap { notification($0, event) }
        }
    }

    private mutating func notification(_ node: YAMLNode, _ event: NotificationRule.Event) -> NotificationRule? {
        let place = "notify.\(event.rawValue)"
        let hasLog = event == .failure || event == .retry
        var lines = hasLog ? Self.usualLogLines : 0
        if case .scalar("log", .string) = node.content {
            return NotificationRule(event: event, target: .log, logLines: lines)
        }
        guard let keys = map(node, "an element of \(place)", PipelineKeys.notification, place: place) else {
            return nil
        }
        if let pair = keys["log_lines"] {
            if !hasLog {
                report(
                    .notification, at: pair.keyPosition,
                    "log_lines has no effect on \(place): it is for failure and retry, where a task has failed")
            } else if let count = wholeNumber(pair.value, "log_lines", least: 0) {
                lines = count
                if count > Self.logLinesLimit {
                    report(
                        .number, at: pair.value.position,
                        "log_lines is \(count); at most \(Self.logLinesLimit) expected")
                }
            }
        }
        switch (keys["webhook"], keys["log"]) {
        case (let webhook?, nil):
            return address(webhook, place).map { NotificationRule(event: event, target: .webhook($0), logLines: lines) }
        case (nil, let log?):
            guard let isOn = bool(log.value, "\(place).log"), isOn else { return nil }
            return NotificationRule(event: event, target: .log, logLines: lines)
        case (let first?, let second?):
            report(
                .notification, at: max(first.keyPosition, second.keyPosition),
                "an element of \(place) has both `webhook` and `log`; write two elements")
        case (nil, nil):
            report(
                .notification, at: node.position,
                "an element of \(place) says not whom to tell; write webhook: https://… or log: true")
        }
        return nil
    }

    private mutating func address(_ pair: YAMLPair, _ place: String) -> Template? {
        guard let text = text(pair.value, "\(place).webhook") else { return nil }
        check(pair.value, scope: .message)
        let template = scan(text)
        if let address = resolved(template, at: pair.value), !address.hasPrefix("https://"),
            !address.hasPrefix("http://")
        {
            report(
                .notification, at: pair.value.position,
                "\"\(LogLine.escaped(address.prefix(80)))\" is no web address; begin with https:// or http://")
        }
        return template
    }
}
