import Dispatch
import Hummingbird
import Training

/// The catalogue, what is known of an item, and what is like it.
struct ItemRoutes: RouteFamily {
    let surroundings: Surroundings
    private var ports: ServingPorts { surroundings.ports }

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/items",
            RouteDocumentation(
                "Items by words of their title", tag: "items",
                query: [
                    .init("query", .string, "What the title holds."),
                    .init("limit", .integer, "How many, 1 to 200; 20 when absent."),
                ], answers: "Items", failures: [422]),
            handler: search)
        table.get(
            "/api/v1/genres",
            RouteDocumentation("Every genre that an item has, in alphabetical order", tag: "items", answers: "Genres"),
            handler: genres)
        table.get(
            "/api/v1/items/{item}",
            RouteDocumentation("One item", tag: "items", answers: "ItemDetail", failures: [404]),
            handler: one)
        table.get(
            "/api/v1/items/{item}/similar",
            RouteDocumentation(
                "The items nearest to one", tag: "items",
                query: [.init("k", .integer, "How many, 1 to 100; 10 when absent.")], answers: "SimilarItems",
                failures: [404, 422, 503]),
            handler: similar)
    }

    private func search(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let query = fields.string("query") ?? ""
        let limit = try fields.int("limit", in: 1...200) ?? 20
        try fields.finish()
        guard query.utf8.count <= 200 else {
            throw ServingFailure.unprocessable(
                "`query` is longer than 200 bytes.", remedy: "give a few words of the title.")
        }
        let catalogue = ports.people.catalogue
        let found = await apart { catalogue.search(query, limit: limit) }
        return .json(capacity: 64 + 128 * found.count) { json in
            json.member("items", array: { json in for item in found { json.object { $0.itemFacts(item.id, item) } } })
        }
    }

    private func genres(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let catalogue = ports.people.catalogue
        let genres = await apart { catalogue.genres }
        return .json { $0.member("genres", genres) }
    }

    /// Every item is looked at: milliseconds for a large catalogue, which other requests of this event loop need not wait for.
    private func apart<Value: Sendable>(_ look: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            surroundings.files.async { continuation.resume(returning: look()) }
        }
    }

    private func one(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let id = call.parameter("item")
        let item = ports.people.catalogue[id]
        let facts = try await ports.people.itemFacts(id)
        guard item != nil || facts.ratings > 0 else { throw ItemRoutes.unknown(id) }
        return .json { json in
            json.itemFacts(id, item)
            json.member("ratings", facts.ratings)
            json.member("mean_rating", facts.mean)
        }
    }

    private func similar(_ call: HTTPCall) async throws -> Response {
        let model = try ports.slot.answering()
        var fields = try QueryFields(call)
        let count = try fields.int("k", in: 1...100) ?? 10
        try fields.finish()
        let id = call.parameter("item")
        let catalogue = ports.people.catalogue
        guard let index = model.recommender.items.index(of: id) else {
            let isKnown =
                if catalogue[id] == nil { try await ports.people.itemFacts(id).ratings > 0 } else { true }
            guard isKnown else { throw ItemRoutes.unknown(id) }
            throw ServingFailure(
                status: 404, code: "item_not_in_model",
                message:
                    "\(model.name), version \(model.version), was trained before anybody rated the item \(id.prefix(100)).",
                remedy: "ask again after the next training.")
        }
        let nearest = model.recommender.similar(to: index, count: count)
        return .json(capacity: 256 + 128 * count) { json in
            json.member("item", id)
            json.member("title", catalogue[id]?.title)
            json.member("model", object: { $0.modelReference(model) })
            json.items(
                Recommendation(items: nearest), explains: false, of: model, catalogue: catalogue)
        }
    }

    private static func unknown(_ id: String) -> ServingFailure {
        .notFound("there is no item \(id.prefix(100)).", remedy: "find one by its title: GET /api/v1/items?query=…")
    }
}
