import HTTPTypes
import TestKit
import Testing

@testable import Serving

@Suite struct MLflowWireTests {
    // One server answers a whole table: opening a database for every row takes longer than asking it.

    private static let types: [(String?, isTaken: Bool)] = [
        (nil, false), ("text/plain", false), ("application/x-www-form-urlencoded", false), ("application/json", true),
        ("Application/JSON; charset=utf-8", true),
    ]

    @Test func `only JSON that says so is taken`() async throws {
        try await MLflowWorld.run { world in
            for (type, isTaken) in Self.types {
                let reply = try await world.send("POST", "experiments/search", text: #"{"max_results":1}"#, type: type)
                #expect(reply.summary == (isTaken ? "200" : "400 INVALID_PARAMETER_VALUE"), "\(type ?? "none")")
            }
        }
    }

    /// A body, and what the refusal says; nil when it is taken.
    private static let bodies: [(String, phrase: String?)] = [
        (#"{"run_id":"RUN","key":"k","value":1,"timestamp":5}"#, nil),
        (#"{"run_id":"RUN","run_uuid":"RUN","key":"k","value":1.5,"timestamp":"5","step":"7"}"#, nil),
        (#"{"run_uuid":"RUN","key":"k","value":"NaN","timestamp":5,"modelId":null,"unknown":[1]}"#, nil),
        (#"{"run_id":"RUN","key":"k","value":"-Infinity","timestamp":5.0}"#, nil),
        (#"{"runId":"RUN","key":"k","value":1,"timestamp":5}"#, "Missing value for required parameter 'run_id'"),
        (#"{"run_id":"RUN","value":1,"timestamp":5}"#, "Missing value for required parameter 'key'"),
        (#"{"run_id":"RUN","key":"","value":1,"timestamp":5}"#, "Missing value for required parameter 'key'"),
        (#"{"run_id":"RUN","key":"k","timestamp":5}"#, "Missing value for required parameter 'value'"),
        (#"{"run_id":"RUN","key":"k","value":1}"#, "Missing value for required parameter 'timestamp'"),
        (#"{"run_id":"RUN","key":3,"value":1,"timestamp":5}"#, "Invalid value 3 for parameter 'key' supplied"),
        (
            #"{"run_id":"RUN","key":"k","value":"one","timestamp":5}"#,
            "Invalid value \"one\" for parameter 'value' supplied"
        ),
        (
            #"{"run_id":"RUN","key":"k","value":true,"timestamp":5}"#,
            "Invalid value true for parameter 'value' supplied"
        ),
        (
            #"{"run_id":"RUN","key":"k","value":1,"timestamp":5.5}"#,
            "Invalid value 5.5 for parameter 'timestamp' supplied"
        ),
        (
            #"{"run_id":"RUN","key":"k","value":1,"timestamp":5,"step":[]}"#,
            "Invalid value (a list) for parameter 'step' supplied"
        ),
        (#"{"run_id":"RUN","key":"k","value":NaN,"timestamp":5}"#, "not JSON"),
        (#"{"run_id":"RUN","key":"ndcg@10","value":1,"timestamp":5}"#, "ndcg_at_10"),
        (#"{"run_id":"RUN","key":"k","value":1,"timestamp":99999999999999999999}"#, "'timestamp' supplied"),
        ("[]", "must be a JSON object"), ("", "Missing value for required parameter"), ("{", "not JSON"),
    ]

    @Test func `fields are read as MLflow reads them`() async throws {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            for (text, phrase) in Self.bodies {
                let reply = try await world.send(
                    "POST", "runs/log-metric", text: text.replacing("RUN", with: run), type: "application/json")
                if let phrase {
                    #expect(reply.summary == "400 INVALID_PARAMETER_VALUE", "\(text)")
                    #expect(reply.message.contains(phrase), "\(text): \(reply.message)")
                } else {
                    #expect(reply.status == 200, "\(text): \(reply.message)")
                    #expect(reply.body == [:])
                }
            }
        }
    }

    @Test func `camelCase is understood where a field may be absent`() async throws {
        try await MLflowWorld.run { world in
            let made = try await world.post("runs/create", ["experiment_id": "0", "runName": "mine", "startTime": 5])
            #expect(made.body.at("run.info.run_name")?.plain == "mine")
            #expect(made.body.at("run.info.start_time")?.plain == "5")
        }
    }

    @Test func `enumerations come by name or by number`() async throws {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            for (given, expected) in [("FINISHED" as JSONValue, "FINISHED"), (4, "FAILED"), ("5", "KILLED")] {
                let reply = try await world.post("runs/update", ["run_id": .string(run), "status": given])
                #expect(reply.body.at("run_info.status")?.plain == expected)
            }
            let reply = try await world.post("runs/update", ["run_id": .string(run), "status": "DONE"])
            #expect(reply.summary == "400 INVALID_PARAMETER_VALUE")
            #expect(reply.message.contains("RUNNING, SCHEDULED, FINISHED, FAILED, KILLED"))
        }
    }

    @Test func `MLflow's own pages find the same under another prefix`() async throws {
        try await MLflowWorld.run { world in
            for path in [
                "2.0/mlflow/experiments/get?experiment_id=0", "2.0/mlflow-artifacts/artifacts",
                "3.0/mlflow/server-info",
            ] {
                let (one, other) = (
                    try await world.raw("GET", "/api/\(path)"), try await world.raw("GET", "/ajax-api/\(path)")
                )
                #expect(one.status == 200)
                #expect(one.text == other.text)
            }
        }
    }

    private static let unknown = [
        ("GET", "/api/2.0/mlflow/webhooks"), ("POST", "/api/2.0/mlflow/nothing"),
        ("POST", "/api/3.0/mlflow/traces/search"), ("GET", "/ajax-api/2.0/mlflow/nothing"),
        ("GET", "/api/2.0/mlflow/metrics/get-history-bulk"), ("POST", "/v1/traces"), ("POST", "/graphql"),
        ("POST", "/api/2.0/mlflow/runs/create/"),
    ]

    @Test func `what is not built is not found`() async throws {
        try await MLflowWorld.run { world in
            for (method, path) in Self.unknown {
                let answer = try await world.raw(method, path, [("Content-Type", "application/json")], Array("{}".utf8))
                #expect(answer.status == 404, "\(path)")
                #expect(try JSONParser.parse(answer.text)["error_code"] == "ENDPOINT_NOT_FOUND")
            }
        }
    }

    @Test func `a body beyond the bound is refused`() async throws {
        try await MLflowWorld.run { world in
            let head =
                "POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            let answer = try await HTTPClient(port: world.port).sendRaw(
                Array((head + "Content-Length: 8388609\r\n\r\n").utf8))
            #expect(answer.status == 413)
            #expect(try JSONParser.parse(answer.text)["error_code"] == "INVALID_PARAMETER_VALUE")
        }
    }

    /// The client asks a failed server again for minutes, so nothing that a client sends may count as the server's failure.
    @Test func `no route answers nonsense with a server's failure`() async throws {
        let bodies = [
            "{}", "[]", "null", "\"x\"", "{", "{\"name\":5}", "{\"run_id\":{}}",
            "{\"run_id\":\"../../x\",\"experiment_id\":\"-1\"}",
            "{\"experiment_id\":\"99999999999999999999\",\"name\":\"\\u0000\"}",
            "{\"models\":[1],\"params\":{},\"tags\":\"x\"}",
            "{\"name\":\"m\",\"version\":\"0\",\"source\":\"models:/\",\"alias\":\"a b\",\"key\":\"\",\"stage\":\"x\"}",
            "{\"experiment_ids\":[\"0\"],\"max_results\":-1,\"page_token\":\"x\"}",
            "{\"experiment_ids\":[\"0\"],\"max_results\":9223372036854775807}",
            "{\"experiment_ids\":[\"0\"],\"max_results\":1,\"page_token\":\"eyJvZmZzZXQiOiA5MjIzMzcyMDM2ODU0Nzc1ODA3fQ==\"}",
        ]
        let queries = [
            "", "?run_id=%00", "?experiment_id=x&path=../..", "?name=m&version=-9223372036854775808", "?max_results=x",
            "?%zz",
            "?name=%FF", "?run_id=0&metric_key=k&max_results=0", "?filter=name%20%3D%20'",
        ]
        try await MLflowWorld.run { world in
            let routes = try FrontDoorRoutes.table(of: World()).routes.filter {
                $0.pattern.hasPrefix("/api/2.0/mlflow")
            }
            #expect(routes.count > 50)
            for route in routes {
                let path = route.pattern.replacing("{id}", with: "m-x").replacing("{path...}", with: "%2e%2e/x")
                let isRead = route.method == .get
                for odd in isRead ? queries : bodies {
                    let answer = try await world.raw(
                        route.method.rawValue, isRead ? path + odd : path,
                        isRead ? [] : [("Content-Type", "application/json")],
                        isRead ? nil : Array(odd.utf8))
                    // What is not offered at all the client does not ask for again.
                    #expect(answer.status < 500 || answer.status == 501, "\(path) \(odd): \(answer.text)")
                    if answer.status >= 400 {
                        #expect(
                            try JSONParser.parse(answer.text)["error_code"] != nil, "\(route.pattern): \(answer.text)")
                    }
                }
            }
        }
    }
}
