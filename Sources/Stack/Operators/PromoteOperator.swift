import Foundation
import Registry
import Scheduling
import Serving

/// `model/promote`: decides whether the new version becomes production, and moves the alias in one transaction.
struct PromoteOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "model/promote"
    let summary = "Moves the alias to the new version: `newest` always, `best` when its score is not beaten."
    let settings = [
        SettingSpec(
            "policy", .choice(["newest", "best"]), default: .string("newest"), help: "when the new version wins"),
        SettingSpec("metric", .string, default: .string("ndcg_at_10"), help: "the score that `best` compares"),
        SettingSpec("alias", .string, default: .string("production"), help: "the alias to move"),
    ]

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let name = try context.required("name")
        guard let number = Int(try context.required("version")) else {
            throw StackError.missingInput(task: context.taskID, input: "version")
        }
        let alias = settings.string("alias")
        let former = try await workshop.version(alias: alias, of: name)
        if former?.version == number {
            return ["promoted": "true", "version": "\(number)", "reason": "it is \(alias) already"]
        }
        let metric = settings.string("metric")
        let decision = PromotionPolicy.decide(
            settings.string("policy"), metric: metric, challenger: try await score(number, of: name, metric),
            champion: try await former.asyncMap { try await score($0.version, of: name, metric) } ?? nil,
            hasChampion: former != nil)
        context.log.info("version \(number): \(decision.reason)")
        if decision.isPromoted {
            try await workshop.registry.setAlias(
                alias, to: number, of: name, actor: "pipeline:\(context.run.id)", reason: decision.reason)
            workshop.publish(.model(name: name, version: number, alias: alias, previousVersion: former?.version))
        }
        return ["promoted": "\(decision.isPromoted)", "version": "\(number)", "reason": decision.reason]
    }

    /// What the version's run measured; nil when it did not.
    private func score(_ version: Int, of name: String, _ metric: String) async throws -> Double? {
        guard let runID = try await workshop.registry.version(version, of: name).runID else { return nil }
        return try await workshop.tracking.run(id: runID).metrics.first { $0.key == metric }?.value
    }
}

extension Optional {
    func asyncMap<Value>(_ transform: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
