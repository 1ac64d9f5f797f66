import TestKit
import Testing

@testable import Serving

@Suite struct MLflowTrackingTests {
    @Test func `an experiment is made, found by name, renamed, deleted and restored`() async throws {
        try await MLflowWorld.run { world in
            let made = try await world.post(
                "experiments/create", ["name": "films", "tags": [["key": "a", "value": "b"]]])
            #expect(made.body == ["experiment_id": "1"])
            let found = try await world.get("experiments/get-by-name?experiment_name=films")
            #expect(found.body.at("experiment.artifact_location")?.plain == "mlflow-artifacts:/1")
            #expect(found.body.at("experiment.tags[0].key")?.plain == "a")
            #expect(found.body.at("experiment.creation_time")?.integer != nil)
            let again = try await world.post("experiments/create", ["name": "films"])
            #expect(again.summary == "400 RESOURCE_ALREADY_EXISTS")
            #expect(
                try await world.post("experiments/update", ["experiment_id": "1", "new_name": "movies"]).body == [:])
            #expect(try await world.post("experiments/delete", ["experiment_id": "1"]).body == [:])
            let deleted = try await world.get("experiments/get-by-name?experiment_name=movies")
            #expect(deleted.body.at("experiment.lifecycle_stage")?.plain == "deleted")
            #expect(
                try await world.post("runs/create", ["experiment_id": "1"]).summary == "400 INVALID_PARAMETER_VALUE")
            #expect(try await world.post("experiments/restore", ["experiment_id": "1"]).body == [:])
            let missing = try await world.get("experiments/get-by-name?experiment_name=none")
            #expect(missing.summary == "404 RESOURCE_DOES_NOT_EXIST")
        }
    }

    @Test func `the list of experiments tells how many runs each holds, in the shape that is documented`() async throws
    {
        try await MLflowWorld.run { world in
            _ = try await world.post("experiments/create", ["name": "<b>films</b>"])
            let run = try await world.newRun(in: "1")
            let answer = try await world.raw("GET", "/api/v1/experiments")
            let listed = try JSONParser.parse(answer.text)
            #expect(SchemaCheck.problems(of: listed, .named("Experiments")) == [])
            #expect(listed.at("experiments[0].name")?.plain == "<b>films</b>")
            #expect(listed.at("experiments[0].last_run.id")?.plain == run)
            #expect(listed.at("experiments[1].last_run") == .null)
            let one = try JSONParser.parse(try await world.raw("GET", "/api/v1/experiments/1").text)
            #expect(one == listed.at("experiments[0]"))
            #expect(try await world.raw("GET", "/api/v1/experiments/7").status == 404)
            #expect(try await world.raw("GET", "/api/v1/experiments/x").status == 422)
            #expect(try await world.raw("GET", "/api/v1/experiments?view=none").status == 422)
        }
    }

    @Test func `a search of experiments turns pages, with POST and with GET`() async throws {
        try await MLflowWorld.run { world in
            for name in ["a", "b"] { _ = try await world.post("experiments/create", ["name": .string(name)]) }
            let first = try await world.post("experiments/search", ["max_results": 2, "view_type": "ACTIVE_ONLY"])
            #expect(first.body.at("experiments[0].name")?.plain == "b")
            let token = first.body["next_page_token"]?.string ?? ""
            let second = try await world.get("experiments/search?max_results=2&page_token=\(token)&view_type=3")
            #expect(second.body.at("experiments[0].name")?.plain == "Default")
            #expect(second.body["next_page_token"] == nil)
            #expect(try await world.post("experiments/search", [:]).message.contains("'max_results'"))
            let filtered = try await world.post("experiments/search", ["max_results": 2, "filter": "name = 'a'"])
            #expect(filtered.body["experiments"]?.array?.map { $0["name"]?.plain } == ["a"])
            let gone = try await world.post("experiments/search", ["max_results": 2, "view_type": "DELETED_ONLY"])
            #expect(gone.body == [:])
        }
    }

    @Test func `an artifact location of the client's own is refused, not passed over`() async throws {
        try await MLflowWorld.run { world in
            let reply = try await world.post("experiments/create", ["name": "a", "artifact_location": "s3://x"])
            #expect(reply.summary == "400 INVALID_PARAMETER_VALUE")
            #expect(reply.message.contains("artifact_location"))
        }
    }

    @Test func `a new run carries both ids, empty inputs and nothing that is empty beside`() async throws {
        try await MLflowWorld.run { world in
            let made = try await world.post(
                "runs/create",
                ["experiment_id": "0", "run_name": "first", "start_time": 12, "tags": [["key": "k", "value": "v"]]])
            let id = made.body.at("run.info.run_id")?.string ?? ""
            #expect(
                made.body == [
                    "run": [
                        "info": [
                            "run_id": .string(id), "run_uuid": .string(id), "run_name": "first", "experiment_id": "0",
                            "status": "RUNNING", "start_time": 12, "lifecycle_stage": "active",
                            "artifact_uri": .string("mlflow-artifacts:/0/\(id)/artifacts"),
                        ],
                        "data": [
                            "tags": [["key": "k", "value": "v"], ["key": "mlflow.runName", "value": "first"]]
                        ],
                        "inputs": [:],
                    ]
                ])
        }
    }

    @Test func `what is logged is read back, numbers as numbers and NaN as text`() async throws {
        try await MLflowWorld.run { world in
            let run = JSONValue.string(try await world.newRun())
            _ = try await world.post(
                "runs/log-metric", ["run_id": run, "key": "loss", "value": 0.5, "timestamp": 1, "step": 1])
            _ = try await world.post(
                "runs/log-metric", ["run_id": run, "key": "loss", "value": "NaN", "timestamp": 2, "step": 2])
            _ = try await world.post(
                "runs/log-metric", ["run_id": run, "key": "top", "value": "Infinity", "timestamp": 2])
            _ = try await world.post("runs/log-parameter", ["run_id": run, "key": "p", "value": "1"])
            _ = try await world.post("runs/set-tag", ["run_id": run, "key": "t"])
            let read = try await world.get("runs/get?run_id=\(run.plain)").body
            #expect(read.at("run.data.metrics[0]") == ["key": "loss", "value": "NaN", "timestamp": 2, "step": 2])
            #expect(read.at("run.data.metrics[1].value")?.double == .greatestFiniteMagnitude)
            #expect(read.at("run.data.params") == [["key": "p", "value": "1"]])
            #expect(read.at("run.data.tags[1]") == ["key": "t", "value": ""])
            let changed = try await world.post("runs/log-parameter", ["run_id": run, "key": "p", "value": "2"])
            #expect(changed.message.contains("Changing param values is not allowed"))
            let typed = try await world.post("runs/log-parameter", ["run_id": run, "key": "q", "value": 3])
            #expect(typed.message.contains("Invalid value 3 for parameter 'value' supplied"))
            _ = try await world.post("runs/delete-tag", ["run_id": run, "key": "t"])
            let twice = try await world.post("runs/delete-tag", ["run_id": run, "key": "t"])
            #expect(twice.summary == "404 RESOURCE_DOES_NOT_EXIST")
            #expect(twice.message.contains("No tag with name: t in run with id \(run.plain)"))
        }
    }

    @Test func `a thousand metrics fit into a batch and one more does not`() async throws {
        try await MLflowWorld.run { world in
            let run = JSONValue.string(try await world.newRun())
            func metrics(_ count: Int) -> JSONValue {
                .array(
                    (0..<count).map {
                        ["key": "m", "value": .number(Double($0) / 3), "timestamp": 1, "step": .integer(Int64($0))]
                    })
            }
            #expect(try await world.post("runs/log-batch", ["run_id": run, "metrics": metrics(1000)]).body == [:])
            let refused = try await world.post("runs/log-batch", ["run_id": run, "metrics": metrics(1001)])
            #expect(refused.message.contains("at most 1000 metrics"))
            let page = try await world.get("metrics/get-history?run_id=\(run.plain)&metric_key=m&max_results=999").body
            #expect(page.at("metrics[998].value")?.double == 998.0 / 3)
            let token = page["next_page_token"]?.string ?? ""
            let rest = try await world.get(
                "metrics/get-history?run_id=\(run.plain)&metric_key=m&max_results=999&page_token=\(token)"
            ).body
            #expect(rest.at("metrics[0].step") == 999)
            #expect(rest["next_page_token"] == nil)
            let all = try await world.get("metrics/get-history?run_uuid=\(run.plain)&metric_key=m").body
            #expect(all["metrics"]?.array?.count == 1000)
            #expect(try await world.get("metrics/get-history?run_id=\(run.plain)&metric_key=none").body == [:])
        }
    }

    @Test func `a refused batch leaves nothing behind and says which entry it was`() async throws {
        try await MLflowWorld.run { world in
            let run = JSONValue.string(try await world.newRun())
            let reply = try await world.post(
                "runs/log-batch",
                [
                    "run_id": run, "params": [["key": "p", "value": "1"]],
                    "metrics": [["key": "m", "value": 1, "timestamp": 1], ["key": "m"]],
                ])
            #expect(reply.message.contains("Missing value for required parameter 'metrics[1].value'"))
            let data = try await world.get("runs/get?run_id=\(run.plain)").body.at("run.data")
            #expect(data?["params"] == nil)
            #expect(data?["metrics"] == nil)
        }
    }

    @Test func `runs are searched in the order of their start, and what is no search is refused`() async throws {
        try await MLflowWorld.run { world in
            for start in 1...3 {
                _ = try await world.post("runs/create", ["experiment_id": "0", "start_time": .integer(Int64(start))])
            }
            let query: [String: JSONValue] = ["experiment_ids": ["0"], "max_results": 2]
            func search(_ more: [String: JSONValue]) async throws -> MLflowWorld.Reply {
                try await world.post("runs/search", .object(JSONMembers(query.merging(more) { $1 })))
            }
            let first = try await search(["filter": "", "order_by": ["attributes.start_time DESC"]])
            #expect(first.body.at("runs[0].info.start_time") == 3)
            #expect(first.body["runs"]?.array?.count == 2)
            let second = try await search(["page_token": first.body["next_page_token"] ?? .null])
            #expect(second.body.at("runs[0].info.start_time") == 1)
            for (field, value) in [
                ("filter", "metrics.loss < 'x'" as JSONValue), ("filter", "attributes.name = 'x'"), ("filter", 3),
                ("order_by", ["metric"]), ("order_by", [3]), ("page_token", "garbage"),
                ("max_results", 50001), ("run_view_type", "SOME"),
            ] {
                #expect(try await search([field: value]).summary == "400 INVALID_PARAMETER_VALUE", "\(field) \(value)")
            }
            let run = first.body.at("runs[0].info.run_id") ?? .null
            _ = try await world.post("runs/delete", ["run_id": run])
            #expect(try await search([:]).body.at("runs[0].info.start_time") == 2)
            #expect(try await search(["run_view_type": "DELETED_ONLY"]).body["runs"]?.array?.count == 1)
            _ = try await world.post("runs/restore", ["run_id": run])
            #expect(try await search([:]).body.at("runs[0].info.start_time") == 3)
        }
    }

    @Test func `what a run read and made is told with it, in searches too`() async throws {
        try await MLflowWorld.run { world in
            let run = JSONValue.string(try await world.newRun())
            let made = try await world.post(
                "logged-models", ["experiment_id": "0", "name": "als", "source_run_id": run])
            let model = made.body.at("model.info.model_id") ?? .null
            let dataset: JSONValue = ["name": "ratings", "digest": "d1", "source_type": "local", "source": "{}"]
            let inputs = try await world.post(
                "runs/log-inputs",
                [
                    "run_id": run,
                    "datasets": [["dataset": dataset, "tags": [["key": "mlflow.data.context", "value": "training"]]]],
                    "models": [["model_id": model]],
                ])
            #expect(inputs.body == [:])
            #expect(
                try await world.post("runs/outputs", ["run_id": run, "models": [["model_id": model, "step": "7"]]]).body
                    == [:])
            let searched = try await world.post("runs/search", ["experiment_ids": ["0"]]).body.at("runs[0]")
            for read in [try await world.get("runs/get?run_id=\(run.plain)").body["run"], searched] {
                #expect(read?.at("inputs.dataset_inputs[0].dataset") == dataset)
                #expect(read?.at("inputs.dataset_inputs[0].tags[0].value")?.plain == "training")
                #expect(read?.at("inputs.model_inputs") == [["model_id": model]])
                #expect(read?.at("outputs.model_outputs") == [["model_id": model, "step": 7]])
            }
            let missing = try await world.post("runs/log-inputs", ["run_id": run, "models": [["model_id": "m-0"]]])
            #expect(missing.summary == "404 RESOURCE_DOES_NOT_EXIST")
            let nameless = try await world.post(
                "runs/log-inputs", ["run_id": run, "datasets": [["dataset": ["digest": "d"]]]])
            #expect(nameless.message.contains("'dataset[0].name'") || nameless.message.contains("name'"))
        }
    }
}
