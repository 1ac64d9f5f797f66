import HTTPTypes
import TestKit
import Testing

@testable import Serving

@Suite struct DescriptionTests {
    private static func document() async throws -> JSONValue {
        try JSONParser.parse(
            try await World().serve { try await HTTPClient(port: $0).send("GET", "/openapi.json") }.text)
    }

    @Test func `the description names every route of the table and no other`() async throws {
        let document = try await DescriptionTests.document()
        #expect(document.at("openapi") == "3.1.0")
        let described = (document["paths"]?.object ?? [:]).flatMap { path, methods in
            (methods.object ?? [:]).keys.map { "\($0.uppercased()) \(path)" }
        }
        // MLflow describes its own API, and pages for people are no part of ours.
        let elsewhere = ["/api/2.0/", "/api/3.0/", "/ajax-api/", "/docs/page.css", "/plain"]
        let table = try FrontDoorRoutes.table(of: World()).routes
            .filter { route in !elsewhere.contains { route.pattern.hasPrefix($0) } }
            .map { "\($0.method.rawValue) \($0.pattern)" }
        #expect(described.sorted() == table.sorted())
    }

    @Test func `every schema that is referred to is there, and every one that is there is referred to`() async throws {
        let document = try await DescriptionTests.document()
        var referred: Set<String> = []
        func collect(_ value: JSONValue) {
            switch value {
            case .object(let members):
                for (name, value) in members {
                    if name == "$ref", let text = value.string {
                        referred.insert(String(text.split(separator: "/").last ?? ""))
                    }
                    collect(value)
                }
            case .array(let elements): elements.forEach(collect)
            default: break
            }
        }
        collect(document)
        #expect(referred.sorted() == APISchemas.all.map(\.name).sorted())
    }

    /// The commands on the page for people: method, target, body.
    private static func commands(_ page: String) -> [(method: String, target: String, body: String?)] {
        page.matches(of: /<pre>(.*?)<\/pre>/.dotMatchesNewlines()).compactMap { match in
            let command = String(match.1).replacing("&#39;", with: "'").replacing("&quot;", with: "\"")
                .replacing("&gt;", with: ">").replacing("&lt;", with: "<").replacing("&amp;", with: "&")
            guard let target = command.firstMatch(of: /'http:\/\/[^\/']*([^']*)'/)?.1 else { return nil }
            let body = command.firstMatch(of: #/ -d '(.*)'$/#).map { String($0.1) }
            let method = command.firstMatch(of: /-X ([A-Z]+)/).map { String($0.1) }
            return (method ?? (body == nil && !command.contains("--data") ? "GET" : "POST"), String(target), body)
        }
    }

    @Test func `the page for people has an example of every operation, and those that only read are answered`()
        async throws
    {
        try await World.ready.serve { port in
            let client = HTTPClient(port: port)
            let page = try await client.send("GET", "/docs").text
            let commands = DescriptionTests.commands(page)
            #expect(commands.count == page.matches(of: /<details/).count)
            for command in commands {
                if let body = command.body, command.target != "/api/v1/chat/slack" {
                    #expect(throws: Never.self, "\(command)") { try JSONParser.parse(body) }
                }
                // Without an end; a file that nobody has stored; a log that nobody wrote.
                guard command.method == "GET",
                    !["/events", "/file", "/logs"].contains(where: { command.target.hasSuffix($0) })
                else {
                    continue
                }
                let answer = try await client.send("GET", command.target)
                #expect(answer.status == 200, "\(command.target): \(answer.text.prefix(200))")
            }
        }
    }

    @Test func `every parameter of a path is described`() async throws {
        let document = try await DescriptionTests.document()
        for (path, methods) in document["paths"]?.object ?? [:] {
            let inPath = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            for operation in (methods.object ?? [:]).map(\.value) {
                let described = (operation["parameters"]?.array ?? []).filter { $0["in"] == "path" }.compactMap {
                    $0["name"]?.string
                }
                #expect(described == inPath, "\(path)")
            }
        }
    }

    @Test func `figures for Prometheus count what was asked`() async throws {
        try await World.ready.serve { port in
            let client = HTTPClient(port: port)
            for _ in 1...3 { _ = try await client.send("GET", "/api/v1/recommendations/1") }
            _ = try await client.send("GET", "/api/v1/recommendations/1?k=0")
            let text = try await client.send("GET", "/metrics").text
            let route = #"route="/api/v1/recommendations/{user}",method="GET""#
            #expect(text.contains("mlstack_http_requests_total{\(route),status=\"200\"} 3\n"))
            #expect(text.contains("mlstack_http_requests_total{\(route),status=\"422\"} 1\n"))
            #expect(text.contains("mlstack_http_request_seconds_bucket{\(route),le=\"+Inf\"} 4\n"))
            #expect(text.contains("mlstack_model_version{model=\"movies\",alias=\"production\"} 3\n"))
            #expect(text.contains("mlstack_model_swaps_total 1\n"))
            #expect(text.contains("mlstack_replay_day 4\n"))
            #expect(text.contains("process_resident_memory_bytes "))
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                #expect(line.split(separator: " ").count == 2, "\(line)")
            }
            let serving = try JSONParser.parse(try await client.send("GET", "/api/v1/serving").text)
            #expect(serving.at("requests.recommendations") == 4)
            #expect(serving.at("latency.p50_ms")?.double ?? 0 > 0)
        }
    }
}
