import Registry
import Testing

@testable import Serving

@Suite struct MLflowSearchTests {
    /// Three runs: `a` with a low loss, `b` with NaN and `c` with none.
    private static func fill(_ world: MLflowWorld) async throws {
        for (start, name) in ["a", "b", "c"].enumerated() {
            let run =
                try await world.post(
                    "runs/create",
                    ["experiment_id": "0", "run_name": .string(name), "start_time": .integer(Int64(start))]
                ).body.at("run.info.run_id") ?? .null
            if name == "c" { continue }
            let loss: JSONValue = name == "a" ? 0.5 : "NaN"
            _ = try await world.post(
                "runs/log-batch",
                [
                    "run_id": run, "metrics": [["key": "val/loss", "value": loss, "timestamp": 1]],
                    "params": [["key": "algorithm", "value": .string(name == "a" ? "ALS" : "it''s")]],
                ])
            let dataset: JSONValue = [
                "name": "ratings", "digest": .string(name), "source_type": "local", "source": "{}",
            ]
            let tags: JSONValue = [["key": "mlflow.data.context", "value": "train"]]
            _ = try await world.post(
                "runs/log-inputs", ["run_id": run, "datasets": [["dataset": dataset, "tags": tags]]])
        }
    }

    @Test func `runs are found by all that a filter can say`() async throws {
        try await MLflowWorld.run { world in
            try await Self.fill(world)
            for (filter, expected) in [
                ("metrics.`val/loss` < 1", "a"), ("metrics.`val/loss` != 7", "ba"), ("metrics.\"val/loss\" > 1", ""),
                ("params.algorithm LIKE 'A%'", "a"), ("params.algorithm LIKE 'a%'", ""),
                ("params.algorithm ILIKE 'a%'", "a"), ("params.algorithm != 'ALS'", "b"),
                ("params.algorithm = 'it''s'", "b"), ("params.algorithm IS NULL", "c"),
                ("tags.`mlflow.runName` IS NOT NULL", "cba"), ("attributes.`run name` = 'a'", "a"),
                ("status = 'RUNNING' and created > 0.5", "cb"), ("end_time != 5", ""),
                ("dataset.name = 'ratings' AND dataset.context = 'train'", "ba"), ("datasets.digest IN ('b')", "b"),
                ("run_name = 'a' OR NOT (params.algorithm IS NULL OR run_name = 'a')", "ba"),
            ] {
                let reply = try await world.post(
                    "runs/search", ["experiment_ids": ["0"], "filter": .string(filter)])
                #expect(Self.names(reply) == expected, "\(filter)")
            }
        }
    }

    @Test func `runs are ordered with what has no number last in both directions, page by page`() async throws {
        try await MLflowWorld.run { world in
            try await Self.fill(world)
            for (order, expected) in [
                ("metrics.`val/loss`", "abc"), ("metrics.`val/loss` DESC", "abc"), ("params.algorithm DESC", "bac"),
                ("attributes.run_name desc", "cba"), ("start_time", "abc"), ("end_time", "cba"),
            ] {
                var names = ""
                var token: JSONValue = ""
                repeat {
                    let reply = try await world.post(
                        "runs/search",
                        [
                            "experiment_ids": ["0"], "order_by": [.string(order)], "max_results": 1,
                            "page_token": token,
                        ])
                    names += Self.names(reply)
                    token = reply.body["next_page_token"] ?? ""
                } while token != ""
                #expect(names == expected, "\(order)")
            }
        }
    }

    private static func names(_ reply: MLflowWorld.Reply) -> String {
        (reply.body["runs"]?.array ?? []).map { $0.at("info.run_name")?.plain ?? "?" }.joined()
    }

    // MARK: Logged models

