import Foundation
import Registry
import Scheduling

/// The data of a pipeline's run as MLflow's dataset inputs: what was learned, and what the models were compared on.
///
/// One dataset for each day's data, by what is in it: a replay learns from more every day, and each run names its own.
struct TrackedData: Sendable {
    /// The replayed dataset.
    let dataset: String
    let context: TaskContext

    /// - Parameter interactions: in the matrix.
    func training(matrixHash: String, interactions: Int) throws -> DatasetInput {
        try input(dataset, digest: matrixHash, rows: interactions, for: "training")
    }

    /// nil when no task before this one has said what the hold-out was cut from.
    func evaluation(cases: Int) throws -> DatasetInput? {
        guard let hash = context.input("matrix_hash"), let recipe = context.input("matrix_recipe") else { return nil }
        // Matrix and recipe make the hold-out.
        let digest = ContentHash.sha256("holdout \(hash) \(recipe)")
        return try input("\(dataset)-holdout", digest: digest, rows: cases, for: "evaluation")
    }

    private func input(_ name: String, digest: String, rows: Int, for purpose: String) throws -> DatasetInput {
        // MLflow knows data that code brings about as the source `code`, and gives its tags back.
        let tags = [
            "mlflow.source.name": "pipelines/\(context.run.pipelineID)", "mlstack.dataset": dataset,
            "mlstack.until": context.day.description,
        ]
        return DatasetInput(
            name: name, digest: String(digest.prefix(Limits.datasetDigest)), sourceType: "code",
            source: try Self.json(["tags": tags]), profile: try Self.json(["num_rows": rows]),
            tags: ["mlflow.data.context": purpose])
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
