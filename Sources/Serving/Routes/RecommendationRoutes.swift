import Hummingbird
import Training

/// What the live model recommends: to somebody it knows, to somebody described by ratings, to many at once.
///
/// Every answer takes one model at its beginning, the live one unless a version is named, and names it.
struct RecommendationRoutes: RouteFamily {
    let surroundings: Surroundings
    private var ports: ServingPorts { surroundings.ports }

    static let defaultCount = 10
    private static let batchUsers = 1000
    /// Of one batch: users times items each.
    private static let batchItems = 100_000

    func register(in table: inout RouteTable) {
        let selection: [RouteDocumentation.QueryParameter] = [
            .init("k", .integer, "How many, 1 to 1000; 10 when absent."),
            .init("model", .string, "An alias, name or version of a loaded model; the one that is live when absent."),
            .init(
                "version", .integer,
                "A registered version of that model; one that does not answer live is loaded for looking at, one at a time."
            ),
            .init("exclude_seen", .boolean, "Leaves out what the person has rated; true when absent."),
            .init("genre", .string, "Only items of this genre."),
            .init(
                "explain", .boolean, "Names for each item what of the person's history carried it; false when absent."),
        ]
        table.get(
            "/api/v1/recommendations/{user}",
            RouteDocumentation(
                "The best items for a person; the popular list for somebody unknown", tag: "recommendations",
                query: selection,
                answers: "Recommendations", failures: [404, 409, 422, 503]),
            handler: forUser)
        table.post(
            "/api/v1/recommendations",
            RouteDocumentation(
                "The best items for somebody described by ratings (fold-in)", tag: "recommendations",
                body: .init("FoldInRequest"), answers: "Recommendations", failures: [400, 404, 409, 415, 422, 503]),
            handler: forHistory)
        table.post(
            "/api/v1/recommendations/batch",
            RouteDocumentation(
                "The best items for up to 1000 people", tag: "recommendations", body: .init("BatchRequest"),
                answers: "BatchRecommendations", failures: [400, 415, 422, 503]),
            handler: forUsers)
    }

    private func forUser(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let version = try fields.int("version", in: 1...Int.max)
        let model = try await model(version: version)
        let query = RecommendationQuery(
            count: try fields.int("k", in: RecommendationQuery.countRange) ?? RecommendationRoutes.defaultCount,
            excludesSeen: try fields.bool("exclude_seen") ?? true, genre: fields.string("genre")?.lowercased(),
            explains: try fields.bool("explain") ?? false)
        try check(model, isNamed: fields.string("model"))
        try fields.finish()
        let key = AnswerCache.Key(user: call.parameter("user"), query: query)
        let state = ports.people.historyVersion(of: key.user)
        if let body = model.answers.body(for: key, history: state) { return .json(body) }
        let history = try await ports.people.history(of: key.user)
        var json = JSONWriter(capacity: 256 + 128 * query.count)
        var best: [ScoredItem] = []
        json.object { json in
            json.member("user", key.user)
            best = write(key.user, history, model, query, to: &json) {
                $0.member("model", object: { $0.modelReference(model) })
            }
        }
        model.answers.keep(json.buffer, for: key, history: state)
        if version == nil {
            ports.shadow.offer(
                user: key.user, history: history ?? [], query: query, catalogue: ports.people.catalogue, best: best,
                of: model)
        }
        return .json(json.buffer)
    }

    private func forHistory(_ call: HTTPCall) async throws -> Response {
        var fields = try await call.fields()
        let version = try fields.int("version", in: 1...Int.max)
        let model = try await model(version: version)
        let history = try fields.history()
        let query = try fields.recommendationQuery()
        try check(model, isNamed: try fields.string("model"))
        try fields.finish()
        let best = model.best(user: nil, history: history, query: query, catalogue: ports.people.catalogue)
        if version == nil {
            ports.shadow.offer(
                user: nil, history: history, query: query, catalogue: ports.people.catalogue, best: best.items,
                of: model)
        }
        return .json(capacity: 256 + 128 * query.count) { json in
            json.key("user")
            json.null()
            json.member("known", false)
            json.member("model", object: { $0.modelReference(model) })
            json.member("ignored_items", history.map(\.item).filter { model.recommender.items.index(of: $0) == nil })
            json.items(best, explains: query.explains, of: model, catalogue: ports.people.catalogue)
        }
    }