    @Test func `a metric logged with a model is the model's too, and orders and filters models`() async throws {
        try await MLflowWorld.run { world in
            let run = JSONValue.string(try await world.newRun())
            var ids: [JSONValue] = []
            for name in ["a", "b"] {
                ids.append(
                    try await world.post("logged-models", ["experiment_id": "0", "name": .string(name)])
                        .body.at("model.info.model_id") ?? .null)
            }
            let point: [String: JSONValue] = ["run_id": run, "key": "acc", "timestamp": 7, "model_id": ids[0]]
            let logged = try await world.post(
                "runs/log-metric", .object(JSONMembers(point.merging(["value": 1]) { $1 })))
            #expect(logged.body == [:])
            let metric: JSONValue = [
                "key": "acc", "value": 3, "timestamp": 8, "model_id": ids[1], "dataset_name": "d",
                "dataset_digest": "x",
            ]
            _ = try await world.post("runs/log-batch", ["run_id": run, "metrics": [metric]])
            let first = try await world.get("logged-models/\(ids[0].plain)").body.at("model.data.metrics")
            #expect(
                first == [["key": "acc", "value": 1, "timestamp": 7, "step": 0, "model_id": ids[0], "run_id": run]])
            #expect(try await world.get("runs/get?run_id=\(run.plain)").body.at("run.data.metrics[0].value") == 3)

            func find(_ more: [String: JSONValue]) async throws -> MLflowWorld.Reply {
                try await world.post(
                    "logged-models/search", .object(JSONMembers(["experiment_ids": ["0"]].merging(more) { $1 })))
            }
            func names(_ more: [String: JSONValue]) async throws -> String {
                (try await find(more).body["models"]?.array ?? []).map { $0.at("info.name")?.plain ?? "" }.joined()
            }
            #expect(try await names(["filter": "metrics.acc > 2"]) == "b")
            #expect(try await names(["order_by": [["field_name": "metrics.acc", "ascending": true]]]) == "ab")
            #expect(
                try await names(["order_by": [["field_name": "metrics.acc", "dataset_name": "d"]]]) == "ba")
            #expect(try await names(["datasets": [["dataset_name": "d"]]]) == "b")
            #expect(try await names(["filter": "status = 'PENDING' AND name = a"]) == "a")

