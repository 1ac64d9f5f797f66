import Foundation

/// The JSON Schema of the pipeline file, for editors: what this version runs, with the settings of its operators.
///
/// It helps while typing; the compiler is the judge. Names are checked against each other there alone.
/// - Source: JSON Schema, draft 2020-12.
package enum PipelineSchema {
    /// - Parameter operators: what `uses:` may name.
    package static func json(operators: [any Operator]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(schema(operators)), as: UTF8.self) + "\n"
        } catch {
            preconditionFailure(
                "a schema of texts, whole numbers and finite bounds could not be written as JSON: \(error)")
        }
    }

    private static func schema(_ operators: [any Operator]) -> JSONValue {
        let tasks: JSONValue = [
            "type": "object", "minProperties": 1, "propertyNames": ["pattern": .string(identifier)],
            "additionalProperties": task(operators), "description": "The steps, by name.",
        ]
        return object(
            [
                "pipeline": [
                    "type": "string", "pattern": "^[a-z][a-z0-9_-]{0,63}$", "description": "The pipeline's id.",
                ],
                "description": text("One sentence on what it is for."),
                "tags": texts("Words to find it by."),
                "timezone": text(
                    "IANA name, e.g. Asia/Seoul; governs cron, start and every date. Default: the machine's."),
                "variables": [
                    "type": "object", "additionalProperties": scalar("A constant; ${variables.other} may stand in it."),
                    "description": "Constants, written ${variables.name} elsewhere.",
                ],
                "params": [
                    "type": "object", "additionalProperties": param,
                    "description": "Typed inputs, checked before a run exists.",
                ],
                "triggers": ["type": "array", "items": trigger, "description": "When it runs; empty: by hand only."],
                "max_active_runs": [
                    "type": "integer", "minimum": 1, "default": 1, "description": "Runs at once; others wait.",
                ],
                "defaults": object(
                    ["retry": retry, "timeout": duration("Of one attempt.")], "What every task begins with."),
                "tasks": tasks,
            ],
            "A pipeline of mlstack", required: ["pipeline", "tasks"],
            also: ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": "mlstack pipeline"])
    }

    private static let identifier = "^[A-Za-z_][A-Za-z0-9_-]{0,63}$"

    private static var param: JSONValue {
        object(
            [
                "type": choice(ParamSpec.Kind.allCases.map(\.rawValue), "What its value is."),
                "default": scalar("Its value when none is given; without it one must be given."),
                "min": ["type": "number", "description": "Of int and float."],
                "max": ["type": "number", "description": "Of int and float."],
                "values": ["type": "array", "items": scalar("A value of an enum."), "description": "Of an enum."],
                "help": text("What it does, for the form."),
            ], "A typed input.", required: ["type"])
    }

    private static var trigger: JSONValue {
        object(
            [
                "cron": text("Five fields or a preset, e.g. \"30 2 * * MON-FRI\" or @daily."),
                "clock": choice(ClockName.allCases.map(\.rawValue), "Which clock it reads; default wall."),
                "start": text("No firing before: 2015-01-01, 2015-01-01T22:30, or with an offset."),
                "end": text("No firing after."),
                "catchup": choice(Catchup.allCases.map(\.rawValue), "What becomes of missed firings; default none."),
                "params": [
                    "type": "object", "additionalProperties": scalar("A value."),
                    "description": "For the runs it starts.",
                ],
            ], "When it runs.", required: ["cron"])
    }

    private static var retry: JSONValue {
        object(
            [
                "max": ["type": "integer", "minimum": 0, "description": "Retries after the first attempt; default 0."],
                "delay": duration("Before the first retry; default 10s."),
                "backoff": [
                    "type": "number", "minimum": 1,
                    "description": "Each delay is this times the one before; default 2.",
                ],
                "max_delay": duration("No delay is longer; default 10m."),
                "jitter": [
                    "type": "string", "pattern": "^[0-9.]+%$",
                    "description": "How much of the delay is spread, e.g. 20%.",
                ],
            ], "What to do after a failure.")
    }

    private static func task(_ operators: [any Operator]) -> JSONValue {
        let common: [String: JSONValue] = [
            "run": text("A shell command; ${…} is put in quoted."),
            "uses": choice(operators.map(\.name), "A built-in task."),
            "with": ["type": "object", "description": "The settings of the built-in task."],
            "needs": texts("Tasks that must end first."),
            "trigger_rule": choice(TriggerRule.allCases.map(\.rawValue), "When it may start; default all_success."),
            "retry": retry,
            "timeout": duration("Of one attempt; default none."),
            "env": [
                "type": "object", "additionalProperties": scalar("A value; ${…} is filled in."),
                "description": "For run.",
            ],
            "workdir": text("The folder that run starts in."),
        ]
        let cases = operators.map { entry -> JSONValue in
            let settings = settingsObject(entry)
            return ["properties": ["uses": ["const": .string(entry.name)], "with": settings], "required": ["uses"]]
        }
        let shell: JSONValue = ["required": ["run"], "not": ["required": ["uses"]]]
        return object(common, "A step of the pipeline.", also: ["oneOf": .array([shell] + cases)])
    }

    private static func settingsObject(_ entry: any Operator) -> JSONValue {
        let properties = Dictionary(entry.settings.map { ($0.name, setting($0)) }) { first, _ in first }
        let required = entry.settings.filter { $0.defaultValue == nil && !$0.isOptional }.map(\.name)
        return object(properties, entry.summary, required: required)
    }

    /// A place to be filled in may stand for any kind but a list.
    private static func setting(_ spec: SettingSpec) -> JSONValue {
        let template: JSONValue = ["type": "string", "pattern": "\\$\\{"]
        switch spec.kind {
        case .string: return text(spec.help)
        case .list: return texts(spec.help)
        case .bool: return either(["type": "boolean"], template, spec.help)
        case .choice(let choices): return either(choice(choices, spec.help), template, spec.help)
        case .int(let range):
            var number: [String: JSONValue] = ["type": "integer"]
            if range.lowerBound != .min { number["minimum"] = .int(range.lowerBound) }
            if range.upperBound != .max { number["maximum"] = .int(range.upperBound) }
            return either(.object(number), template, spec.help)
        case .float(let range):
            var number: [String: JSONValue] = ["type": "number"]
            if range.lowerBound.isFinite { number["minimum"] = .double(range.lowerBound) }
            if range.upperBound.isFinite { number["maximum"] = .double(range.upperBound) }
            return either(.object(number), template, spec.help)
        }
    }

    // MARK: - Pieces

    private static func object(
        _ properties: [String: JSONValue], _ description: String, required: [String] = [],
        also: [String: JSONValue] = [:]
    ) -> JSONValue {
        var value = also
        value["type"] = "object"
        value["properties"] = .object(properties)
        value["additionalProperties"] = false
        value["description"] = .string(description)
        if !required.isEmpty { value["required"] = .array(required.map(JSONValue.string)) }
        return .object(value)
    }

    private static func text(_ description: String) -> JSONValue {
        ["type": "string", "description": .string(description)]
    }

    private static func texts(_ description: String) -> JSONValue {
        ["type": "array", "items": ["type": "string"], "description": .string(description)]
    }

    private static func scalar(_ description: String) -> JSONValue {
        ["type": ["string", "number", "boolean"], "description": .string(description)]
    }

    private static func choice(_ names: [String], _ description: String) -> JSONValue {
        ["enum": .array(names.map(JSONValue.string)), "description": .string(description)]
    }

    private static func duration(_ description: String) -> JSONValue {
        [
            "type": "string", "pattern": "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
            "description": .string(description + " 500ms, 90s, 10m, 1h30m, 2d."),
        ]
    }

    private static func either(_ first: JSONValue, _ second: JSONValue, _ description: String) -> JSONValue {
        ["anyOf": [first, second], "description": .string(description)]
    }
}
