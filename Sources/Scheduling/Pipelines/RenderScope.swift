/// What the places of a template can be filled with.
package struct RenderScope: Sendable, Equatable {
    package var variables: [String: String]
    package var params: [String: String]
    /// Dotted path after `run.` to its text; see `runValues(_:in:)`.
    package var run: [String: String]
    /// Task to what it put out.
    package var outputs: [String: TaskOutputs]
    package var environment: [String: String]
    /// What a trigger saw when it fired.
    package var event: [String: String]
    package var secrets: [String: String] = [:]
    /// Dotted path after `models.` to its text, of those that a task names.
    package var models: [String: String] = [:]
    /// Of a task made by `foreach`.
    package var item: String? = nil

    package init(
        variables: [String: String] = [:], params: [String: String] = [:], run: [String: String] = [:],
        outputs: [String: TaskOutputs] = [:], environment: [String: String] = [:], event: [String: String] = [:],
        secrets: [String: String] = [:]
    ) {
        self.secrets = secrets
        self.event = event
        (self.variables, self.params, self.run) = (variables, params, run)
        (self.outputs, self.environment) = (outputs, environment)
    }

    /// The scope of one attempt of a task.
    /// - Parameter outputs: of every task upstream of it that has ended with success.
    package init(
        pipeline: Pipeline, run: DAGRun, zone: ZoneRules, outputs: [String: TaskOutputs], environment: [String: String]
    ) {
        self.init(
            variables: pipeline.variables, params: run.params, run: Self.runValues(run, in: zone), outputs: outputs,
            environment: environment, event: run.event)
    }

    /// Every `${run.*}`: dates in the pipeline's zone, and beside each its `_utc`.
    package static func runValues(_ run: DAGRun, in zone: ZoneRules) -> [String: String] {
        var values = ["id": run.id]
        let moments: [(String, Instant?)] = [
            ("logical_date", run.logicalDate), ("scheduled_for", run.logicalDate),
            ("data_interval.start", run.dataInterval.start), ("data_interval.end", run.dataInterval.end),
            ("started_at", run.startedAt),
        ]
        for case (let name, let moment?) in moments {
            values[name] = moment.rfc3339(in: zone)
            values[name + "_utc"] = moment.rfc3339
        }
        return values
    }

    /// What `${run.*}` can name.
    static let runPaths: [String] =
        ["id"]
        + ["logical_date", "scheduled_for", "data_interval.start", "data_interval.end", "started_at"].flatMap {
            [$0, $0 + "_utc"]
        }

    /// - Throws: `RenderError.noValue`.
    func value(_ namespace: String, _ path: [String]) throws(RenderError) -> String {
        let name = path.joined(separator: ".")
        switch namespace {
        case "variables": return try find(name, in: variables, namespace)
        case "params": return try find(name, in: params, namespace)
        case "run": return try find(name, in: run, namespace)
        case "env": return try find(name, in: environment, namespace)
        case "tasks" where path.count == 3 && path[1] == "outputs":
            guard let outputs = outputs[path[0]] else {
                throw .noValue(reference: "tasks.\(name)", reason: "task \(path[0]) has put out nothing")
            }
            guard let value = outputs[path[2]] else {
                if path[2] == "return_value" {
                    throw .noValue(
                        reference: "tasks.\(name)",
                        reason: "task \(path[0]) printed nothing, or a last line longer than 48 KiB")
                }
                let known = outputs.keys.sorted().joined(separator: ", ")
                throw .noValue(
                    reference: "tasks.\(name)",
                    reason: "task \(path[0]) put out " + (known.isEmpty ? "nothing" : "only \(known)"))
            }
            return value
        case "event":
            if event.isEmpty {
                throw .noValue(reference: "event.\(name)", reason: "no event started this run")
            }
            return try find(path, within: event, namespace)
        case "models": return try find(path, within: models, namespace)
        case "secrets": return try find(name, in: secrets, namespace)
        case "item":
            guard let item else { throw .noValue(reference: "item", reason: "the task has no foreach") }
            return try Self.field(path[...], of: item, "item")
        default:
            throw .noValue(reference: "\(namespace).\(name)", reason: "there is no such value")
        }
    }

    /// The value of the longest name that there is; the rest of the path leads into it, when it is JSON.
    private func find(_ path: [String], within values: [String: String], _ namespace: String) throws(RenderError)
        -> String
    {
        for count in stride(from: path.count, to: 0, by: -1) {
            let name = path[..<count].joined(separator: ".")
            if let value = values[name] { return try Self.field(path[count...], of: value, "\(namespace).\(name)") }
        }
        return try find(path.joined(separator: "."), in: values, namespace)
    }

    /// What a path leads to in a text that is JSON.
    private static func field(_ path: ArraySlice<String>, of text: String, _ name: String) throws(RenderError) -> String
    {
        var operand = ConditionEvaluation.Operand.given(text)
        var name = name
        for part in path {
            let next = ConditionEvaluation.field(.string(part), of: operand)
            if case .missing(let reason) = next { throw .noValue(reference: "\(name).\(part)", reason: reason) }
            (operand, name) = (next, "\(name).\(part)")
        }
        return operand.text ?? operand.meaning.text
    }

    private func find(_ name: String, in values: [String: String], _ namespace: String) throws(RenderError) -> String {
        guard let value = values[name] else {
            // The names of an environment and of secrets are nobody's business; the others help.
            let nearest =
                namespace == "env" || namespace == "secrets"
                ? nil : Spelling.nearest(to: name, among: values.keys.sorted())
            throw .noValue(
                reference: "\(namespace).\(name)", reason: "there is no such value." + Spelling.question(nearest))
        }
        return value
    }
}
