/// What the MLflow routes answer, as far as the commands show it.
extension Answers {
    package struct Pair: Decodable, Sendable {
        package let key: String
        package let value: String?
    }
    package struct Experiment: Decodable, Sendable {
        package let experimentId, name, lifecycleStage: String
        package let creationTime, lastUpdateTime: Int64?
        package let tags: [Pair]?
    }
    package struct Experiments: Decodable, Sendable {
        package let experiments: [Experiment]?
        package let nextPageToken: String?
    }
    package struct ExperimentEnvelope: Decodable, Sendable { package let experiment: Experiment }

    package struct MetricPoint: Decodable, Sendable {
        package let key: String
        package let value: Double
        package let step: Int64?

        private enum CodingKeys: String, CodingKey { case key, value, step }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            key = try container.decode(String.self, forKey: .key)
            // JSON has no NaN, so it comes as a word.
            value = (try? container.decode(Double.self, forKey: .value)) ?? .nan
            step = try container.decodeIfPresent(Int64.self, forKey: .step)
        }
    }
    package struct TrackedRun: Decodable, Sendable {
        package struct Info: Decodable, Sendable {
            package let runId, runName, experimentId, status, lifecycleStage: String
            package let userId, artifactUri: String?
            package let startTime, endTime: Int64?
        }
        package struct Content: Decodable, Sendable {
            package let metrics: [MetricPoint]?
            package let params, tags: [Pair]?
        }
        package struct Inputs: Decodable, Sendable {
            package struct Input: Decodable, Sendable {
                package struct Dataset: Decodable, Sendable {
                    package let name, digest: String
                    package let source: String?
                }
                package let dataset: Dataset
            }
            package let datasetInputs: [Input]?
        }
        package struct Outputs: Decodable, Sendable {
            package struct Output: Decodable, Sendable { package let modelId: String }
            package let modelOutputs: [Output]?
        }
        package let info: Info
        package let data: Content
        package let inputs: Inputs?
        package let outputs: Outputs?
    }
    package struct TrackedRuns: Decodable, Sendable {
        package let runs: [TrackedRun]?
        package let nextPageToken: String?
    }
    package struct TrackedRunEnvelope: Decodable, Sendable { package let run: TrackedRun }
}

extension Answers.TrackedRun {
    package var metrics: [String: Double] {
        Dictionary((data.metrics ?? []).map { ($0.key, $0.value) }) { $1 }
    }
    package var params: [String: String] { Answers.values(of: data.params) }
    package var tags: [String: String] { Answers.values(of: data.tags) }

    /// nil while it runs.
    package var seconds: Double? {
        guard let start = info.startTime, let end = info.endTime, start > 0 else { return nil }
        return Double(max(0, end - start)) / 1000
    }
}

extension Answers {
    static func values(of pairs: [Pair]?) -> [String: String] {
        Dictionary((pairs ?? []).map { ($0.key, $0.value ?? "") }) { $1 }
    }
}

extension Answers {
    package struct Purge: Decodable, Sendable {
        package struct Experiment: Decodable, Sendable { package let id, name: String }
        package struct Kept: Decodable, Sendable {
            package let kind, id, experiment, model: String
            package let version: Int
        }
        package let experiments: [Experiment]
        package let runs, loggedModels, bytes: Int
        package let kept: [Kept]
        /// nil from an older server.
        package let unremovedFolders: Int?

        package var isEmpty: Bool { experiments.isEmpty && runs == 0 && loggedModels == 0 }
    }
}
