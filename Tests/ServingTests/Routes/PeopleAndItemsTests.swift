import TestKit
import Testing

@testable import Serving

@Suite struct PeopleAndItemsTests {
    @Test(arguments: [
        Scenario.get(
            "a person's ratings are told newest first", "/api/v1/users/1", 200,
            [
                "user = 1", "known = true", "ratings = 2", "history[0].item = 2", "history[0].rating = null",
                "history[0].timestamp = 1970-01-01T00:03:20Z", "history[1].rating = 4", "history[1].title = Film 1",
            ]),
        .get(
            "a limit cuts the oldest off", "/api/v1/users/1?limit=1", 200,
            ["ratings = 2", "history[0].item = 2", "history[1] = absent"]),
        .get("a stranger is no error", "/api/v1/users/nobody", 200, ["known = false", "ratings = 0", "history = []"]),
        .get("a user of the model without ratings is known", "/api/v1/users/3", 200, ["known = true", "ratings = 0"]),
        .get(
            "people are listed, the most recent first", "/api/v1/users", 200,
            ["users[0].user = 7", "users[1].user = 1", "users[1].ratings = 2"]),
        .get(
            "people are found by the beginning of their id", "/api/v1/users?query=1&limit=5", 200,
            ["users[0].user = 1", "users[1] = absent"]),
        .get("an endless list is refused", "/api/v1/users?limit=100000", 422),
        .get(
            "an item has its facts", "/api/v1/items/1", 200,
            ["item = 1", "title = Film 1", "year = 1991", "ratings = 1", "mean_rating = 4"]),
        .get("an item that nobody rated has no mean", "/api/v1/items/3", 200, ["ratings = 0", "mean_rating = null"]),
        .get("an unknown item is not found", "/api/v1/items/99", 404, ["error.code = not_found"]),
        .get(
            "items are found by their titles", "/api/v1/items?query=film%201", 200,
            ["items[0].title = Film 1", "items[1] = absent"]),
        .get("the genres are those of the items", "/api/v1/genres", 200, ["genres = [\"Comedy\", \"Drama\"]"]),
        .get("a plus in a query is a space", "/api/v1/items?query=film+2", 200, ["items[0].title = Film 2"]),
        .get("a long query is refused", "/api/v1/items?query=" + String(repeating: "x", count: 201), 422),
        .get(
            "similar items are the model's nearest", "/api/v1/items/5/similar?k=2", 200,
            [
                "item = 5", "title = Film 5", "model.version = 3", "items[0].item = 4", "items[1].item = 6",
                "items[2] = absent",
            ]),
        .get("nothing is similar to an unknown item", "/api/v1/items/99/similar", 404, ["error.code = not_found"]),
        .get("without a model nothing is similar", "/api/v1/items/5/similar", 503, ready: false),
        .get(
            "datasets are listed", "/api/v1/datasets", 200,
            ["datasets[0].name = demo", "datasets[0].active = true", "datasets[0].first_day = 2024-07-01"]),
    ])
    func `people, items and datasets are told as they are`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test func `an item newer than the model says so`() async throws {
        let world = World()
        world.slot.swap(in: World.model(version: 3, items: ["1", "2"]))
        let answer = try await world.serve { port in
            try await HTTPClient(port: port).send("GET", "/api/v1/items/5/similar")
        }
        #expect(answer.status == 404)
        #expect(answer.text.contains("item_not_in_model"))
    }
}
