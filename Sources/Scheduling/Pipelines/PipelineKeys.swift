/// The keys of the file, level by level; a key that is on no list is a slip.
///
/// `PipelineSchema` has the same keys, and a test that says so.
enum PipelineKeys {
    struct Level {
        var known: [String]
        init(_ known: [String]) { self.known = known }
    }

    static let pipeline = Level([
        "pipeline", "description", "tags", "timezone", "variables", "params", "triggers", "max_active_runs",
        "max_active_tasks", "overlap", "deadline", "order", "environment", "defaults", "include", "tasks", "notify",
    ])

    /// Of `mlstack.yaml`.
    static let project = Level(["allow_private_webhooks", "artifacts", "durability", "pools", "retention"])

    static let artifacts = Level(["place", "endpoint", "region"])

    static let retention = Level(["runs"])

    static let param = Level(["type", "default", "min", "max", "values", "help"])

    static let trigger = Level([
        "cron", "every", "dataset", "after", "webhook", "clock", "start", "end", "catchup", "params", "min_new_rows",
        "debounce",
    ])

    static let dataset = Level(["name", "all", "any", "min_new_rows", "debounce"])

    static let after = Level(["pipeline", "states"])

    static let defaults = Level([
        "retry", "timeout", "env", "workdir", "pool", "priority", "trigger_rule", "allow_failure", "depends_on_past",
    ])

    static let retry = Level(["max", "delay", "backoff", "max_delay", "jitter"])

    static let task = Level([
        "run", "uses", "with", "needs", "when", "trigger_rule", "retry", "timeout", "env", "workdir", "pool",
        "priority", "foreach", "allow_failure", "depends_on_past", "produces",
    ])

    static let include = Level(["file", "with", "prefix", "needs"])

    /// Of a file that is included.
    static let included = Level(["description", "params", "tasks"])

    static let notify = Level(NotificationRule.Event.allCases.map(\.rawValue))

    static let notification = Level(["webhook", "log", "log_lines"])
}

/// Which names a person may give.
package enum PipelineNames {
    /// `[a-z][a-z0-9_-]{0,63}`
    package static func isPipelineID(_ text: String) -> Bool {
        isName(text) { $0.isLowercase || $0.isNumber || $0 == "_" || $0 == "-" } && text.first?.isLetter == true
    }

    /// A task, variable or parameter: `[A-Za-z_][A-Za-z0-9_-]{0,63}`, so that `${…}` can name it.
    static func isIdentifier(_ text: String) -> Bool {
        isName(text) { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" } && text.first?.isNumber == false
            && text.first != "-"
    }

    /// `[A-Za-z_][A-Za-z0-9_]*`
    static func isEnvironmentName(_ text: String) -> Bool { isIdentifier(text) && !text.contains("-") }

    /// A dataset, pool or webhook: `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`.
    static func isResourceName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == ".") }
            && text.first != "-" && text.first != "."
    }

    private static func isName(_ text: String, _ allowed: (Character) -> Bool) -> Bool {
        (1...64).contains(text.count) && text.allSatisfy { $0.isASCII && allowed($0) }
    }

    /// A pipeline id made of any text; nil when nothing of it can be kept.
    package static func pipelineID(from text: String) -> String? {
        var id = ""
        for character in text.lowercased() {
            let isAllowed = character.isASCII && (character.isLetter || character.isNumber || character == "-")
            if isAllowed { id.append(character) } else if id.last != "_" { id.append("_") }
        }
        id = String(id.drop { !$0.isLetter }.prefix(64))
        while id.last == "_" || id.last == "-" { id.removeLast() }
        return isPipelineID(id) ? id : nil
    }
}