            let page = try await find(["filter": "metrics.acc > 0", "max_results": 1])
            let token = page.body["next_page_token"] ?? .null
            #expect(page.body.at("models[0].info.name") == "b")
            #expect(try await names(["filter": "metrics.acc > 0", "max_results": 1, "page_token": token]) == "a")
            for other: [String: JSONValue] in [
                ["filter": "metrics.acc > 1"], [:], ["filter": "metrics.acc > 0", "experiment_ids": ["0", "1"]],
                ["filter": "metrics.acc > 0", "order_by": [["field_name": "name"]]],
            ] {
                let refused = try await find(other.merging(["page_token": token]) { $1 })
                #expect(refused.summary == "400 INVALID_PARAMETER_VALUE")
            }
        }
    }

    @Test func `a metric of a model that is not there, or of half a dataset, is refused whole`() async throws {
        try await MLflowWorld.run { world in
            let run = JSONValue.string(try await world.newRun())
            let point: [String: JSONValue] = ["run_id": run, "key": "acc", "value": 1, "timestamp": 7]
            let missing = try await world.post(
                "runs/log-metric", .object(JSONMembers(point.merging(["model_id": "m-0"]) { $1 })))
            #expect(missing.summary == "404 RESOURCE_DOES_NOT_EXIST")
            let half = try await world.post(
                "runs/log-metric", .object(JSONMembers(point.merging(["model_id": "m-0", "dataset_name": "d"]) { $1 })))
            #expect(half.message.contains("Both dataset_name and dataset_digest must be provided"))
            #expect(try await world.get("runs/get?run_id=\(run.plain)").body.at("run.data.metrics") == nil)
        }
    }

    // MARK: Bad input

    private static let searches = ["runs", "experiments", "registered-models", "model-versions", "logged-models"]

    /// - Returns: the answer of the search to `query`, whichever method it has.
    private static func ask(
        _ search: String, _ query: [String: JSONValue], _ world: MLflowWorld
    ) async throws -> MLflowWorld.Reply {
        if search.hasSuffix("s/search") || ["runs", "experiments", "logged-models"].contains(search) {
            let always: [String: JSONValue] = ["experiment_ids": ["0"], "max_results": 5]
            return try await world.post("\(search)/search", .object(JSONMembers(always.merging(query) { $1 })))
        }
        let items = query.flatMap { name, value in (value.array ?? [value]).map { "\(name)=\($0.plain)" } }
        return try await world.get("\(search)/search?" + items.joined(separator: "&"))
    }

    @Test(arguments: searches)
    func `what could keep the store busy is refused in few words without a word of SQL`(_ search: String) async throws {
        try await MLflowWorld.run { world in
            let isGet = search.hasPrefix("registered") || search.hasPrefix("model-")
            let order: JSONValue =
                search == "logged-models"
                ? .array(Array(repeating: ["field_name": "name"], count: 5000))
                : .array(Array(repeating: "name", count: isGet ? 100 : 5000))
            let (clauses, depth) = isGet ? (150, 1000) : (20_000, 100_000)
            let cases: [(String, [String: JSONValue])] = [
                (
                    "clauses",
                    ["filter": .string(Array(repeating: "name='a'", count: clauses).joined(separator: " OR "))]
                ),
                ("depth", ["filter": .string(String(repeating: "(", count: depth))]),
                ("name", ["filter": .string(String(repeating: "n", count: isGet ? 2000 : 1 << 20))]),
                ("order", ["order_by": order]),
                ("offset", ["page_token": .string(PageToken.encode(offset: .max))]),
                ("token", ["page_token": .string(String(repeating: "A", count: isGet ? 4000 : 1 << 20))]),
                ("quote", ["filter": "name = 'a' ) UNION SELECT 1 --"]),
            ]
            for (name, query) in cases {
                let query = isGet ? query.mapValues { Self.escaped($0) } : query
                let reply = try await Self.ask(search, query, world)
                #expect(reply.summary == "400 INVALID_PARAMETER_VALUE", "\(name)")
                #expect(reply.message.utf8.count < 1000, "\(name)")
                for word in ["SELECT number", "json_each", "SQLite", "sqlite", "WHERE"] {
                    #expect(!reply.message.contains(word), "\(name): \(reply.message)")
                }
            }
        }
    }

    private static func escaped(_ value: JSONValue) -> JSONValue {
        if let elements = value.array { return .array(elements.map(escaped)) }
        let text = value.plain.map { character in
            character.isLetter || character.isNumber
                ? "\(character)" : "%" + String(character.asciiValue ?? 32, radix: 16)
        }
        return .string(text.joined())
    }

    @Test func `the largest filter and order that are allowed are answered`() async throws {
        try await MLflowWorld.run { world in
            try await Self.fill(world)
            let clauses = (0..<100).map { "metrics.m\($0) > 1" }.joined(separator: " OR ")
            let deep = String(repeating: "NOT (", count: 15) + "params.x = '1'" + String(repeating: ")", count: 15)
            let list = "run_id NOT IN (" + (0..<10_000).map { "'r\($0)'" }.joined(separator: ",") + ")"
            let order = JSONValue.array((0..<20).map { .string("metrics.m\($0) DESC") })
            for (filter, expected) in [(clauses, ""), (deep, "cba"), (list, "cba")] {
                let reply = try await world.post(
                    "runs/search", ["experiment_ids": ["0"], "filter": .string(filter), "order_by": order])
                #expect(reply.status == 200 && Self.names(reply) == expected)
            }
        }
    }

    @Test func `a search that takes too much work is a refusal that says what to do, and not asked for again`()
        async throws
    {
        try await MLflowWorld.run(searchLimit: .zero) { world in
            for _ in 0..<200 { _ = try await world.newRun() }
            let reply = try await world.post(
                "runs/search", ["experiment_ids": ["0"], "filter": "tags.a LIKE '%b%'", "order_by": ["metrics.m"]])
            #expect(reply.summary == "400 INVALID_PARAMETER_VALUE")
            #expect(
                reply.message == "The search was given up: it took more than 0.0 seconds of work. "
                    + "Search fewer experiments, ask for fewer results at once, or compare with = and IN rather than LIKE."
            )
        }
    }

    @Test func `more experiments than a search looks at are refused by their number`() async throws {
        try await MLflowWorld.run { world in
            for search in ["runs", "logged-models"] {
                let ids = JSONValue.array(Array(repeating: "0", count: 10_001))
                let reply = try await world.post("\(search)/search", ["experiment_ids": ids])
                #expect(reply.summary == "400 INVALID_PARAMETER_VALUE")
                #expect(
                    reply.message
                        == "Invalid value for parameter 'experiment_ids' supplied: it lists 10001, and no more "
                        + "than 10000 can be asked for at once. Ask for fewer.")
            }
        }
    }
}
