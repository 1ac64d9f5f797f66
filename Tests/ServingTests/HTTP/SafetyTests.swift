import TestKit
import Testing

@testable import Serving

@Suite struct SafetyTests {
    private static let foreign: [(String, String?)] = [("Host", "evil.example")]

    @Test(arguments: [
        Scenario.get(
            "another name in Host", "/api/v1/replay", 403, headers: foreign, ["error.code = host_not_allowed"]),
        .get("another name on the page", "/", 403, headers: foreign),
        .get("another port in Host", "/api/v1/replay", 403, headers: [("Host", "127.0.0.1:1")]),
        .get("a name that only begins like ours", "/api/v1/replay", 403, headers: [("Host", "localhost.evil.example")]),
        .get("a user name before our name", "/api/v1/replay", 403, headers: [("Host", "localhost@evil.example")]),
        .get("nonsense in Host", "/api/v1/replay", 403, headers: [("Host", "[::1")]),
        .get("no Host at all", "/api/v1/replay", 400, headers: [("Host", nil)], ["error.code = no_host"]),
        .get("an empty Host", "/api/v1/replay", 400, headers: [("Host", "")]),
        .get(
            "two Hosts", "/api/v1/replay", 400, headers: [("Host", "localhost"), ("Host", "evil.example")],
            ["error.code = two_hosts"]),
        .get("localhost", "/api/v1/replay", headers: [("Host", "localhost")]),
        .get("localhost in capitals with a dot", "/api/v1/replay", headers: [("Host", "LOCALHOST.")]),
        .get("the address of version six", "/api/v1/replay", headers: [("Host", "[::1]")]),
        .get("health under any name", "/health", headers: foreign, contains: ["OK"]),
        .get("version under any name", "/version", headers: foreign, contains: ["0.1.0"]),
        Scenario(
            name: "an order from a foreign page", method: "POST", path: "/api/v1/replay",
            headers: [("Origin", "https://evil.example"), ("Content-Type", "application/json")],
            body: #"{"action":"pause"}"#,
            status: 403, expects: ["error.code = origin_not_allowed"]),
        Scenario(
            name: "an order from a page without an origin", method: "POST", path: "/api/v1/replay",
            headers: [("Origin", "null"), ("Content-Type", "application/json")], body: #"{"action":"pause"}"#,
            status: 403),
        Scenario(
            name: "an order from our own page", method: "POST", path: "/api/v1/replay",
            headers: [("Host", "localhost"), ("Origin", "http://localhost"), ("Content-Type", "application/json")],
            body: #"{"action":"pause"}"#),
        Scenario(
            name: "an order from another port of this machine", method: "POST", path: "/api/v1/replay",
            headers: [
                ("Host", "localhost"), ("Origin", "http://localhost:3000"), ("Content-Type", "application/json"),
            ],
            body: #"{"action":"pause"}"#, status: 403),
        .get(
            "reading from a foreign page is the browser's to refuse", "/api/v1/replay",
            headers: [("Origin", "https://evil.example")]),
    ])
    func `names and origins are checked`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test(arguments: [
        Scenario.get("an unknown path of the API", "/api/v1/nothing", 404, ["error.code = not_found"]),
        .get("an unknown page for a program", "/nothing", 404, ["error.code = not_found"]),
        .get(
            "an unknown page for a person", "/nothing", 404, headers: [("Accept", "text/html,*/*")],
            contains: ["<!doctype html>", "/nothing"]),
        .get("a name with a script in it", "/%3Cscript%3E", 404, headers: [("Accept", "text/html")], contains: ["404"]),
        .get("dots that climb", "/../../etc/passwd", 404),
        .get("escaped dots that climb", "/%2e%2e/%2e%2e/etc/passwd", 404),
        .get("escaped slashes that climb", "/api/v1/items/..%2F..%2Fetc%2Fpasswd", 404, ["error.code = not_found"]),
        .get("two slashes", "//api/v1/replay", 404),
        .get("a slash too many", "/api/v1/replay/", 404),
        .get("an escape that is none", "/api/v1/items/%zz", 400, ["error.code = bad_path"]),
        .get("an escape that is cut off", "/api/v1/items/%4", 400),
        .get("bytes that are no UTF-8", "/api/v1/items/%FF", 400),
        .get("an escaped NUL", "/api/v1/items/a%00b", 400),
        .get("a query with a bad escape", "/api/v1/users?query=%", 400, ["error.code = bad_query"]),
        .get(
            "a target with a name of its own counts by its path and the Host header", "http://evil.example/healthz", 200
        ),
        .get("a target that is no path", "*", 400, ["error.code = bad_path"]),
        .get("a path beyond all measure", "/" + String(repeating: "x", count: 9000), 414),
        Scenario(
            name: "a method that is not possible", method: "DELETE", path: "/api/v1/replay", status: 405,
            expects: ["error.code = method_not_allowed"]),
        Scenario(name: "a method on a page", method: "POST", path: "/", body: "", status: 404),
        .get(
            "an MLflow path that is not there, in MLflow's form", "/api/2.0/mlflow/nothing", 404,
            ["error_code = ENDPOINT_NOT_FOUND", "error = absent"]),
        .post("JSON nested without end", "/api/v1/replay", String(repeating: "[", count: 100_000), 400),
        .post("a bare NaN", "/api/v1/replay", #"{"action":NaN}"#, 400),
    ])
    func `odd requests get an answer with a remedy`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test func `a refused method names those that are possible`() async throws {
        let answer = try await World().serve { try await HTTPClient(port: $0).send("DELETE", "/api/v1/replay") }
        #expect(answer.header("allow") == "GET, HEAD, POST")
    }

    @Test func `a declared body that is too long is refused before it is read`() async throws {
        let answer = try await World().serve { port in
            try await HTTPClient(port: port).send(
                "POST", "/api/v1/replay",
                headers: [("Content-Type", "application/json"), ("Content-Length", "99999999")], body: [])
        }
        #expect(answer.status == 413)
        #expect(answer.header("connection") == "close")
        #expect(answer.text.contains("body_too_large"))
    }

    @Test func `a body that grows too long is cut off`() async throws {
        let answer = try await World().serve { port in
            let piece = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            let head =
                "POST /api/v1/replay HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            return try await HTTPClient(port: port).sendRaw(Array((head + String(repeating: piece, count: 17)).utf8))
        }
        #expect(answer.status == 413)
    }

    @Test(arguments: ["Transfer-Encoding: chunked", "Content-Length: 99999999"])
    func `a body without end is not read on when the answer is no`(length: String) async throws {
        let answer = try await World().serve { port in
            let head = "POST /api/v1/nothing HTTP/1.1\r\nHost: localhost\r\n\(length)\r\n\r\n"
            return try await HTTPClient(port: port).sendRaw(Array(head.utf8))
        }
        #expect(answer.status == 404)
        #expect(answer.header("connection") == "close")
    }

    @Test func `a batch of feedback may be longer than other bodies, but not without end`() async throws {
        try await World().serve { port in
            let line =
                "{\"user\":\"1\",\"item\":\"2\",\"rating\":4,\"type\":\"\(String(repeating: "x", count: 200))\"}\n"
            let headers: [(String, String?)] = [("Content-Type", "application/x-ndjson")]
            let long = try await HTTPClient(port: port).send(
                "POST", "/api/v1/feedback", headers: headers, body: Array(String(repeating: line, count: 6000).utf8))
            #expect(long.status == 200)
            let endless = try await HTTPClient(port: port).send(
                "POST", "/api/v1/feedback", headers: headers + [("Content-Length", "\((16 << 20) + 1)")], body: [])
            #expect(endless.status == 413)
        }
    }

    @Test func `headers have a bound`() async throws {
        let answer = try await World().serve { port in
            try await HTTPClient(port: port).send(
                "GET", "/healthz", headers: [("X-Long", String(repeating: "x", count: 100_000))])
        }
        #expect(answer.status == 400)
    }
}

@Suite struct TokenTests {
    private static func world(host: String = "127.0.0.1") -> World {
        var world = World.ready
        world.token = "s3cret"
        world.host = host
        return world
    }

    /// Basic credentials whose password is the token, as the MLflow client sends them.
    private static let basic = "Basic bWxmbG93OnMzY3JldA=="

    @Test(
        arguments: [
            (nil, 401), ("Bearer s3cret", 200), ("bearer s3cret", 200), ("Bearer s3cre", 401), ("Bearer s3cretx", 401),
            ("Bearer", 401),
            (basic, 200), ("Basic bWxmbG93OnMzY3JlZA==", 401), ("Basic ???", 401), ("Digest s3cret", 401),
        ] as [(String?, Int)])
    func `only the token opens the door`(_ authorization: String?, _ status: Int) async throws {
        let answer = try await TokenTests.world().serve { port in
            try await HTTPClient(port: port).send("GET", "/api/v1/replay", headers: [("Authorization", authorization)])
        }
        #expect(answer.status == status)
        if status == 401 { #expect(answer.header("www-authenticate")?.contains("Bearer") == true) }
    }

    @Test func `a page opened with the token gets a cookie that holds something else`() async throws {
        try await TokenTests.world().serve { port in
            let client = HTTPClient(port: port)
            let login = try await client.send("GET", "/?view=1&token=s3cret")
            #expect(login.status == 303)
            #expect(login.header("location") == "/?view=1")
            let cookie = try #require(login.header("set-cookie"))
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains("s3cret"))
            let word = String(cookie.prefix { $0 != ";" })
            #expect(try await client.send("GET", "/api/v1/replay", headers: [("Cookie", "a=b; \(word)")]).status == 200)
            #expect(try await client.send("GET", "/api/v1/replay", headers: [("Cookie", word + "x")]).status == 401)
            #expect(try await client.send("GET", "/?token=wrong").status == 401)
        }
    }

    @Test func `a person without the token is asked for it`() async throws {
        let answer = try await TokenTests.world().serve { port in
            try await HTTPClient(port: port).send("GET", "/", headers: [("Accept", "text/html")])
        }
        #expect(answer.status == 401)
        #expect(answer.text.contains("<form"))
    }

    @Test func `with a token a server beyond loopback answers to any name`() async throws {
        let answer = try await TokenTests.world(host: "0.0.0.0").serve { port in
            try await HTTPClient(port: port).send(
                "GET", "/api/v1/replay", headers: [("Host", "mlstack.lab"), ("Authorization", "Bearer s3cret")])
        }
        #expect(answer.status == 200)
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("127.evil.example", false),
        ("127.0.0.1.evil.example", false), ("0.0.0.0", false), ("192.168.0.1", false), ("", false),
    ])
    func `only names of this machine are loopback`(_ host: String, _ isLoopback: Bool) {
        #expect(HTTPServer.isLoopback(host) == isLoopback)
    }

    @Test func `no server listens beyond loopback without a token`() throws {
        var world = World()
        world.host = "0.0.0.0"
        #expect(throws: HTTPServerError.tokenRequired(host: "0.0.0.0")) { try world.server() }
    }
}
