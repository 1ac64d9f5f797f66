import Foundation
import Registry
import Scheduling
import Serving
import Training

/// `model/promote`: decides whether the new version becomes production, and moves the alias in one transaction.
///
/// A version that is not promoted stays registered, says why, and may answer beside production unseen (alias `challenger`).
struct PromoteOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "model/promote"
    let summary =
        "Moves the alias to the new version: `newest` always, `best` when its score is not beaten, `challenger` when it "
        + "beats production on the same people."
    let settings = [
        SettingSpec(
            "policy", .choice(PromotionPolicy.names), default: .string("newest"),
            help:
                "when the new version wins; `challenger`: only beyond chance (paired bootstrap over the hold-out, 95 %)"
        ),
        SettingSpec(
            "metric", .string, default: .string("ndcg_at_10"), help: "the score that `best` and `challenger` compare"),
        SettingSpec("alias", .string, default: .string("production"), help: "the alias to move"),
        SettingSpec(
            "shadow", .bool, default: .bool(true),
            help:
                "whether a version that `challenger` refuses gets the alias challenger, and answers beside production unseen"
        ),
    ]

    private static let promotionTag = "mlstack.promotion"
    private static let reasonTag = "mlstack.promotion_reason"

    func problems(in settings: Settings) -> [SettingProblem] {
        [SettingProblem.alias("alias", in: settings), metricProblem(in: settings)].compactMap { $0 }
    }

    /// `best` may compare by whatever a script has logged, so there only what resembles one of our metrics is refused: it would
    /// find no score, and every version would win.
    private func metricProblem(in settings: Settings) -> SettingProblem? {
        guard let key = settings.optionalString("metric") else { return nil }
        do {
            _ = try PromoteOperator.metricOfPeople(key)
            return nil
        } catch {
            return settings.optionalString("policy") == "challenger" || error.nearest != nil ? error : nil
        }
    }

    /// A metric by which people can be compared one by one.
    private static func metricOfPeople(_ key: String) throws(SettingProblem) -> MetricName {
        let metric: MetricName
        do {
            metric = try MetricName(parsing: key)
        } catch {
            throw SettingProblem("metric", error)
        }
        if metric.kind != .coverage { return metric }
        throw SettingProblem(
            "metric", "\(key) belongs to all lists together, so people cannot be compared by it",
            remedy: "choose a metric of single lists, such as ndcg_at_10.")
    }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let name = try context.required("name")
        guard let number = Int(try context.required("version")) else {
            throw StackError.missingInput(task: context.taskID, input: "version")
        }
        let alias = settings.string("alias")
        // Before hours of comparing, not after them.
        if context.environment == .research { try ProductionGuard.check(alias: alias) }
        let registry = workshop.registry(for: context)
        let former = try await workshop.version(alias: alias, of: name)
        if former?.version == number {
            return try await repeated(number, of: name, alias: alias, settings, context)
        }
        let version = try await registry.version(number, of: name)
        let policy = settings.string("policy")
        let decision = try await decide(policy, version, former, metric: settings.string("metric"), context)
        context.log.info(
            "version \(number) is \(decision.isPromoted ? "promoted" : "not promoted"): \(decision.reason)")
        if policy != "newest" { try await note(decision, on: version, registry) }
        if decision.isPromoted {
            try await registry.setAlias(
                alias, to: number, of: name, actor: PromoteOperator.actor(context), reason: decision.reason)
            workshop.publish(.model(name: name, version: number, alias: alias, previousVersion: former?.version))
            await workshop.follow(alias, of: name, context.log)
        } else {
            workshop.publish(.refusal(name: name, version: number, alias: alias, reason: decision.reason))
        }
        if policy == "challenger", settings.bool("shadow") {
            try await moveShadow(to: decision.isPromoted ? nil : number, of: name, context)
        }
        return ["promoted": "\(decision.isPromoted)", "version": "\(number)", "reason": decision.reason]
    }

    /// What an attempt before this one did, if it was cut off after the alias had moved; else that there is nothing to do.
    private func repeated(
        _ number: Int, of name: String, alias: String, _ settings: Settings, _ context: TaskContext
    ) async throws -> TaskOutputs {
        let latest = try await workshop.registry.aliasHistory(of: name, alias: alias, limit: 1).first
        guard let latest, latest.actor == PromoteOperator.actor(context), latest.version == number else {
            return ["promoted": "true", "version": "\(number)", "reason": "it is \(alias) already"]
        }
        await workshop.follow(alias, of: name, context.log)
        if settings.string("policy") == "challenger", settings.bool("shadow") {
            try await moveShadow(to: nil, of: name, context)
        }
        return ["promoted": "true", "version": "\(number)", "reason": latest.reason]
    }

    private static func actor(_ context: TaskContext) -> String { "pipeline:\(context.run.id)" }

    private func decide(
        _ policy: String, _ version: ModelVersion, _ former: ModelVersion?, metric: String, _ context: TaskContext
    ) async throws -> PromotionPolicy {
        guard let former else { return .first }
        switch policy {
        case "challenger": return .challenge(try await challenge(version, former, metric: metric, context))
        case "best":
            return .best(
                metric: metric, challenger: try await score(version, metric), champion: try await score(former, metric))
        default: return .newest
        }
    }

    private func challenge(
        _ version: ModelVersion, _ former: ModelVersion, metric key: String, _ context: TaskContext
    ) async throws -> Challenge {
        let metric = try PromoteOperator.metricOfPeople(key)
        let holdoutPath = try context.required("holdout")
        let (ours, theirs) = (try await workshop.folder(of: version), try await workshop.folder(of: former))
        return try await workshop.compute { workers, isCancelled in
            try Challenge(
                challenger: try StoredModel(reading: ours).recommender,
                champion: try StoredModel(reading: theirs).recommender,
                cases: try HoldoutCase.read(from: holdoutPath).map(EvaluationCase.init), metric: metric,
                workers: workers, isCancelled: isCancelled)
        }
    }

    /// What the version's run measured; nil when it did not.
    private func score(_ version: ModelVersion, _ metric: String) async throws -> Double? {
        guard let runID = version.runID else { return nil }
        return try await workshop.tracking.run(id: runID).metrics.first { $0.key == metric }?.value
    }

    /// Done twice it says the same once.
    private func note(
        _ decision: PromotionPolicy, on version: ModelVersion, _ registry: any ModelRegistry
    ) async throws {
        try await registry.setVersionTag(
            PromoteOperator.promotionTag, to: decision.isPromoted ? "promoted" : "refused", version: version.version,
            of: version.name)
        try await registry.setVersionTag(
            PromoteOperator.reasonTag, to: decision.reason, version: version.version, of: version.name)
        let sentence = "Not promoted: \(decision.reason)."
        if !decision.isPromoted, !version.description.contains(sentence) {
            let former = version.description.isEmpty ? "" : version.description + ". "
            _ = try await registry.updateVersion(
                version.version, of: version.name, description: former + sentence)
        }
    }

    /// - Parameter version: nil: there is no challenger any more.
    private func moveShadow(to version: Int?, of name: String, _ context: TaskContext) async throws {
        let (alias, actor) = (ShadowTraffic.alias, "pipeline:\(context.run.id)")
        let former = try await workshop.version(alias: alias, of: name)?.version
        if former == version { return }
        if let version {
            try await workshop.registry.setAlias(
                alias, to: version, of: name, actor: actor, reason: "refused, and answers unseen")
            workshop.publish(.model(name: name, version: version, alias: alias, previousVersion: former))
        } else {
            try await workshop.registry.deleteAlias(alias, of: name, actor: actor)
        }
        await workshop.follow(alias, of: name, context.log)
    }
}
