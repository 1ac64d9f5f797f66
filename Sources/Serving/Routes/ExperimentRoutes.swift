import Hummingbird
package import Registry

/// Removes deleted experiments and runs for good.
package protocol Purger: Sendable {
    func purge(isDryRun: Bool, actor: String) async throws -> PurgeOutcome
}

/// What was removed, or would be.
package struct PurgeOutcome: Sendable, Equatable {
    package var plan: PurgePlan
    /// Of its files.
    package var bytes: Int64
    /// Folders that could not be removed yet: the records are gone, and the next look for garbage tries again.
    package var unremoved = 0
    package init(plan: PurgePlan, bytes: Int64) { (self.plan, self.bytes) = (plan, bytes) }
}

/// What MLflow's own routes do not offer for experiments.
struct ExperimentRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/experiments",
            RouteDocumentation(
                "Experiments with how many runs they hold and which was the last, the most recently used first",
                tag: "experiments",
                query: [
                    .init("view", .string, "active (when absent), deleted or all."),
                    .init("limit", .integer, "At most so many, up to 5000; 1000 when absent."),
                ], answers: "Experiments", failures: [422]),
            handler: list)
        table.get(
            "/api/v1/experiments/{experiment}",
            RouteDocumentation(
                "One experiment, deleted or not: how many runs it holds and which was the last", tag: "experiments",
                answers: "Experiment", failures: [404, 422]),
            handler: one)
        table.post(
            "/api/v1/experiments/purge",
            RouteDocumentation(
                "Removes deleted experiments and runs for good, with their artifacts, and frees their names; what versions of registered models were made from stays",
                tag: "experiments", body: .init("PurgeRequest"), answers: "Purge", failures: [400, 415, 422, 503]),
            handler: purge)
    }

    private static let views: [String: ViewType] = ["active": .activeOnly, "deleted": .deletedOnly, "all": .all]

    private func list(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let view = fields.string("view") ?? "active"
        let limit = try fields.int("limit", in: 1...5000) ?? 1000
        try fields.finish()
        guard let chosen = Self.views[view] else {
            throw ServingFailure(
                status: 422, code: "invalid", message: "view is \(Limits.shortened(view, to: 100)).",
                remedy: "ask for active, deleted or all.")
        }
        let summaries = try await surroundings.ports.tracking.experimentSummaries(chosen, id: nil, limit: limit)
        return .json(capacity: 64 + 384 * summaries.count) { json in
            json.member("experiments", array: { json in for each in summaries { json.object { $0.experiment(each) } } })
        }
    }

    private func one(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let id = call.parameter("experiment")
        let found = try await surroundings.ports.tracking.experimentSummaries(.all, id: id, limit: 1)
        guard let summary = found.first else {
            throw ServingFailure(
                status: 404, code: "not_found",
                message: "No Experiment with id=\(Limits.shortened(id, to: 100)) exists.",
                remedy: "list those that there are: GET /api/v1/experiments?view=all.")
        }
        return .json { $0.experiment(summary) }
    }

    private func purge(_ call: HTTPCall) async throws -> Response {
        guard let purger = surroundings.ports.purger else {
            throw ServingFailure(
                status: 503, code: "not_available", message: "this server does not keep experiments itself.",
                remedy: "ask the server that does.")
        }
        // What is gone for good is not ordered by a call without a word.
        var fields = try await call.fields()
        let isDryRun = try fields.bool("dry_run") ?? false
        try fields.finish()
        let outcome = try await purger.purge(isDryRun: isDryRun, actor: call.actor)
        let plan = outcome.plan
        return .json { json in
            json.member("dry_run", isDryRun)
            json.member("experiments", objects: plan.experiments) { json, experiment in
                json.member("id", experiment.id)
                json.member("name", experiment.name)
            }
            json.member("runs", plan.runs)
            json.member("logged_models", plan.loggedModels)
            json.member("bytes", Int(outcome.bytes))
            json.member("unremoved_folders", outcome.unremoved)
            json.member("kept", objects: plan.kept) { json, kept in
                json.member("kind", kept.kind.rawValue)
                json.member("id", kept.id)
                json.member("experiment", kept.experimentID)
                json.member("model", kept.model)
                json.member("version", kept.version)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func experiment(_ summary: ExperimentSummary) {
        member("id", summary.id)
        member("name", summary.name)
        member("lifecycle_stage", summary.lifecycleStage.rawValue)
        member("created_at", timeMilliseconds: summary.creationTimeMilliseconds)
        member("runs", summary.runs)
        member("running", summary.running)
        member("failed", summary.failed)
        guard let run = summary.lastRun else { return member("last_run", nil as String?) }
        member(
            "last_run",
            object: { json in
                json.member("id", run.id)
                json.member("name", run.name)
                json.member("status", run.status.rawValue)
                json.member("started_at", timeMilliseconds: run.startTimeMilliseconds)
                json.member("ended_at", timeMilliseconds: run.endTimeMilliseconds)
                json.member("user", run.userID)
                json.member("pipeline", run.pipelineID)
            })
    }
}
