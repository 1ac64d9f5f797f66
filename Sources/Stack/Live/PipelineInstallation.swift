import Foundation
import Scheduling
import Serving

/// Puts pipeline files into the home's folder while the server runs on it.
struct PipelineInstallation: PipelineInstaller {
    let folder: String
    let store: any RunStore
    let orchestrator: LocalOrchestrator
    let clock: any Clock

    func install(_ order: InstallationOrder) async throws -> InstallationReport {
        let (folder, now, compiler) = (folder, clock.now, PipelineCheck.compiler)
        let plan: InstallationPlan
        do {
            plan = try await Queues.files.perform {
                let plan = try InstallationPlan(
                    source: order.source, name: order.file, folder: folder, compiler: compiler, now: now)
                if let expected = order.replaces, expected != plan.replaces ?? "" {
                    throw InstallationError.changedMeanwhile(file: order.file)
                }
                if !order.isDryRun { try plan.carryOut() }
                return plan
            }
        } catch let error as InstallationError {
            throw error.failure
        }
        if !order.isDryRun, plan.change != .none { try await register(plan, order.actor, now) }
        return InstallationReport(
            pipelineID: plan.pipelineID, file: plan.path, change: plan.change.rawValue, diff: plan.diff,
            replaces: plan.replaces, removes: plan.removes, warnings: plan.warnings)
    }

    /// Takes the file up at once, so that whoever installed it can start a run, and writes it down.
    private func register(_ plan: InstallationPlan, _ actor: String, _ now: Instant) async throws {
        _ = try await orchestrator.reload(folder: folder)
        try await store.apply([.addAudit(plan.audit(by: actor, at: now))])
    }
}

extension InstallationError {
    fileprivate var failure: ServingFailure {
        let (what, remedy) = (errorDescription ?? "\(self)", recoverySuggestion ?? "")
        return switch self {
        case .badName, .hasErrors: .unprocessable(what, remedy: remedy)
        case .idIsTaken: .conflict("id_is_taken", what, remedy: remedy)
        case .changedMeanwhile: .conflict("changed_meanwhile", what, remedy: remedy)
        }
    }
}
