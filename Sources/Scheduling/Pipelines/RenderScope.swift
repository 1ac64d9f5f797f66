import Foundation

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
        outputs: [String: TaskOutputs] = [:], environment: [String: String] = [:], event: [String: String] = [:]
    ) {
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
        case "event": return try find(name, in: event, namespace)
        case "env": return try find(name, in: environment, namespace)
        case "tasks" where path.count == 3 && path[1] == "outputs":
            guard let outputs = outputs[path[0]] else {
                throw .noValue(reference: "tasks.\(name)", reason: "task \(path[0]) has put out nothing")
            }
            guard let value = outputs[path[2]] else {
                let known = outputs.keys.sorted().joined(separator: ", ")
                throw .noValue(
                    reference: "tasks.\(name)",
                    reason: "task \(path[0]) put out " + (known.isEmpty ? "nothing" : "only \(known)"))
            }
            return value
        default:
            throw .noValue(reference: "\(namespace).\(name)", reason: "there is no such value")
        }
    }

    private func find(_ name: String, in values: [String: String], _ namespace: String) throws(RenderError) -> String {
        guard let value = values[name] else {
            // The names of an environment are nobody's business; the others help.
            let nearest = namespace == "env" ? nil : Spelling.nearest(to: name, among: values.keys.sorted())
            throw .noValue(
                reference: "\(namespace).\(name)", reason: "there is no such value." + Spelling.question(nearest))
        }
        return value
    }
}

/// Why a template could not be filled in when its task was to start.
package enum RenderError: Error, Sendable, Equatable {
    case noValue(reference: String, reason: String)
    case notQuotable(reference: String, place: String)
    /// What was filled in is not what the operator's setting takes.
    case wrongSetting(name: String, problem: String)
}

extension RenderError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .noValue(let reference, let reason): "${\(reference)}: \(reason)"
        case .notQuotable(let reference, let place): "${\(reference)} can't be put in safely \(place)"
        case .wrongSetting(let name, let problem): "with.\(name): \(problem)"
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .noValue: "check the name against the pipeline file and against what the tasks before this one put out."
        case .notQuotable(let reference, _):
            "give the value through `env:` (env: {VALUE: \"${\(reference)}\"}) and write \"$VALUE\" here."
        case .wrongSetting: "check what the variable, the parameter or the task before this one gave."
        }
    }
}

/// The file, the parameters and what tasks upstream have put out are the same at the next attempt.
extension RenderError: PermanentError {
    package var isPermanent: Bool { true }
}
