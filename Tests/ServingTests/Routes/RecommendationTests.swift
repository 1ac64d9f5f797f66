import TestKit
import Testing

@testable import Serving

/// What the fake model says: item `i` (from 1) scores `11 - i`, but a known user's own item scores 11.
@Suite struct RecommendationTests {
    @Test(arguments: [
        Scenario.get(
            "a known user gets the best items they have not seen", "/api/v1/recommendations/1?k=3", 200,
            [
                "user = 1", "known = true", "model.name = movies", "model.version = 3", "model.alias = production",
                "items[0].item = 3", "items[0].title = Film 3", "items[0].year = 1993",
                "items[0].genres = [\"Comedy\"]",
                "items[0].score = 8", "items[1].item = 4", "items[2].item = 5", "items[3] = absent",
                "items[0].because = absent",
            ]),
        .get(
            "ten items are the default", "/api/v1/recommendations/2", 200, ["items[9].item = 10", "items[10] = absent"]),
        .get(
            "a known user without ratings sees everything", "/api/v1/recommendations/2?k=2", 200,
            ["known = true", "items[0].item = 2", "items[1].item = 1"]),
        .get(
            "seen items come back on request", "/api/v1/recommendations/1?k=2&exclude_seen=false", 200,
            ["items[0].item = 1", "items[1].item = 2"]),
        .get(
            "a genre narrows the choice, whatever its case", "/api/v1/recommendations/1?k=10&genre=drama", 200,
            ["items[0].item = 4", "items[1].item = 6", "items[2].item = 8", "items[3] = absent"]),
        .get("an unknown genre leaves nothing", "/api/v1/recommendations/1?genre=polka", 200, ["items = []"]),
        .get(
            "a stranger gets the popular list", "/api/v1/recommendations/nobody?k=2", 200,
            ["known = false", "items[0].item = 1", "items[1].item = 2"]),
        .get(
            "somebody who rated after the training gets a fold-in of it", "/api/v1/recommendations/7?k=2", 200,
            ["known = true", "items[0].item = 4", "items[1].item = 6", "items[0].score = 4"]),
        .get(
            "more than there is gives what there is", "/api/v1/recommendations/1?k=1000", 200,
            ["items[7].item = 10", "items[8] = absent"]),
        .get(
            "an item without year and with an awkward title is told as it is", "/api/v1/recommendations/1?k=8", 200,
            ["items[7].title = <b>\"Ten\"\\\u{1}</b>", "items[7].year = null", "items[7].genres = []"]),
        .get(
            "a user id with escapes is decoded once", "/api/v1/recommendations/a%2Fb%20%C3%A9%2520", 200,
            ["user = a/b é%20", "known = false"]),
        .get("k of zero is refused", "/api/v1/recommendations/1?k=0", 422, ["error.code = invalid_value"]),
        .get("k beyond a thousand is refused", "/api/v1/recommendations/1?k=1001", 422, ["error.code = invalid_value"]),
        .get("k that is no number is refused", "/api/v1/recommendations/1?k=ten", 422, ["error.code = invalid_value"]),
        .get(
            "a mistyped parameter is named", "/api/v1/recommendations/1?gnre=Drama", 422,
            contains: ["did you mean `genre`?"]),
        .get(
            "a parameter given twice is refused", "/api/v1/recommendations/1?k=1&k=2", 422,
            ["error.code = invalid_value"]),
        .get(
            "reasons are said to be missing where the model cannot tell", "/api/v1/recommendations/1?explain=true", 200,
            ["explained = false", "items[0].because = []"]),
        .get("the loaded model answers to its alias", "/api/v1/recommendations/1?model=production", 200),
        .get("the loaded model answers to its version", "/api/v1/recommendations/1?model=3", 200),
        .get(
            "a model that is not loaded is refused", "/api/v1/recommendations/1?model=staging", 404,
            ["error.code = model_not_loaded"]),
        .get(
            "a version that is not live is asked beside it", "/api/v1/recommendations/1?version=2&k=1", 200,
            ["model.version = 2", "model.alias = null", "items[0].item = 7"]),
        .get(
            "a version that is live is the live one", "/api/v1/recommendations/1?version=3&k=1", 200,
            ["model.version = 3", "model.alias = production"]),
        .get(
            "a version can be asked before any is live", "/api/v1/recommendations/1?version=2&k=1", 200,
            ["model.version = 2"], ready: false),
        .get(
            "a version that there is not is refused", "/api/v1/recommendations/1?version=9", 404,
            ["error.code = not_found"]),
        .get(
            "a version that cannot be loaded is a conflict, and no fault of the server",
            "/api/v1/recommendations/1?version=1",
            409, ["error.code = not_loaded"], contains: ["cut off"]),
        .get("a version is a number", "/api/v1/recommendations/1?version=new", 422, ["error.code = invalid_value"]),
        .get(
            "without a model nothing is recommended", "/api/v1/recommendations/1", 503, ["error.code = no_model"],
            contains: ["mlstack model promote"], ready: false),
    ])
    func `a person is recommended what the live model says`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test(arguments: [
        Scenario.post(
            "ratings alone are enough", "/api/v1/recommendations",
            #"{"history":[{"item":"5","rating":5},{"item":"9"}],"k":2}"#, 200,
            [
                "user = null", "known = false", "model.version = 3", "items[0].item = 4", "items[1].item = 6",
                "ignored_items = []",
            ]),
        .post(
            "a misspelt history is named", "/api/v1/recommendations", #"{"histori":[{"item":"1"}],"k":3}"#, 422,
            contains: ["lacks `history` and has `histori`"]),
        .post(
            "a missing history is not taken for something else", "/api/v1/recommendations", #"{"k":3}"#, 422,
            contains: ["the body lacks `history`."]),
        .post(
            "a version that is not live folds in too", "/api/v1/recommendations",
            #"{"history":[{"item":"7","rating":5}],"version":2,"k":1}"#, 200,
            ["model.version = 2", "items[0].item = 8"]),
        .post(
            "items that the model lacks are named", "/api/v1/recommendations",
            #"{"history":[{"item":"99","rating":5}],"k":1}"#, 200,
            ["ignored_items = [\"99\"]", "items[0].item = 1"]),
        .post(
            "the last rating of an item counts", "/api/v1/recommendations",
            #"{"history":[{"item":"9","rating":5},{"item":"5","rating":5},{"item":"9","rating":0.5}],"k":1}"#, 200,
            ["items[0].item = 4"]),
        .post(
            "a genre narrows it", "/api/v1/recommendations", #"{"history":[{"item":"5"}],"k":1,"genre":"Comedy"}"#, 200,
            ["items[0].item = 3"]),
        .post(
            "a rating of six is refused", "/api/v1/recommendations", #"{"history":[{"item":"5","rating":6}]}"#, 422,
            contains: ["history[0]"]),
        .post("a history is required", "/api/v1/recommendations", "{}", 422, contains: ["`history`"]),
        .post(
            "a number is no item id", "/api/v1/recommendations", #"{"history":[{"item":5}]}"#, 422,
            contains: ["must be a string"]),
        .post(
            "an unknown member is refused", "/api/v1/recommendations", #"{"history":[],"kk":1}"#, 422,
            contains: ["`kk`"]),
        .post("a list is no request", "/api/v1/recommendations", "[]", 422, ["error.code = invalid_value"]),
        .post(
            "what is no JSON is refused", "/api/v1/recommendations", #"{"history":["#, 400, ["error.code = bad_json"]),
        .post(
            "a form is refused", "/api/v1/recommendations", "history=1", type: "application/x-www-form-urlencoded", 415),
        .post(
            "text is refused, so that no foreign form can send it", "/api/v1/recommendations", "{}", type: "text/plain",
            415),
        .post(
            "many are answered by one model", "/api/v1/recommendations/batch", #"{"users":["1","nobody"],"k":1}"#, 200,
            [
                "model.version = 3", "results[0].user = 1", "results[0].known = true", "results[0].items[0].item = 3",
                "results[1].known = false", "results[1].items[0].item = 1", "results[2] = absent",
            ]),
        .post("nobody is an empty batch", "/api/v1/recommendations/batch", #"{"users":[]}"#, 200, ["results = []"]),
        .post(
            "a batch has a bound", "/api/v1/recommendations/batch",
            #"{"users":["# + Array(repeating: "\"1\"", count: 1001).joined(separator: ",") + "]}", 422,
            contains: ["too large"]),
        .post(
            "a batch's items have a bound", "/api/v1/recommendations/batch",
            #"{"k":1000,"users":["# + Array(repeating: "\"1\"", count: 101).joined(separator: ",") + "]}", 422,
            contains: ["too large"]),
        .post("users are text", "/api/v1/recommendations/batch", #"{"users":[1]}"#, 422, contains: ["as strings"]),
    ])
    func `ratings and lists of people are answered too`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test func `whoever rates something is not recommended it again`() async throws {
        let world = World.ready
        let firsts = try await world.serve { port in
            let client = HTTPClient(port: port)
            func first() async throws -> JSONValue? {
                let answer = try await client.send("GET", "/api/v1/recommendations/1?k=1")
                return try JSONParser.parse(answer.text).at("items[0].item")
            }
            var firsts = [try await first(), try await first()]
            world.people.rate(World.rating("1", "3", 4, 300))
            firsts.append(try await first())
            world.slot.swap(in: World.model(version: 4, items: ["8", "9"]))
            firsts.append(try await first())
            return firsts
        }
        #expect(firsts == ["3", "3", "4", "8"])
    }
}
