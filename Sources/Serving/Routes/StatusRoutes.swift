import Hummingbird
import Scheduling

/// Everything at a glance, for `mlstack status` and the page's foot.
struct StatusRoutes: RouteFamily {
    let surroundings: Surroundings

    /// Runs looked at when counting what is under way; more than can be at once.
    private static let recentRuns = 500

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/status", RouteDocumentation("Everything at a glance", tag: "status", answers: "Status"),
            handler: status)
    }

    private func status(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let ports = surroundings.ports
        let replay = await ports.replay.status()
        let runs = try await ports.orchestrator.runs(of: nil, limit: StatusRoutes.recentRuns, before: nil)
        let problems = await ports.problems()
        let uptime = surroundings.clock.now.milliseconds - ports.facts.startedAtMilliseconds
        return .json(capacity: 2048) { json in
            json.member("version", ports.facts.programVersion)
            json.member("home", ports.facts.home)
            json.member("uptime_seconds", Double(uptime) / 1000)
            json.member("url", surroundings.address?.url)
            json.member("memory_bytes", ProcessMemory.residentBytes)
            json.member("replay", object: { $0.replay(replay) })
            json.member("serving", object: { $0.serving(surroundings) })
            json.member(
                "pipelines",
                object: { json in
                    json.member("running", runs.count { $0.state == .running })
                    json.member("queued", runs.count { $0.state == .queued })
                })
            json.member("problems", objects: problems) { json, problem in
                json.member("subject", problem.subject)
                json.member("message", problem.message)
                json.member("remedy", problem.remedy)
            }
            json.member("started_at", timeMilliseconds: ports.facts.startedAtMilliseconds)
        }
    }
}
