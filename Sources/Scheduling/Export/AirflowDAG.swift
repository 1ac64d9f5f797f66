/// The file from its imports to its last arrow.
struct AirflowDAG {
    let pipeline: Pipeline
    let zone: ZoneRules
    let schedule: AirflowSchedule
    let tasks: AirflowTasks
    private var hasTriggerParams: Bool { !tasks.usesServer && pipeline.triggers.contains { !$0.params.isEmpty } }

    init(_ pipeline: Pipeline, zone: ZoneRules, schedule: AirflowSchedule, tasks: AirflowTasks) {
        (self.pipeline, self.zone, self.schedule, self.tasks) = (pipeline, zone, schedule, tasks)
    }

    var text: String {
        var parts = ["TIMEZONE = pendulum.timezone(\(PythonText.literal(zone.identifier)))"]
        if tasks.usesServer {
            parts += [
                """
                PIPELINE = \(PythonText.literal(pipeline.id))
                START = \(PythonText.literal(tasks.startID))
                SENDS_DATE = \(pipeline.triggers.contains { $0.clock == .replay } ? "False" : "True")
                """, AirflowRuntime.request, AirflowRuntime.values, AirflowRuntime.stack,
            ]
        } else {
            parts.append(AirflowRuntime.values)
            if hasTriggerParams { parts += [triggerParams, AirflowRuntime.triggerParams] }
            parts += tasks.runtime
        }
        let rest = (parts + [dag]).joined(separator: "\n\n\n")
        return "\(Self.imports(of: rest))\n\n\(rest)\n"
    }

    /// Of what Python and Airflow offer, that which the rest of the file names.
    private static func imports(of rest: String) -> String {
        func isUsed(_ name: String) -> Bool {
            rest.ranges(of: name).contains { range in
                func isPart(_ character: Character?) -> Bool {
                    character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
                }
                let before = range.lowerBound > rest.startIndex ? rest[rest.index(before: range.lowerBound)] : nil
                return !isPart(before) && !isPart(rest[range.upperBound...].first)
            }
        }
        let modules = ["json", "os", "re", "tempfile", "time", "urllib.error", "urllib.parse", "urllib.request"]
        var lines = modules.filter { isUsed($0 + ".") || isUsed($0) }.map { "import \($0)" }
        if isUsed("timedelta") { lines.append("from datetime import timedelta") }
        lines += ["", "import pendulum"]
        for (module, names) in [
            ("airflow.providers.standard.operators.bash", ["BashOperator"]),
            ("airflow.providers.standard.operators.empty", ["EmptyOperator"]),
            ("airflow.providers.standard.operators.trigger_dagrun", ["TriggerDagRunOperator"]),
            (
                "airflow.sdk",
                [
                    "DAG", "Asset", "AssetAll", "AssetAny", "AssetOrTimeSchedule", "BaseOperator",
                    "CronDataIntervalTimetable", "DeltaDataIntervalTimetable", "MultipleCronTriggerTimetable", "Param",
                ]
            ),
            ("airflow.sdk.exceptions", ["AirflowException", "AirflowFailException", "AirflowSkipException"]),
            ("airflow.sdk.log", ["mask_secret"]), ("jinja2", ["Undefined"]),
        ] {
            let used = names.filter(isUsed)
            if !used.isEmpty { lines.append("from \(module) import \(used.joined(separator: ", "))") }
        }
        return lines.joined(separator: "\n")
    }

    // MARK: - The DAG

