import Foundation
import Registry
import Scheduling
import Training

/// `matrix/build`: saves the user-item matrix of everything that has arrived, less a temporal hold-out.
struct MatrixOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "matrix/build"
    let summary = "Builds and saves the interaction matrix of all ratings so far, and the hold-out to evaluate on."
    let settings =
        [
            SettingSpec(
                "min_item_interactions", .int(1...1_000_000), default: .int(1), help: "drop items with fewer ratings"),
            SettingSpec(
                "min_user_interactions", .int(1...1_000_000), default: .int(1), help: "drop users with fewer ratings"),
            SettingSpec(
                "holdout_users", .float(0...1), default: .float(0.1),
                help: "share of the users whose latest positives are kept back for evaluation"),
            SettingSpec(
                "holdout_share", .float(0.01...0.9), default: .float(0.2),
                help: "share of such a user's positives that is kept back, the latest ones"),
            SettingSpec("seed", .int(0...Int.max), default: .int(7), help: "which users the hold-out takes"),
        ] + ItemSelection.settings

    func problems(in settings: Settings) -> [SettingProblem] { ItemSelection.contradictions(in: settings) }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let recipe = MatrixRecipe(settings, until: context.run.dataInterval.end)
        let arrived = try await workshop.arrived(before: context.run.dataInterval.end)
        let folder = try context.taskFolder()
        let (matrixPath, holdoutPath) = ("\(folder)/matrix.mlm", "\(folder)/holdout.jsonl")
        let (catalogue, growing, home) = (workshop.arrivals.catalogue, workshop.arrivals.growing, workshop.home)
        let built: MatrixBuild
        do {
            built = try await workshop.compute { workers, _ in
                let built = try recipe.build(
                    arrived, catalogue: catalogue, home: home, growing: growing, workers: workers)
                try built.matrix.write(to: matrixPath)
                try HoldoutCase.write(built.holdout, to: holdoutPath)
                return built
            }
        } catch DataError.nothingLeft(let reason) {
            // On the first days that is no fault; later the limits are.
            if try await workshop.hasProduction() { throw DataError.nothingLeft(reason: reason) }
            throw TaskSkip(reason: "there is too little to learn from yet: \(reason)")
        }
        let matrix = built.matrix
        let hash = matrix.contentHash
        context.log.info(
            "\(matrix.users.count) users, \(matrix.items.count) items, \(matrix.interactionCount) interactions; "
                + "\(built.holdout.count) users in the hold-out")
        let dropped = built.counts
        for count in dropped where count.interactions > 0 {
            context.log.info(
                "\(count.filter) left out \(count.items) items, \(count.users) users, \(count.interactions) interactions"
            )
        }
        let log = workshop.arrivals.log
        try await workshop.trackedRuns.log(
            RunBatch(
                metrics: dropped.flatMap(\.outputs).sorted { $0.key < $1.key }.map { key, value in
                    Metric(
                        key: "matrix/\(key)", value: Double(value),
                        timestampMilliseconds: context.run.createdAt.milliseconds, step: 0)
                }, tags: ["mlstack.matrix_hash": hash, "mlstack.dataset_hash": log.contentHash]), for: context)
        try await workshop.tracking.logDatasetInputs(
            [
                try TrackedData(dataset: workshop.dataset, context: context)
                    .training(matrixHash: hash, interactions: matrix.interactionCount)
            ], to: workshop.trackedRuns.id(of: context.run))
        let counts = dropped.flatMap(\.outputs).map { ($0.key, "\($0.value)") }
        return [
            "matrix": matrixPath, "holdout": holdoutPath, "matrix_hash": hash, "matrix_recipe": try recipe.text,
            "users": "\(matrix.users.count)",
            "items": "\(matrix.items.count)", "interactions": "\(matrix.interactionCount)",
        ].merging(counts) { own, _ in own }
    }
}

extension MatrixBuild {
    /// What each filter and then the limits left out.
    var counts: [FilterCount] {
        filtered + [
            FilterCount(filter: "limits", items: droppedItems, users: droppedUsers, interactions: droppedInteractions)
        ]
    }
}

extension FilterCount {
    /// As outputs and metrics: `deny_items_dropped_interactions`.
    var outputs: [(key: String, value: Int)] {
        [("items", items), ("users", users), ("interactions", interactions)].map { ("\(filter)_dropped_\($0.0)", $0.1) }
    }
}
