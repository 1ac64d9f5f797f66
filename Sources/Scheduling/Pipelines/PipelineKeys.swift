/// The keys of the file, level by level: what this version understands, and what belongs to the format without being
/// run yet.
///
/// A key of neither list is a slip; a key of the second is refused by name, never ignored. Moving a key from `later`
/// to `known` is how support for it begins; `PipelineSchema` follows by itself only for its keys, so look there too.
enum PipelineKeys {
    struct Level {
        var known: [String]
        var later: [String] = []
    }

    static let pipeline = Level(
        known: [
            "pipeline", "description", "tags", "timezone", "variables", "params", "triggers", "max_active_runs",
            "defaults",
            "tasks",
        ],
        later: ["overlap", "max_active_tasks", "deadline", "order", "include", "environment", "notify", "secrets"])

    static let param = Level(known: ["type", "default", "min", "max", "values", "help"])

    static let trigger = Level(
        known: ["cron", "clock", "start", "end", "catchup", "params"],
        later: ["every", "dataset", "after", "webhook", "all", "any", "min_new_rows", "debounce"])

    static let defaults = Level(
        known: ["retry", "timeout"],
        later: ["env", "workdir", "pool", "priority", "trigger_rule", "allow_failure", "depends_on_past"])

    static let retry = Level(known: ["max", "delay", "backoff", "max_delay", "jitter"])

    static let task = Level(
        known: ["run", "uses", "with", "needs", "trigger_rule", "retry", "timeout", "env", "workdir"],
        later: [
            "when", "pool", "priority", "foreach", "allow_failure", "depends_on_past", "produces", "notify", "deadline",
        ])

    /// Namespaces of `${…}` that nothing fills yet.
    static let laterNamespaces: Set<String> = ["event", "models", "secrets", "item"]
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