    private var dag: String {
        var arguments = [
            ("dag_id", PythonText.literal(pipeline.id)),
            ("description", PythonText.literal(pipeline.description)),
            ("doc_md", PythonText.literal(documentation, indent: 4)),
            ("tags", PythonText.list(pipeline.tags.map { PythonText.literal($0) })),
            ("schedule", schedule.expression ?? "None"),
            ("start_date", schedule.start ?? "None"),
            ("catchup", schedule.catchup ? "True" : "False"),
            ("max_active_runs", "\(pipeline.maxActiveRuns)"),
        ]
        if let end = schedule.end { arguments.append(("end_date", end)) }
        if let most = pipeline.maxActiveTasks { arguments.append(("max_active_tasks", "\(most)")) }
        if !pipeline.params.isEmpty {
            let params = pipeline.params.map { "        \(PythonText.literal($0.name)): \(param($0)),\n" }.joined()
            arguments.append(("params", "{\n\(params)    }"))
        }
        if !tasks.usesServer {
            let filters = ["text", "word", "in_single_quotes", "in_double_quotes", "in_comment"]
            let macros =
                ["run_value", "output", "field", "event", "secret"] + (hasTriggerParams ? ["given_params"] : [])
                + (tasks.hasConditions
                    ? ["given", "number", "member", "truth", "equal", "less", "contains", "require"] : [])
            arguments.append(
                ("user_defined_filters", "{\(filters.map { "\"\($0)\": \($0)" }.joined(separator: ", "))}"))
            arguments.append(
                (
                    "user_defined_macros",
                    "{\"environ\": os.environ, \(macros.map { "\"\($0)\": \($0)" }.joined(separator: ", "))}"
                ))
        }
        let lines = arguments.map { "    \($0.0)=\($0.1),\n" }.joined()
        return "with DAG(\n\(lines)) as dag:\n" + tasks.body.joined(separator: "\n")
    }

    /// The file itself, so that it can be read beside the graph.
    private var documentation: String {
        let longest = pipeline.source.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)yaml\n\(pipeline.source)\n\(fence)\n"
    }

    private func param(_ spec: ParamSpec) -> String {
        var arguments: [String] = []
        let given = pipeline.triggers.lazy.compactMap { $0.params[spec.name]?.constant }.first
        // Airflow refuses a schedule beside a parameter without a default: null stands for "not given".
        let needsNull = spec.defaultValue == nil && given == nil && schedule.expression != nil
        if let value = spec.defaultValue ?? (schedule.expression == nil ? nil : given) {
            arguments.append(literal(value, spec.kind))
        } else if needsNull {
            arguments.append("None")
        }
        let type = needsNull ? "[\"null\", \"\(Self.type(spec.kind))\"]" : "\"\(Self.type(spec.kind))\""
        arguments.append("type=\(type)")
        if let min = spec.min { arguments.append("minimum=\(PythonText.number(min))") }
        if let max = spec.max { arguments.append("maximum=\(PythonText.number(max))") }
        if spec.kind == .enum {
            let values = spec.values.map { PythonText.literal($0) } + (needsNull ? ["None"] : [])
            arguments.append("enum=\(PythonText.list(values))")
        }
        if spec.kind == .datetime { arguments.append("format=\"date-time\"") }
        if spec.kind == .duration {
            arguments.append("pattern=\(PythonText.literal("^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"))")
        }
        if !spec.help.isEmpty { arguments.append("description=\(PythonText.literal(spec.help))") }
        return "Param(\(arguments.joined(separator: ", ")))"
    }

    private func literal(_ value: String, _ kind: ParamSpec.Kind) -> String {
        switch kind {
        case .int: value
        case .float: Double(value).map { $0.isFinite ? "\($0)" : "float(\"\(value)\")" } ?? PythonText.literal(value)
        case .bool: value == "true" ? "True" : "False"
        case .string, .enum, .datetime, .duration: PythonText.literal(value)
        }
    }

    private static func type(_ kind: ParamSpec.Kind) -> String {
        switch kind {
        case .int: "integer"
        case .float: "number"
        case .bool: "boolean"
        case .string, .enum, .datetime, .duration: "string"
        }
    }

    /// By the kind of run that Airflow makes for a trigger.
    private var triggerParams: String {
        let jinja = JinjaText(pipeline)
        var kinds: [String: [String: String]] = [:]
        for trigger in pipeline.triggers {
            let kind: String
            switch trigger.kind {
            case .time: kind = "scheduled"
            case .dataset: kind = "asset_triggered"
            case .after, .webhook: continue
            }
            for (name, template) in trigger.params where kinds[kind]?[name] == nil {
                kinds[kind, default: [:]][name] = Self.python(template, jinja)
            }
        }
        let lines = kinds.sorted { $0.key < $1.key }.map { kind, params in
            let values = params.sorted { $0.key < $1.key }.map { "\(PythonText.literal($0.key)): \($0.value)" }
            return "    \"\(kind)\": {\(values.joined(separator: ", "))},\n"
        }
        return "TRIGGER_PARAMS = {\n\(lines.joined())}"
    }

    /// A trigger's parameter sees variables and the event alone.
    private static func python(_ template: Template, _ jinja: JinjaText) -> String {
        let pieces = template.pieces.map { piece -> String in
            switch piece {
            case .text(let text): return PythonText.literal(text)
            case .reference("variables", let path, _):
                return PythonText.literal(jinja.variables[path.joined(separator: ".")] ?? "")
            case .reference(let namespace, let path, _):
                guard namespace == "event" else { return "text(None)" }
                let names = path.map { PythonText.literal($0) }.joined(separator: ", ")
                return "text(event(dag_run, asset_events, \(names)))"
            }
        }
        if template.constant != nil { return pieces.isEmpty ? "\"\"" : pieces.joined(separator: " + ") }
        return "lambda dag_run, asset_events: \(pieces.joined(separator: " + "))"
    }
}
