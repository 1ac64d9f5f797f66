import Hummingbird
import Scheduling
import Training

/// What is loaded, and "load the alias now".
struct ServingRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let surroundings = surroundings
        table.get(
            "/api/v1/serving", RouteDocumentation("What answers, and how fast", tag: "serving", answers: "Serving")
        ) { call in
            try QueryFields(call).finish()
            return .json { $0.serving(surroundings) }
        }
        table.post(
            "/api/v1/serving/reload",
            RouteDocumentation(
                "Loads what the alias names now", tag: "serving", body: .init("ReloadRequest"), answers: "Serving",
                failures: [404, 409, 422]),
            handler: reload)
    }

    private func reload(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields(optional: true)
        let model = try fields.string("model") ?? surroundings.ports.facts.defaultModel
        let alias = try fields.string("alias") ?? "production"
        try fields.finish()
        do {
            _ = try await surroundings.ports.deployer.reload(model: model, alias: alias)
        } catch {
            throw FailureResponse.ofLoading(error)
        }
        return .json { $0.serving(surroundings) }
    }
}

extension JSONWriter {
    /// The challenger and how much of production's lists it names too; null without one.
    private mutating func shadow(_ traffic: ShadowTraffic) {
        let now = traffic.snapshot
        if now.model == nil, now.problem == nil { return null() }
        object { json in
            json.key("model")
            if let model = now.model { json.object { $0.modelReference(model) } } else { json.null() }
            json.member("problem", now.problem)
            json.member("share", traffic.share)
            json.member("against", now.against)
            json.member("answers", now.pair.answers)
            json.member("dropped", now.pair.dropped)
            json.member("mean_overlap", now.pair.meanOverlap)
        }
    }

    /// The members of `GET /api/v1/serving`.
    mutating func serving(_ surroundings: Surroundings) {
        let slot = surroundings.ports.slot
        let model = slot.model
        let measures = surroundings.routes.routes
            .filter { $0.pattern.hasPrefix("/api/v1/recommendations") }.map { $0.measure.snapshot() }
        var recent = LatencyHistogram()
        for measure in measures { recent.add(measure.recent) }
        member("ready", model != nil)
        key("model")
        if let model {
            object { json in
                json.modelReference(model)
                json.member("algorithm", model.recommender.algorithm)
                json.member("users", model.recommender.users.count)
                json.member("items", model.recommender.items.count)
                json.member("loaded_at", timeMilliseconds: model.loadedAtMilliseconds)
                json.member("run_id", model.runID)
                json.member("simulated_date", model.simulatedDate)
            }
        } else {
            null()
        }
        lastLoadError(slot.lastLoadError)
        key("shadow")
        shadow(surroundings.ports.shadow)
        member("swaps", slot.swaps)
        member("requests", object: { $0.member("recommendations", measures.reduce(0) { $0 + $1.requests }) })
        member(
            "latency",
            object: { json in
                json.member("p50_ms", recent.quantileMicroseconds(0.5).map { $0 / 1000 })
                json.member("p99_ms", recent.quantileMicroseconds(0.99).map { $0 / 1000 })
            })
    }
}
