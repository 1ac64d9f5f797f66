import Hummingbird
package import Registry

/// Removes deleted experiments and runs for good.
package protocol Purger: Sendable {
    /// - Returns: what was removed, or would be, and how many bytes of files that is.
    func purge(isDryRun: Bool, actor: String) async throws -> (plan: PurgePlan, bytes: Int64)
}

/// What MLflow's own routes do not offer for experiments.
struct ExperimentRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        table.post(
            "/api/v1/experiments/purge",
            RouteDocumentation(
                "Removes deleted experiments and runs for good, with their artifacts, and frees their names; what versions of registered models were made from stays",
                tag: "experiments", body: .init("PurgeRequest"), answers: "Purge", failures: [400, 415, 422, 503]),
            handler: purge)
    }

    private func purge(_ call: HTTPCall) async throws -> Response {
        guard let purger = surroundings.ports.purger else {
            throw ServingFailure(
                status: 503, code: "not_available", message: "this server does not keep experiments itself.",
                remedy: "ask the server that does.")
        }
        var fields = try await call.fields(optional: true)
        let isDryRun = try fields.bool("dry_run") ?? false
        try fields.finish()
        let (plan, bytes) = try await purger.purge(isDryRun: isDryRun, actor: call.actor)
        return .json { json in
            json.member("dry_run", isDryRun)
            json.member(
                "experiments",
                array: { json in
                    for experiment in plan.experiments {
                        json.object { json in
                            json.member("id", experiment.id)
                            json.member("name", experiment.name)
                        }
                    }
                })
            json.member("runs", plan.runs)
            json.member("logged_models", plan.loggedModels)
            json.member("bytes", Int(bytes))
            json.member(
                "kept",
                array: { json in
                    for kept in plan.kept {
                        json.object { json in
                            json.member("kind", kept.kind.rawValue)
                            json.member("id", kept.id)
                            json.member("experiment", kept.experimentID)
                            json.member("model", kept.model)
                            json.member("version", kept.version)
                        }
                    }
                })
        }
    }
}
