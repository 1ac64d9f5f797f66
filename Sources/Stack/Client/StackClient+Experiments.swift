import Foundation
import Scheduling

/// Experiments and tracked runs, over the same routes as any MLflow client.
extension StackClient {
    private static let mlflow = "/api/2.0/mlflow"

    /// What is asked for: what is there, what has been deleted, or both.
    package enum View: String, Sendable {
        case active = "ACTIVE_ONLY"
        case deleted = "DELETED_ONLY"
        case all = "ALL"
    }

    package func experiments(filter: String?, orderBy: [String], view: View, limit: Int) async throws -> String {
        var body: [String: any Sendable] = ["max_results": limit, "view_type": view.rawValue, "order_by": orderBy]
        if let filter { body["filter"] = filter }
        return try await post(Self.mlflow + "/experiments/search", body)
    }

    /// By its name, else by its id.
    /// - Throws: `StackError.usage` when it is neither.
    package func experiment(_ nameOrID: String) async throws -> Answers.Experiment {
        for (route, field) in [("get-by-name", "experiment_name"), ("get", "experiment_id")]
        where !nameOrID.isEmpty && (field == "experiment_name" || nameOrID.allSatisfy(\.isNumber)) {
            do {
                let path = "\(Self.mlflow)/experiments/\(route)?\(field)=\(Self.escaped(nameOrID))"
                return try await get(path, as: Answers.ExperimentEnvelope.self).experiment
            } catch StackError.serverAnswered(404, _, _) {
                continue
            }
        }
        throw StackError.usage(
            "there is no experiment \(nameOrID.isEmpty ? "without a name" : nameOrID).",
            remedy: "`mlstack experiment list --all` names those there are.")
    }

    /// - Returns: nil when there is none of that id.
    package func trackedRun(_ id: String) async throws -> String? {
        do {
            return try await get("\(Self.mlflow)/runs/get?run_id=\(Self.escaped(id))")
        } catch StackError.serverAnswered(404, _, _) {
            return nil
        }
    }

    package func trackedRuns(
        experiments: [String], filter: String?, orderBy: [String], view: View, limit: Int
    ) async throws -> String {
        var body: [String: any Sendable] = [
            "experiment_ids": experiments, "max_results": limit, "run_view_type": view.rawValue, "order_by": orderBy,
        ]
        if let filter { body["filter"] = filter }
        return try await post(Self.mlflow + "/runs/search", body)
    }
}

extension Answers {
    /// One object of an experiment and what a search of its runs has answered.
    package static func json(of experiment: Experiment, runs: String) throws -> String {
        let answer = try JSONSerialization.jsonObject(with: Data(runs.utf8)) as? [String: Any] ?? [:]
        return try JSONText.object([
            "experiment": [
                "experiment_id": experiment.experimentId, "name": experiment.name,
                "lifecycle_stage": experiment.lifecycleStage, "creation_time": experiment.creationTime ?? 0,
                "last_update_time": experiment.lastUpdateTime ?? 0, "tags": values(of: experiment.tags),
            ] as [String: Any],
            "runs": answer["runs"] ?? [Any](),
        ])
    }

    /// A time of MLflow's, which counts milliseconds, as people read it; "-" for none.
    package static func text(ofMilliseconds time: Int64?) -> String {
        guard let time, time > 0 else { return "-" }
        // Whole seconds are enough for a table.
        return Instant(milliseconds: time - time % 1000).rfc3339
    }
}
