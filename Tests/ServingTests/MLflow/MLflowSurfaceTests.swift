import Foundation
import Registry
import Storage
import TestKit
import Testing

@testable import Serving

/// Calls that few scripts make: what they answer, as a real server was seen to answer them.
@Suite struct MLflowSurfaceTests {
    @Test func `a tag of an experiment is removed once`() async throws {
        try await MLflowWorld.run { world in
            let tag: JSONValue = ["experiment_id": "0", "key": "a"]
            _ = try await world.post(
                "experiments/set-experiment-tag", ["experiment_id": "0", "key": "a", "value": "b"])
            #expect(try await world.post("experiments/delete-experiment-tag", tag).body == [:])
            let again = try await world.post("experiments/delete-experiment-tag", tag)
            #expect(again.summary == "404 RESOURCE_DOES_NOT_EXIST")
            #expect(again.message == "No tag with name: a in experiment with id 0")
        }
    }

    @Test func `models of older clients are listed in a tag of their run`() async throws {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            let model = #"{"artifact_path":"m","flavors":{},"run_id":"r","utc_time_created":"now"}"#
            for _ in 1...2 {
                let reply = try await world.post(
                    "runs/log-model", ["run_id": .string(run), "model_json": .string(model)])
                #expect(reply.body == [:])
            }
            let tags = try await world.store.run(id: run).tags
            #expect(try JSONParser.parse(tags["mlflow.log-model.history"] ?? "").array?.count == 2)
            for (json, phrase) in [("x", "not a valid JSON"), ("[]", "not a valid JSON"), ("{}", "missing mandatory")] {
                let reply = try await world.post(
                    "runs/log-model", ["run_id": .string(run), "model_json": .string(json)])
                #expect(reply.summary == "400 INVALID_PARAMETER_VALUE" && reply.message.contains(phrase))
            }
        }
    }

    @Test func `a logged model loses a tag, gains params, shows its files, and is found no more once deleted`()
        async throws
    {
        try await MLflowWorld.run { world in
            let made = try await world.post(
                "logged-models", ["experiment_id": "0", "name": "m", "tags": [["key": "a b/c", "value": "1"]]])
            let id = made.body.at("model.info.model_id")?.string ?? ""
            // A key in a path may hold slashes.
            #expect(try await world.send("DELETE", "logged-models/\(id)/tags/a%20b%2Fc").status == 200)
            #expect(
                try await world.send("DELETE", "logged-models/\(id)/tags/a%20b%2Fc").summary
                    == "404 RESOURCE_DOES_NOT_EXIST")
            let params: JSONValue = ["params": [["key": "k", "value": "1"]]]
            #expect(try await world.post("logged-models/\(id)/params", params).body == [:])
            #expect(try await world.post("logged-models/\(id)/params", params).summary == "400 INVALID_PARAMETER_VALUE")
            #expect(try await world.get("logged-models/\(id)").body.at("model.data.params") == params["params"])
            let folder = "/api/2.0/mlflow-artifacts/artifacts/0/models/\(id)/artifacts"
            _ = try await world.raw("PUT", folder + "/code/x.py", [], [1])
            let files = try await world.get("logged-models/\(id)/artifacts/directories?artifact_directory_path=code")
                .body
            #expect(files["files"] == [["path": "code/x.py", "is_dir": false, "file_size": 1]])
            #expect(
                try await world.get("logged-models/\(id)/artifacts/directories?artifact_directory_path=..").status
                    == 400)
            for _ in 1...2 { #expect(try await world.send("DELETE", "logged-models/\(id)").body == [:]) }
            #expect(try await world.get("logged-models/\(id)").summary == "404 RESOURCE_DOES_NOT_EXIST")
            #expect(try await world.get("logged-models/\(id)?allow_deleted=true").status == 200)
            #expect(try await world.post("logged-models/search", ["experiment_ids": ["0"]]).body == [:])
            #expect(
                try await world.send("PATCH", "logged-models/\(id)/tags", ["tags": []]).summary
                    == "404 RESOURCE_DOES_NOT_EXIST")
        }
    }

    @Test func `histories of many runs come sampled, with the ends of each`() async throws {
        try await MLflowWorld.run { world in
            let (one, other) = (try await world.newRun(), try await world.newRun())
            for (run, count) in [(one, 10), (other, 4)] {
                let points = (0..<count).map {
                    ["key": "m", "value": .number(Double($0) + 0.5), "timestamp": 1, "step": .integer(Int64($0))]
                        as JSONValue
                }
                _ = try await world.post("runs/log-batch", ["run_id": .string(run), "metrics": .array(points)])
            }
            func steps(_ path: String, _ query: String, of run: String) async throws -> [String] {
                let answer = try await world.raw("GET", "\(path)?\(query)&metric_key=m")
                return (try JSONParser.parse(answer.text)["metrics"]?.array ?? [])
                    .filter { $0["run_id"] == .string(run) }.map { $0["step"]?.plain ?? "" }
            }
            let sampled = "/api/2.0/mlflow/metrics/get-history-bulk-interval"
            let both = "run_ids=\(one)&run_ids=\(other)"
            #expect(try await steps(sampled, both + "&max_results=2", of: one) == ["0", "3", "5", "9"])
            #expect(try await steps(sampled, both + "&max_results=2", of: other) == ["0", "3"])
            #expect(try await steps(sampled, both + "&start_step=2&end_step=4", of: one) == ["2", "3", "4"])
            for bad in ["&start_step=1", "&start_step=3&end_step=1", "&max_results=0", "&max_results=2501"] {
                #expect(try await world.raw("GET", "\(sampled)?\(both)&metric_key=m\(bad)").status == 400, "\(bad)")
            }
            #expect(
                try await world.raw("GET", "\(sampled)?run_ids=\(String(repeating: "0", count: 32))&metric_key=m").text
                    == "{}")
            let whole = "/ajax-api/2.0/mlflow/metrics/get-history-bulk"
            let query = "run_id=\(one)&run_id=\(other)&run_id=none"
            #expect(try await steps(whole, query, of: other) == ["0", "1", "2", "3"])
            #expect(try await steps(whole, query + "&max_results=12", of: other) == ["0", "1"])
        }
    }

    @Test func `datasets of experiments are told once for each context`() async throws {
        try await MLflowWorld.run { world in
            let dataset: JSONValue = ["name": "d", "digest": "1", "source_type": "local", "source": "s"]
            for _ in 1...2 {
                _ = try await world.post(
                    "runs/log-inputs",
                    [
                        "run_id": .string(try await world.newRun()),
                        "datasets": [
                            ["dataset": dataset, "tags": [["key": "mlflow.data.context", "value": "training"]]]
                        ],
                    ])
            }
            let answer = try await world.raw(
                "POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", [("Content-Type", "application/json")],
                Array(#"{"experiment_ids":["0"]}"#.utf8))
            #expect(
                try JSONParser.parse(answer.text) == [
                    "dataset_summaries": [["experiment_id": "0", "name": "d", "digest": "1", "context": "training"]]
                ])
        }
    }

    @Test func `a model that is renamed takes everything along`() async throws {
        try await MLflowWorld.run { world in
            for name in ["a", "b"] { _ = try await world.post("registered-models/create", ["name": .string(name)]) }
            _ = try await world.post("model-versions/create", ["name": "a", "source": "s3://b/x"])
            _ = try await world.post("registered-models/alias", ["name": "a", "alias": "best", "version": "1"])
            let renamed = try await world.post("registered-models/rename", ["name": "a", "new_name": "c"])
            #expect(renamed.body.at("registered_model.name") == "c")
            #expect(try await world.get("registered-models/get?name=a").status == 404)
            #expect(
                try await world.get("registered-models/alias?name=c&alias=best").body.at("model_version.version") == "1"
            )
            #expect(
                try await world.post("registered-models/rename", ["name": "c", "new_name": "b"]).summary
                    == "400 RESOURCE_ALREADY_EXISTS")
            #expect(try await world.post("registered-models/rename", ["name": "c"]).message.contains("'new_name'"))
        }
    }

    /// A source, what identifies it beside, and how it is answered: what is kept as the source, or a code.
    private static let sources: [(source: String, beside: [String: String], expected: String)] = [
        ("runs:/RUN/m", ["run_id": "RUN"], "runs:/RUN/m"), ("runs:/RUN/m", [:], "400"),
        ("runs:/RUN/m", ["run_id": "OTHER"], "400"), ("runs:/RUN/../m", ["run_id": "RUN"], "400"),
        ("runs:/none/m", ["run_id": "none"], "404"),
        ("mlflow-artifacts:/0/RUN/artifacts/m", ["run_id": "RUN"], "mlflow-artifacts:/0/RUN/artifacts/m"),
        ("mlflow-artifacts:/0/RUN/artifacts/m", [:], "400"),
        ("mlflow-artifacts:/0/RUN/artifacts/m", ["run_id": "OTHER"], "400"),
        ("mlflow-artifacts:/0/RUN/x", ["run_id": "RUN"], "400"),
        ("mlflow-artifacts:/0/RUN/artifacts/%252e%252e/x", ["run_id": "RUN"], "400"),
        ("mlflow-artifacts:/0/RUN/artifacts/a%00b", ["run_id": "RUN"], "400"),
        ("models:/MODEL", ["model_id": "MODEL"], "models:/MODEL"), ("models:/MODEL", [:], "400"),
        ("models:/MODEL", ["model_id": "m-other"], "400"),
        ("models:/movies/1", [:], "models:/movies/1"), ("models:/movies@best", [:], "models:/movies/1"),
        ("models:/movies/latest", [:], "models:/movies/NEWEST"), ("models:/movies/Production", [:], "404"),
        ("models:/movies/99", [:], "404"), ("models:/movies@none", [:], "400"), ("models:/a/b/c", [:], "400"),
        ("/etc/passwd", [:], "400"), ("file:///etc/passwd", ["run_id": "RUN"], "400"), ("C:\\x", [:], "400"),
        ("s3://bucket/x", [:], "s3://bucket/x"), ("s3://bucket/%2e%2e/x", [:], "400"),
    ]

    @Test func `a version's source is what it says, and whose it says`() async throws {
        try await MLflowWorld.run { world in
            let (run, other) = (try await world.newRun(), try await world.newRun())
            let made = try await world.post(
                "logged-models", ["experiment_id": "0", "name": "lm", "source_run_id": .string(run)])
            let model = made.body.at("model.info.model_id")?.string ?? ""
            _ = try await world.post("registered-models/create", ["name": "movies"])
            var newest = 1
            _ = try await world.post(
                "model-versions/create",
                ["name": "movies", "source": .string("runs:/\(run)/m"), "run_id": .string(run), "run_link": "http://x"])
            _ = try await world.post("registered-models/alias", ["name": "movies", "alias": "best", "version": "1"])
            func filled(_ text: String) -> String {
                text.replacing("RUN", with: run).replacing("OTHER", with: other).replacing("MODEL", with: model)
                    .replacing("NEWEST", with: "\(newest)")
            }
            for (source, beside, expected) in Self.sources {
                var body: [String: JSONValue] = ["name": "movies", "source": .string(filled(source))]
                for (key, value) in beside { body[key] = .string(filled(value)) }
                let reply = try await world.post("model-versions/create", .object(JSONMembers(body)))
                if expected.count == 3 {
                    #expect("\(reply.status)" == expected, "\(source) \(beside): \(reply.message)")
                } else {
                    #expect(
                        reply.body.at("model_version.source")?.plain == filled(expected), "\(source): \(reply.message)")
                    newest += 1
                }
            }
            // A copy is of the same run.
            let copy = try await world.post("model-versions/create", ["name": "movies", "source": "models:/movies/1"])
            #expect(copy.body.at("model_version.run_id") == .string(run))
            let first = try await world.get("model-versions/get?name=movies&version=1")
            #expect(first.body.at("model_version.run_link") == "http://x")
        }
    }

    @Test func `a part of an artefact can be asked for`() async throws {
        try await MLflowWorld.run { world in
            let path = "/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/file"
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
            _ = try await world.raw("PUT", path, [], bytes)
            for (range, expected) in [
                ("bytes=0-0", 0..<1), ("bytes=270000-", 270_000..<300_000), ("bytes=-5", 299_995..<300_000),
                ("bytes=299990-999999999999999999999", 299_990..<300_000), ("bytes=10-280000", 10..<280_001),
            ] {
                let answer = try await world.raw("GET", path, [("Range", range)])
                #expect(answer.status == 206, "\(range)")
                #expect(answer.body == Array(bytes[expected]), "\(range)")
                #expect(
                    answer.header("content-range") == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/300000")
            }
            for range in ["bytes=300000-", "bytes=-0"] {
                let answer = try await world.raw("GET", path, [("Range", range)])
                #expect(answer.status == 416 && answer.header("content-range") == "bytes */300000", "\(range)")
            }
            for range in ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=1-2,5-6", "bytes=-", "bytes=1"] {
                #expect(try await world.raw("GET", path, [("Range", range)]).body.count == 300_000, "\(range)")
            }
        }
    }

    @Test func `a trace is taken and its upload kept, so that a traced script goes on in silence`() async throws {
        try await MLflowWorld.run { world in
            func start(_ id: String, _ experiment: String) async throws -> HTTPClient.Answer {
                let place = #"{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"\#(experiment)"}}"#
                let text = #"{"trace":{"trace_info":{"trace_id":"\#(id)","trace_location":\#(place),"state":"OK"}}}"#
                return try await world.raw(
                    "POST", "/api/3.0/mlflow/traces", [("Content-Type", "application/json")], Array(text.utf8))
            }
            let info = try JSONParser.parse(try await start("tr-0a", "0").text).at("trace.trace_info")
            #expect(info?["trace_id"] == "tr-0a" && info?["state"] == "OK")
            #expect(info?["tags"]?["mlflow.artifactLocation"] == "mlflow-artifacts:/0/traces/tr-0a/artifacts")
            #expect(try await start("../x", "0").status == 400)
            #expect(try await start("tr-../x", "0").status == 400)
            #expect(try await start("tr-1", "77").status == 404)
        }
    }

    @Test func `what is not offered says so in the words that the client looks for`() async throws {
        try await MLflowWorld.run { world in
            let root = "/api/2.0/mlflow-artifacts"
            for (method, path, phrase) in [
                ("POST", "mpu/create/0/r/artifacts/x", "Multipart upload is not supported"),
                ("POST", "mpu/complete/x", "Multipart upload is not supported"),
                ("POST", "mpu/abort/x", "Multipart upload is not supported"),
                ("GET", "presigned/x", "Multipart download is not supported"),
            ] {
                let answer = try await world.raw(
                    method, "\(root)/\(path)", [("Content-Type", "application/json")],
                    method == "GET" ? nil : [123, 125])
                #expect(answer.status == 501)
                let body = try JSONParser.parse(answer.text)
                #expect(body["error_code"] == "NOT_IMPLEMENTED" && body["message"]?.plain.hasPrefix(phrase) == true)
            }
        }
    }
}