    private func forUsers(_ call: HTTPCall) async throws -> Response {
        let model = try ports.slot.answering()
        var fields = try await call.fields()
        guard let listed = try fields.array("users") else { throw fields.missing("users") }
        let users = try listed.map { value in
            guard let user = value.string else {
                throw ServingFailure.unprocessable(
                    "`users` of the body holds \(value.kind).", remedy: "write ids as strings.")
            }
            return user
        }
        let query = try fields.recommendationQuery()
        try check(model, isNamed: try fields.string("model"))
        try fields.finish()
        guard
            users.count <= RecommendationRoutes.batchUsers,
            users.count * query.count <= RecommendationRoutes.batchItems
        else {
            throw ServingFailure.unprocessable(
                "a batch of \(users.count) users times \(query.count) items is too large.",
                remedy:
                    "ask for at most \(RecommendationRoutes.batchUsers) users, and \(RecommendationRoutes.batchItems) items in all."
            )
        }
        var answers: [JSONWriter] = []
        answers.reserveCapacity(users.count)
        for user in users {
            let history = try await ports.people.history(of: user)
            var json = JSONWriter(capacity: 128 + 128 * query.count)
            json.object { json in
                json.member("user", user)
                write(user, history, model, query, to: &json) { _ in }
            }
            answers.append(json)
            // Others on this event loop go in between.
            await Task.yield()
        }
        return .json(capacity: 256 + answers.reduce(0) { $0 + $1.buffer.readableBytes + 1 }) { json in
            json.member("model", object: { $0.modelReference(model) })
            json.member("results", array: { json in for answer in answers { json.raw(answer) } })
        }
    }

    /// Writes `known`, then what `between` writes, then `items`.
    /// - Returns: the items.
    @discardableResult
    private func write(
        _ user: String, _ history: [Rating]?, _ model: LiveModel, _ query: RecommendationQuery,
        to json: inout JSONWriter, between: (inout JSONWriter) -> Void
    ) -> [ScoredItem] {
        let index = model.recommender.users.index(of: user)
        let catalogue = ports.people.catalogue
        // Somebody who rated after the training is described by those ratings; a stranger by nothing, which is the popular list.
        let best = model.best(user: index, history: history ?? [], query: query, catalogue: catalogue)
        json.member("known", index != nil || history != nil)
        between(&json)
        json.items(best, explains: query.explains, of: model, catalogue: catalogue)
        return best.items
    }

    // MARK: What was asked

    /// The live model, or the version of it that is named, wherever it is loaded or can be.
    private func model(version: Int?) async throws -> LiveModel {
        guard let version else { return try ports.slot.answering() }
        let name = ports.slot.model?.name ?? ports.facts.defaultModel
        for loaded in [ports.slot.model, ports.shadow.snapshot.model] {
            if let loaded, loaded.name == name, loaded.version == version { return loaded }
        }
        do { return try await ports.deployer.version(version, of: name) } catch {
            throw FailureResponse.ofLoading(error)
        }
    }

    private func check(_ model: LiveModel, isNamed name: String?) throws {
        guard let name, name != model.alias, name != model.name, name != String(model.version) else { return }
        throw ServingFailure(
            status: 404, code: "model_not_loaded",
            message:
                "what answers is \(model.name), version \(model.version) (\(model.alias ?? "no alias")), not \(name.prefix(100)).",
            remedy: "leave `model` out, or ask for another version of \(model.name) with `version=NUMBER`.")
    }
}
