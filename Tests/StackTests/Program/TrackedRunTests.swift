import Foundation
import Testing

@testable import Stack

/// What somebody sees of a pipeline's runs who knows MLflow alone, over the real HTTP surface.
struct TrackedRunTests {
    @Test func `the model that a day registers is a logged model of its run, ready and whole`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let version = try await stack.client.get(
                    "/api/2.0/mlflow/model-versions/get?name=movies&version=2", as: MLflowAnswers.Version.self
                ).modelVersion
                #expect(version.source == "models:/\(version.modelId)")
                let model = try await stack.client.get(
                    "/api/2.0/mlflow/logged-models/\(version.modelId)", as: MLflowAnswers.LoggedModel.self
                ).model
                #expect(model.info.status == "LOGGED_MODEL_READY" && model.info.sourceRunId == version.runId)
                #expect(model.info["mlflow.modelVersions"] == #"[{"name":"movies","version":"2"}]"#)
                #expect(model.info["mlstack.simulated_date"] != nil && model.info["mlstack.matrix_hash"] != nil)
                let params = Dictionary(uniqueKeysWithValues: model.data.params.map { ($0.key, $0.value) })

                let run = try await stack.client.get(
                    "/api/2.0/mlflow/runs/get?run_id=\(version.runId)", as: MLflowAnswers.Run.self
                ).run
                #expect(run.outputs?.modelOutputs?.map(\.modelId) == [version.modelId])
                let algorithm = try #require(params["algorithm"])
                #expect(
                    (run.data.params ?? []).contains {
                        $0.key == "\(algorithm)/positive_from" && $0.value == params["positive_from"]
                    })

                // Measured on the hold-out, and the same on the run.
                let score = try #require(model.data.metrics.first { $0.key == "ndcg_at_10" })
                #expect(score.runId == version.runId)
                #expect(run.inputs.datasetInputs?.last?.dataset.digest == score.datasetDigest)
                #expect(run.data.metrics?.first { $0.key == "ndcg_at_10" }?.value == score.value)

                // Nothing lies below the run, and what lies with the model can be opened.
                let experiment = "\(stack.home.artifacts)/\(run.info.experimentId)"
                #expect(!FileManager.default.fileExists(atPath: "\(experiment)/\(version.runId)"))
                let stored = try StoredModel(reading: "\(experiment)/models/\(version.modelId)/artifacts")
                #expect(stored.contentHash == model.info["mlstack.content_hash"])
            }
        }
    }

    @Test func `each day's data is a dataset of its own, to learn from and to compare on`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                var inputs: [[MLflowAnswers.Run.Input]] = []
                for number in 1...2 {
                    let version = try await stack.client.get(
                        "/api/2.0/mlflow/model-versions/get?name=movies&version=\(number)",
                        as: MLflowAnswers.Version.self
                    ).modelVersion
                    inputs.append(
                        try await stack.client.get(
                            "/api/2.0/mlflow/runs/get?run_id=\(version.runId)", as: MLflowAnswers.Run.self
                        ).run.inputs.datasetInputs ?? [])
                }
                #expect(
                    inputs.map { $0.map(\.tags[0].value) } == [
                        ["training", "evaluation"], ["training", "evaluation"],
                    ])
                #expect(Set(inputs.joined().map(\.dataset.digest)).count == 4)
                #expect(Set(inputs.joined().map(\.dataset.source)).count == 2)
            }
        }
    }

    @Test func `a run that another started names it as its parent`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                _ = try await stack.step()
                let version = try await stack.client.get(
                    "/api/2.0/mlflow/model-versions/get?name=movies&version=2", as: MLflowAnswers.Version.self
                ).modelVersion
                let experiment: MLflowAnswers.Experiment = try await stack.client.get(
                    "/api/2.0/mlflow/experiments/get-by-name?experiment_name=deploy", as: MLflowAnswers.Experiment.self)
                let answer = try await stack.client.post(
                    "/api/2.0/mlflow/runs/search",
                    ["experiment_ids": [experiment.experiment.experimentId], "max_results": 1])
                let latest = try #require(try (StackClient.decode(answer) as MLflowAnswers.Runs).runs.first)
                #expect(latest.data.tags.contains { $0.key == "mlflow.parentRunId" && $0.value == version.runId })
                #expect(latest.info.status == "FINISHED" && latest.info.endTime != nil)
            }
        }
    }
}

/// What of MLflow's answers the tests look at.
private enum MLflowAnswers {
    struct Pair: Decodable { let key, value: String }

    struct Version: Decodable {
        struct Content: Decodable { let source, modelId, runId: String }
        let modelVersion: Content
    }

    struct LoggedModel: Decodable {
        struct Info: Decodable {
            let status, sourceRunId: String
            let tags: [Pair]
            subscript(tag: String) -> String? { tags.first { $0.key == tag }?.value }
        }
        struct Metric: Decodable {
            let key, runId, datasetDigest: String
            let value: Double
        }
        struct Values: Decodable {
            let params: [Pair]
            let metrics: [Metric]
        }
        struct Content: Decodable {
            let info: Info
            let data: Values
        }
        let model: Content
    }

    struct Run: Decodable {
        struct Info: Decodable {
            let experimentId, status: String
            let endTime: Int?
        }
        struct Metric: Decodable {
            let key: String
            let value: Double
        }
        struct Values: Decodable {
            let params: [Pair]?
            let metrics: [Metric]?
            let tags: [Pair]
        }
        struct Dataset: Decodable { let digest, source: String }
        struct Input: Decodable {
            let tags: [Pair]
            let dataset: Dataset
        }
        struct Inputs: Decodable { let datasetInputs: [Input]? }
        struct Output: Decodable { let modelId: String }
        struct Outputs: Decodable { let modelOutputs: [Output]? }
        struct Content: Decodable {
            let info: Info
            let data: Values
            let inputs: Inputs
            let outputs: Outputs?
        }
        let run: Content
    }

    struct Runs: Decodable { let runs: [Run.Content] }

    struct Experiment: Decodable {
        struct Content: Decodable { let experimentId: String }
        let experiment: Content
    }
}
