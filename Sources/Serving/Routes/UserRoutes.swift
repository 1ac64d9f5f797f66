import Hummingbird
import Scheduling
import Training

/// People and what they have rated so far on the replay clock.
struct UserRoutes: RouteFamily {
    let surroundings: Surroundings
    private var ports: ServingPorts { surroundings.ports }

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/users",
            RouteDocumentation(
                "People, most recently active first", tag: "users",
                query: [
                    .init("limit", .integer, "How many, 1 to 1000; 20 when absent."),
                    .init("query", .string, "What their id begins with."),
                ], answers: "Users", failures: [422]),
            handler: list)
        table.get(
            "/api/v1/users/{user}",
            RouteDocumentation(
                "A person's ratings so far, newest first", tag: "users",
                query: [.init("limit", .integer, "How many, 1 to 1000; 50 when absent.")], answers: "User",
                failures: [422]),
            handler: one)
    }

    private func list(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let limit = try fields.int("limit", in: 1...1000) ?? 20
        let query = fields.string("query") ?? ""
        try fields.finish()
        let people = try await ports.people.people(limit: limit, query: query)
        return .json { json in
            json.member("users", objects: people) { json, person in
                json.member("user", person.user)
                json.member("ratings", person.ratings)
            }
        }
    }

    private func one(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let limit = try fields.int("limit", in: 1...1000) ?? 50
        try fields.finish()
        let user = call.parameter("user")
        let history = try await ports.people.history(of: user)
        let isInModel = ports.slot.model?.recommender.users.index(of: user) != nil
        let catalogue = ports.people.catalogue
        return .json(capacity: 128 + 160 * min(limit, history?.count ?? 0)) { json in
            json.member("user", user)
            json.member("known", history != nil || isInModel)
            json.member("ratings", history?.count ?? 0)
            json.member("history", objects: (history ?? []).reversed().prefix(limit)) { json, rating in
                json.itemFacts(rating.item, catalogue[rating.item])
                json.key("rating")
                if let stars = rating.stars { json.float(stars) } else { json.null() }
                json.member("timestamp", Instant(seconds: rating.timestampSeconds))
            }
        }
    }
}
