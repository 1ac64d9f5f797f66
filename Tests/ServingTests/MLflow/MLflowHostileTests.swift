import Foundation
import HTTPTypes
import Storage
import TestKit
import Testing

@testable import Serving

/// What no client would send: refused quickly, with nothing written and nothing told of the inside.
@Suite struct MLflowHostileTests {
    /// Bodies that no call may take, whatever it does.
    private static let bodies: [(name: String, type: String?, text: String)] = [
        ("no type", nil, "{}"), ("another type", "text/plain", "{}"),
        ("a form", "application/x-www-form-urlencoded", "name=a"), ("nothing", "application/json", ""),
        ("half", "application/json", "{\"name\":"), ("a list", "application/json", "[]"),
        ("a text", "application/json", "\"x\""), ("a number", "application/json", "5"),
        ("null", "application/json", "null"), ("NaN", "application/json", "{\"value\":NaN}"),
        ("two values", "application/json", "{}{}"), ("only what is unknown", "application/json", "{\"unknown\":1}"),
        ("deep", "application/json", "{\"name\":" + String(repeating: "[", count: 100_000)),
        ("deep objects", "application/json", String(repeating: "{\"a\":", count: 100_000)),
        ("every type wrong", "application/json", wrong("{}")), ("lists", "application/json", wrong("[[1]]")),
        ("numbers", "application/json", wrong("-7.5")), ("nulls", "application/json", wrong("null")),
        ("zero bytes", "application/json", wrong("\"a\\u0000b\"")),
        ("bidi", "application/json", wrong("\"a\\u202eb\"")),
        ("look-alikes", "application/json", wrong("\"m\\u043evies\"")),
        ("traps", "application/json", wrong("\"../../x\"")),
        ("a megabyte", "application/json", wrong("\"" + String(repeating: "n", count: 80_000) + "\"")),
    ]

    /// Every field that some call knows, with one value.
    private static func wrong(_ value: String) -> String {
        let names = [
            "name", "new_name", "experiment_id", "experiment_ids", "experiment_name", "run_id", "run_uuid", "run_ids",
            "key", "value", "timestamp", "step", "status", "metrics", "params", "tags", "datasets", "models",
            "model_json", "source", "version", "alias", "stage", "max_results", "page_token", "filter", "order_by",
            "view_type", "run_view_type", "trace", "model_id", "start_time", "archive_existing_versions",
        ]
        return "{" + names.map { "\"\($0)\":\(value)" }.joined(separator: ",") + "}"
    }

