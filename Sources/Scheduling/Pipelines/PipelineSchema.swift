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
            "type": "object", "propertyNames": ["pattern": .string(identifier)],
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
                "variables": map(of: scalar("A constant; ${variables.other} may stand in it."), "Constants."),
                "params": map(of: param, "Typed inputs, checked before a run exists."),
                "triggers": ["type": "array", "items": trigger, "description": "When it runs; empty: by hand only."],
                "max_active_runs": whole(from: 1, "Runs at once; default 1."),
                "max_active_tasks": whole(from: 1, "Tasks of all its runs at once; default: as the pools let."),
                "overlap": choice(Overlap.allCases.map(\.rawValue), "What becomes of further runs; default queue."),
                "deadline": duration("How long after its moment a run should have ended; see notify.deadline."),
                "order": choice(["graph", "sequential"], "sequential: each task needs the one before it."),
                "environment": choice(
                    PipelineEnvironment.allCases.map(\.rawValue),
                    "A research run can't move the production alias; default research."),
                "defaults": defaults,
                "include": ["type": "array", "items": include, "description": "Tasks from files beside this one."],
                "tasks": tasks,
                "notify": notify,
            ],
            "A pipeline of mlstack", required: ["pipeline"],
            also: [
                "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "mlstack pipeline",
                "anyOf": [["required": ["tasks"]], ["required": ["include"]]],
            ])
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

    private static var include: JSONValue {
        object(
            [
                "file": text("As seen from this file, e.g. shared/notify.yaml; it has `params` and `tasks`."),
                "with": map(of: scalar("A value; ${…} alone is filled in later."), "The file's params."),
                "prefix": text("Put before the names of its tasks."),
                "needs": texts("Tasks of this pipeline that come before the file's first."),
            ], "Shared tasks.", required: ["file"])
    }

    private static var notify: JSONValue {
        let target = object(
            [
                "webhook": text("An address, e.g. ${secrets.SLACK_URL}."),
                "log": ["type": "boolean", "description": "The program's own log."],
                "log_lines": whole(from: 0, "Of the end of the failed task's log; default 20."),
            ], "Whom to tell.")
        let targets: JSONValue = [
            "type": "array", "items": ["anyOf": [["const": "log"], target]], "description": "Whom to tell.",
        ]
        let events = NotificationRule.Event.allCases.map { ($0.rawValue, targets) }
        return object(Dictionary(events) { first, _ in first }, "Whom to tell of what becomes of runs.")
    }

    private static var defaults: JSONValue {
        object(
            [
                "retry": retry, "timeout": duration("Of one attempt."), "env": environment,
                "workdir": text("The folder that run starts in."), "pool": name("Whose slots tasks take."),
                "priority": ["type": "integer", "description": "The highest begins first; default 0."],
                "trigger_rule": choice(TriggerRule.allCases.map(\.rawValue), "When a task may start."),
                "allow_failure": bool("A failure does not fail the run."),
                "depends_on_past": bool("Wait for the same task of the scheduled run before."),
            ], "What every task begins with.")
    }

    static var environment: JSONValue {
        map(
            of: scalar("A value; ${…} is filled in."),
            "For run, beside what it inherits: not the keys of the stack's bucket, unless named as ${env.NAME}.")
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
            "when": [
                "type": ["string", "boolean"],
                "description": "Skipped unless it holds, e.g. ${tasks.evaluate.outputs.gain >= params.min_gain}.",
            ],
            "trigger_rule": choice(TriggerRule.allCases.map(\.rawValue), "When it may start; default all_success."),
            "retry": retry,
            "timeout": duration("Of one attempt; default none."),
            "env": environment,
            "workdir": text("The folder that run starts in."),
            "pool": name("Whose slots it takes; default \(TaskSpec.defaultPool)."),
            "priority": ["type": "integer", "description": "Of those that wait, the highest begins first; default 0."],
            "foreach": [
                "anyOf": [
                    ["type": "string", "pattern": "\\$\\{"], ["type": "array", "maxItems": .int(ForEach.limit)],
                ],
                "description": "One task for each item; ${item} and ${item.field} name its own.",
            ],
            "allow_failure": bool("Its failure does not fail the run."),
            "depends_on_past": bool("Waits for the same task of the scheduled run before."),
            "produces": texts("Datasets of which its success is a new version."),
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
}
