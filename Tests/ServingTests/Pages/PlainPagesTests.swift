import TestKit
import Testing

@testable import Serving

struct PlainPagesTests {
    @Test(arguments: [
        Scenario.get(
            "the day at a glance", "/plain",
            contains: [
                "<h2>The clock</h2>", "<dd>demo</dd>", "<h2>Answering now</h2>", "<a href=\"/api/v1/quality?days=30\">",
            ]),
        .get(
            "a list leads to each page", "/plain/models",
            contains: ["<th scope=\"col\">name</th>", "<a href=\"/plain/models/movies\">movies</a>"]),
        .get("one model's versions", "/plain/models/movies", contains: ["<h1>movies</h1>", "2024-10-03"]),
        .get(
            "people", "/plain/recommend",
            contains: ["<a href=\"/plain/recommend/users/7\">7</a>", "aria-current=\"page\">Recommend"]),
        .get(
            "a person's films", "/plain/recommend/users/1",
            contains: ["Recommended to 1", "<a href=\"/plain/recommend/items/3\">3</a>", "Rated lately", "Film 2"]),
        .get("a film", "/plain/recommend/items/3", contains: ["Film 3", "Similar films", "Film 4"]),
        .get(
            "people under their own address", "/plain/recommend/users",
            contains: ["<a href=\"/plain/recommend/users/7\">7</a>"]),
        .get(
            "films to choose from", "/plain/recommend/items",
            contains: ["Films that most people like", "<a href=\"/plain/recommend/items/3\">3</a>"]),
        .get(
            "films for whoever reads", "/plain/recommend/you", contains: ["<a href=\"/plain/recommend/items/3\">3</a>"]),
        .get("pipelines", "/plain/pipelines", contains: ["<h2>Pipelines</h2>"]),
        .get("the data", "/plain/data", contains: ["item psi", "2024-09-30"]),
        .get("the system", "/plain/system", contains: ["0.1.0"]),
        .get(
            "a refusal is told with its remedy, and the page stands", "/plain/models/none",
            contains: ["class=\"problem\"", "there is no model none", "`mlstack model list`"]),
        .get(
            "a page without a model says what to do", "/plain/recommend/users/1",
            contains: ["no model is loaded yet", "Rated lately"], ready: false),
        .get("a deeper view is the page it belongs to", "/plain/data/drift/x", contains: ["<h1>Data</h1>"]),
        .get("what is no page is refused", "/plain/nothing", 404, ["error.code = not_found"]),
        .get("what is no page of a page is refused", "/plain/recommend/planets/1", 404, ["error.code = not_found"]),
        .get("a page of Recommend that is none is refused", "/plain/recommend/films", 404, ["error.code = not_found"]),
    ])
    func `every page can be read without scripts`(_ scenario: Scenario) async throws { try await scenario.check() }

    @Test func `whatever names say, they are text`() async throws {
        let name = "<img src=x onerror=alert(1)>\"'/&"
        let world = World.ready
        world.people.rate(World.rating(name, "10", 5, 900))
        let texts = try await world.serve { port in
            let client = HTTPClient(port: port)
            let listed = try await client.send("GET", "/plain/recommend").text
            let own = try await client.send("GET", "/plain/recommend/users/\(PlainPage.component(name))").text
            return [listed, own]
        }
        for text in texts {
            #expect(!text.contains("<img"))
            #expect(text.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;/&amp;"))
        }
        #expect(
            texts[0].contains(
                "href=\"/plain/recommend/users/%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E%22%27%2F%26\""))
        // The film's title is awkward too.
        #expect(texts[1].contains("&lt;b&gt;&quot;Ten&quot;\\") && !texts[1].contains("<b>"))
    }

    @Test func `an answer is written out whatever its shape`() throws {
        let value = try JSONParser.parse(
            #"{"end_time":1727913600000,"ndcg_at_10":0.123456,"none":null,"on":true,"tags":["a","<b>"],"empty":[],"deep":[{"x":1,"y":{"z":[{"w":2}]}},{"v":"<i>"}]}"#
        )
        let html = PlainHTML.html(of: value)
        for part in [
            "<dt>ndcg@10</dt><dd><span title=\"0.123456\">0.1235</span></dd>", "<dt>none</dt><dd>–</dd>",
            "<dt>end time</dt><dd>2024-10-03T00:00:00Z</dd>",
            "<dt>on</dt><dd>yes</dd>", "<dt>tags</dt><dd>a, &lt;b&gt;</dd>", "<h3>deep</h3>",
            "<th scope=\"col\">v</th><th scope=\"col\" class=\"number\">x</th><th scope=\"col\">z</th>",
            "<td class=\"number\">1</td>",
            "<details><summary>1 entry</summary>", "<td class=\"number\">2</td>", "<td>&lt;i&gt;</td>",
        ] { #expect(html.contains(part), "\(part) is not in \(html)") }
    }

    @Test func `a long list is cut, and says so`() {
        let html = PlainHTML.html(of: .array((0..<250).map { .object(["id": .integer(Int64($0))]) }))
        #expect(html.contains("… and 50 more.") && html.contains(">199<") && !html.contains(">200<"))
    }
}