    @Test func `a body of more values than any call takes is refused before it is taken apart`() async throws {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            for (path, list) in [("runs/log-batch", "metrics"), ("runs/search", "experiment_ids")] {
                let many = String(repeating: "{},", count: MLflowFields.mostValues)
                let reply = try await world.send(
                    "POST", path, text: "{\"run_id\":\"\(run)\",\"\(list)\":[\(many)1]}", type: "application/json")
                #expect(reply.summary == "400 INVALID_PARAMETER_VALUE")
                #expect(
                    reply.message
                        == "The body holds more than 100000 values, and no call takes as many. Send fewer.")
            }
        }
    }

    /// Calls that change nothing when they are given nothing, or that search with what they are given.
    private static let lenient: Set<String> = ["runs/search", "registered-models/search", "model-versions/search"]

    @Test func `every call that takes a body refuses every hostile one, and nothing is written`() async throws {
        try await MLflowWorld.run { world in
            let before = try await Self.state(of: world)
            let routes = try FrontDoorRoutes.table(of: World()).routes.filter {
                $0.pattern.hasPrefix("/api/2.0/mlflow/") || $0.pattern.hasPrefix("/api/3.0/mlflow/")
            }
            #expect(routes.count > 55)
            for route in routes where route.method != .get {
                let path = route.pattern.replacing("{id}", with: "m-none").replacing("{key}", with: "k")
                for body in Self.bodies {
                    let answer = try await world.raw(
                        route.method.rawValue, path, [("Content-Type", body.type)], Array(body.text.utf8))
                    let isRefused = (400..<500).contains(answer.status)
                    let mayPass = Self.lenient.contains { path.hasSuffix($0) }
                    #expect(isRefused || (mayPass && answer.status == 200), "\(path) \(body.name): \(answer.status)")
                    if isRefused { try Self.checkForm(answer, "\(path) \(body.name)") }
                }
            }
            #expect(try await Self.state(of: world) == before)
        }
    }

    private static let queries = [
        "run_id=%00", "run_id=a%00b&metric_key=k", "experiment_id=%2e%2e%2f", "name=a%00b&version=1&alias=a",
        "name=\(String(repeating: "n", count: 7_000))", "name=\(String(repeating: "n", count: 9_000))",
        "%zz=1", "name=%FF&version=1", "experiment_id=1e3",
        "experiment_id=%EF%BC%91", "max_results=-1&run_id=x&metric_key=k", "run_ids=&metric_key=",
        "name=m%E2%80%AEx&version=1&alias=a", "run_id=../../etc/passwd&metric_key=k", "experiment_name=",
    ]

    @Test func `every call that reads refuses hostile queries`() async throws {
        try await MLflowWorld.run { world in
            let routes = try FrontDoorRoutes.table(of: World()).routes.filter {
                $0.pattern.hasPrefix("/api/2.0/mlflow/") && $0.method == .get
            }
            for route in routes where !route.pattern.hasSuffix("/search") {
                let path = route.pattern.replacing("{id}", with: "m-none")
                for query in Self.queries {
                    // A name that could be one, of a thing that is not there, is refused, too.
                    let answer = try await world.raw("GET", "\(path)?\(query)")
                    #expect((400..<500).contains(answer.status), "\(path)?\(query.prefix(60)): \(answer.status)")
                    try Self.checkForm(answer, "\(path)?\(query.prefix(60))")
                }
            }
        }
    }

    /// MLflow's form, short, and without a word of the database or the disk.
    private static func checkForm(_ answer: HTTPClient.Answer, _ place: String) throws {
        let body = try JSONParser.parse(answer.text)
        #expect(body["error_code"]?.string != nil && body["message"]?.string != nil, "\(place): \(answer.text)")
        // The client would ask again for minutes.
        #expect(body["error_code"]?.string != "INTERNAL_ERROR", "\(place): \(answer.text)")
        #expect(answer.body.count < 8_000, "\(place): \(answer.body.count) bytes")
        for word in ["SELECT ", "INSERT ", "UPDATE ", "SQLite", "sqlite", "/tmp/", "constraint"] {
            #expect(!answer.text.contains(word), "\(place): \(answer.text)")
        }
    }

    /// How much of everything there is.
    private static func state(of world: MLflowWorld) async throws -> [String] {
        var result: [String] = []
        for (path, body) in [
            ("experiments/search", ["max_results": 1000, "view_type": "ALL"]),
            ("runs/search", ["experiment_ids": ["0"], "run_view_type": "ALL"]),
        ] as [(String, JSONValue)] { result.append(try await world.post(path, body).body.text.count.description) }
        result.append(try await world.get("registered-models/search").body.text)
        result += try FileManager.default.subpathsOfDirectory(atPath: world.folder).sorted()
        return result
    }

    @Test func `what only looks like a number or an id is refused, and so are more pairs than anybody sends`()
        async throws
    {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            let model = try await world.post("registered-models/create", ["name": "films"]).status
            #expect(model == 200)
            let many = JSONValue.array((0..<1_001).map { ["key": .string("k\($0)"), "value": "1"] })
            let requests: [(String, JSONValue)] = [
                ("runs/log-metric", ["run_id": .string(run), "key": "m", "value": "0x10", "timestamp": 1]),
                ("runs/log-metric", ["run_id": .string(run), "key": "m", "value": "inf", "timestamp": 1]),
                (
                    "runs/search",
                    ["experiment_ids": ["0"], "filter": .string("metrics.m > \(String(repeating: "9", count: 400))")]
                ),
                ("logged-models", ["experiment_id": "0", "source_run_id": "a\u{202E}b"]),
                (
                    "logged-models",
                    ["experiment_id": "0", "source_run_id": .string(String(repeating: "x", count: 300))]
                ),
                ("logged-models", ["experiment_id": "0", "params": many]),
                ("model-versions/create", ["name": "films", "source": "s3://b/m", "run_id": "a\u{202E}b"]),
            ]
            for (path, body) in requests {
                let reply = try await world.post(path, body)
                #expect(reply.status == 400, "\(path) \(reply.body.text.prefix(200))")
            }
        }
    }

    @Test(arguments: ["GET", "POST", "DELETE", "PUT"])
    func `a body without an end is cut off, whatever it is sent to`(_ method: String) async throws {
        try await MLflowWorld.run { world in
            let piece = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            let path =
                method == "PUT" ? "/api/2.0/mlflow-artifacts/artifacts/a%00" : "/api/2.0/mlflow/registered-models/alias"
            let text =
                "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: piece, count: 160)
            // Returns once the server has closed the connection.
            do { try await BrokenUpload.send(text, port: world.port) } catch is BrokenUpload.Failure {}
            #expect(try await world.raw("GET", "/health").status == 200)
        }
    }

    @Test func `a symbolic link among the artefacts leads nowhere, and no refusal names a place on the disk`()
        async throws
    {
        try await MLflowWorld.run { world in
            let root = "/api/2.0/mlflow-artifacts/artifacts"
            _ = try await world.raw("PUT", root + "/0/run/artifacts/file", [], [1])
            let folder = world.folder + "/0/run/artifacts"
            try FileManager.default.createSymbolicLink(atPath: folder + "/out", withDestinationPath: "/etc")
            try FileManager.default.createSymbolicLink(atPath: folder + "/passwd", withDestinationPath: "/etc/passwd")
            for (method, path) in [
                ("GET", "out/passwd"), ("GET", "passwd"), ("PUT", "out/x"), ("GET", "out"), ("PUT", "file/x"),
                ("PUT", "%68%23ash"), ("DELETE", "out/passwd"), ("GET", "file/x/y"),
            ] {
                let answer = try await world.raw(
                    method, "\(root)/0/run/artifacts/\(path)", [], method == "PUT" ? [1] : nil)
                let isHarmless = method == "DELETE" && answer.status == 200
                #expect(isHarmless || (400..<500).contains(answer.status), "\(method) \(path): \(answer.status)")
                #expect(!answer.text.contains(world.folder) && !answer.text.contains("root:"), "\(answer.text)")
            }
            #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
            let listed = try await world.raw("GET", "\(root)?path=0/run/artifacts")
            #expect(!listed.text.contains("out") && !listed.text.contains("passwd"))
        }
    }

    @Test func `every call asks who is spoken to and where a page comes from, but for two probes`() async throws {
        try await MLflowWorld.run { world in
            let routes = try FrontDoorRoutes.table(of: World()).routes.filter { !$0.pattern.hasPrefix("/api/v1/chat") }
            for route in routes {
                var path = route.pattern
                for name in route.parameterNames {
                    path = path.replacing("{\(name)...}", with: "x").replacing("{\(name)}", with: "x")
                }
                let isProbe = path == "/health" || path == "/version"
                let method = route.method.rawValue
                let foreign = try await world.raw(method, path, [("Host", "evil.example")])
                #expect((foreign.status == 403) == !isProbe, "\(method) \(path): \(foreign.status)")
                if method == "GET" { continue }
                let page = try await world.raw(
                    method, path, [("Origin", "http://evil.example"), ("Content-Type", "application/json")],
                    Array("{}".utf8))
                #expect(page.status == 403, "\(method) \(path): \(page.status)")
            }
        }
    }
}
